import { afterEach, describe, expect, test } from "vitest";
import { LogOutput } from "../../src/outputs/log-output.ts";
import type { Outcome } from "../../src/outputs/output.ts";
import { durationMs } from "../../src/series/time.ts";
import { createLogger } from "../../src/telemetry/log.ts";
import { MANNERS, type Manner, OUTPUTS, PASSWORD, type Pair, TOKEN } from "./peers.ts";
import { HOSTILE, NEVER_ABORTED, notification, outgoing } from "./samples.ts";

const EXPECTED: Readonly<Record<Manner, Outcome["kind"]>> = {
  "takes everything": "sent",
  "is broken": "later",
  "is overwhelmed": "later",
  "refuses the message": "never",
  "refuses connections": "later",
  "never answers": "later",
  "hangs up": "later",
  "answers without end": "later",
  "repeats all it was told": "never",
};

/** For receivers that keep silent: how long, matters to nobody here. */
const SHORT = durationMs(300);

const open: Pair[] = [];

afterEach(async () => {
  for (const pair of open.splice(0)) await pair.close();
});

describe.each(OUTPUTS)("%s", (_, pairWith) => {
  const pair = async (...args: Parameters<typeof pairWith>) => {
    const made = await pairWith(...args);
    open.push(made);
    return made;
  };

  test.each(MANNERS)("where the receiver %s", async (manner) => {
    const { send } = await pair(manner, manner === "never answers" ? SHORT : undefined);
    const outcome = await send([outgoing()], NEVER_ABORTED);
    expect(outcome).toMatchObject({ kind: EXPECTED[manner] });
    if (outcome.kind === "sent") return;
    expect(outcome.why).not.toBe("");
    expect(outcome.why.length).toBeLessThan(600);
    for (const secret of [
      PASSWORD,
      TOKEN,
      btoa(`sentinel:${PASSWORD}`),
      btoa(`\0sentinel\0${PASSWORD}`),
      btoa(PASSWORD),
    ]) {
      expect(outcome.why).not.toContain(secret);
    }
  });

  test("an attempt that is called off ends, and the message may go later", async () => {
    const { send } = await pair("never answers");
    const caller = new AbortController();
    const sending = send([outgoing()], caller.signal);
    setImmediate(() => caller.abort());
    expect(await sending).toMatchObject({ kind: "later" });
  });

  test("an attempt that was called off before it began ends, too", async () => {
    const { send } = await pair("never answers");
    expect(await send([outgoing()], AbortSignal.abort())).toMatchObject({ kind: "later" });
  });

  test("closing ends an attempt that is under way", async () => {
    const { send, close } = await pairWith("never answers");
    const sending = send([outgoing()], NEVER_ABORTED);
    await new Promise(setImmediate);
    await close();
    expect(await sending).toMatchObject({ kind: "later" });
  });

  test.each(HOSTILE.map((text) => [text.slice(0, 40), text] as const))("text like %j does no harm", async (_, text) => {
    const { send, got } = await pair("takes everything");
    const annotations = { summary: text, description: text, runbook_url: text, remediation: text };
    const labels = { model: text, instance: text, severity: text, alertname: text };
    const hostile = outgoing(labels, { annotations, generatorUrl: text, evidence: { signal: text, list: [text] } });
    expect(await send([hostile, outgoing()], NEVER_ABORTED)).toEqual({ kind: "sent" });
    expect(got().length).toBeLessThan(200_000);
    expect(got()).not.toMatch(/^Bcc:/im);
  });

  test("nothing of one message shows in the next", async () => {
    const { send, got } = await pair("takes everything");
    await send([outgoing({ model: "only-in-the-first" })], NEVER_ABORTED);
    await send([outgoing({ model: "only-in-the-second" })], NEVER_ABORTED);
    expect(got()).toContain("only-in-the-second");
    expect(got()).not.toContain("only-in-the-first");
  });
});

describe("log", () => {
  test.each(HOSTILE.map((text) => [text.slice(0, 40), text] as const))(
    "text like %j stays in its line",
    async (_, text) => {
      const lines: string[] = [];
      const log = createLogger("info", "logfmt", { write: (line) => lines.push(line) });
      const alerts = [outgoing({ model: text, severity: text }, { annotations: { summary: text } }), outgoing()];
      expect(await new LogOutput("log", log).send(notification(alerts))).toEqual({ kind: "sent" });
      expect(lines).toHaveLength(2);
      for (const line of lines) {
        expect(line).toMatch(/^[^\p{Cc}\u202a-\u202e\u2066-\u2069]+\n$/u);
        expect(line.length).toBeLessThan(8_000);
      }
    },
  );
});
