import { describe, expect, test } from "vitest";
import { actionsOf } from "../../src/app/actions.ts";
import type { Reloader } from "../../src/app/reload.ts";
import { explainCommand } from "../../src/commands/explain.ts";
import type { Call } from "../../src/rules/episode.ts";
import type { ApiSubjectHistory } from "../../src/web/subject-types.ts";
import { watched } from "../app/views/watched.ts";
import { refusedPort } from "../support/ports.ts";
import { keepPrinted } from "../support/printed.ts";
import { startSink } from "../support/sink.ts";
import { sampleQuery } from "../web/sample-query.ts";
import { site } from "../web/site.ts";

const FUZZ = "test/fixtures/recordings/fuzz.jsonl.gz";
const RULE = ["--rule", "TritonErrorRatioAnomaly"];

const printed = keepPrinted();

/** Runs the command. @returns what it prints, what it complains of, and its exit code */
async function explain(...args: readonly string[]) {
  await explainCommand().exitOverride().parseAsync(args, { from: "user" });
  return { text: printed.stdout, complaint: printed.stderr, code: process.exitCode };
}

describe("of a recording", () => {
  test("shows when the loudest alarm began, and that it was one", async () => {
    const { text, code } = await explain(...RULE, "--subject", "model=bert", FUZZ);
    expect(code).toBeUndefined();
    const lines = text.split("\n");
    expect(text).toMatch(/^Anomalous: \d+ of \d+ \([\d.]+ %\) .*BACKEND/m);
    expect(text).toMatch(/would\s+not\s+have\s+fired/);
    const marked = lines.filter((line) => line.startsWith(">"));
    expect(marked).toHaveLength(1);
    expect(marked[0]).toMatch(/anomalous$/);
    expect(lines[lines.indexOf(marked[0]!) - 1]).not.toMatch(/anomalous$/);
    expect(text).toMatch(/[▲]/);
  });

  test("shows the moment asked for", async () => {
    const json = async (at: string) => {
      printed.stdout = "";
      return JSON.parse((await explain(...RULE, "--subject", "model=bert", "--at", at, "--format", "json", FUZZ)).text);
    };
    const at = "2026-11-22T13:07:10.000Z";
    const { points, ...view } = await json(at);
    expect(view).toMatchObject({ rule: "TritonErrorRatioAnomaly", unit: "ratio", labels: { model: "bert" } });
    expect(view.at <= at).toBe(true);
    expect(Date.parse(at) - Date.parse(view.at)).toBeLessThan(2_000);
    expect(points.at(-1).at > at).toBe(true);
    expect(view.looked_at.length).toBeGreaterThan(0);
    // At the moment itself it stood as the table says of it.
    expect(points.find((point: { at: string }) => point.at === view.at)).toMatchObject({
      state: view.state,
      score: view.score,
    });
  });

  test.each([
    ["a rule that is none", ["--rule", "TritonErrorRatio", "--subject", "model=a", FUZZ], /no rule has that name/],
    [
      "a rule mistyped",
      ["--rule", "TritonErrorRatioAnomly", "--subject", "model=a", FUZZ],
      /did you mean "TritonErrorRatioAnomaly"\?/,
    ],
    [
      "an expression",
      ["--rule", "TritonTargetDown", "--subject", "model=a", FUZZ],
      /it is an expression, which `triton-sentinel query` evaluates/,
    ],
    ["events", ["--rule", "TritonModelLoaded", "--subject", "model=a", FUZZ], /events of models are facts/],
    [
      "a subject that is not there",
      [...RULE, "--subject", "model=a", FUZZ],
      /nothing matches; the rule watches 3:\n {2}\{/,
    ],
    ["several", [...RULE, "--subject", '{model=~".+"}', FUZZ], /expected one subject, it matches 3:/],
    [
      "a moment before all",
      [...RULE, "--subject", "model=bert", "--at", "2020-01-01T00:00:00Z", FUZZ],
      /has watched nothing|nothing was read/,
    ],
    [
      "a file that is not there",
      [...RULE, "--subject", "model=a", "none.jsonl"],
      /^Cannot read recording none.jsonl: /,
    ],
    ["a recording and a server", [...RULE, "--subject", "model=a", "--url", "http://x", FUZZ], /^Cannot ask both/],
    ["rules without a recording", [...RULE, "--subject", "model=a", "--config", "x.yml"], /^Cannot use --config/],
  ])("a mistake is %s", async (_, args, message) => {
    await expect(explain(...args)).rejects.toThrow(message);
  });

  test("the rules of an own file may swallow it", async () => {
    const own = ["--rules", "rules/triton.yml", FUZZ];
    expect((await explain(...RULE, "--subject", "model=bert", ...own)).text).toMatch(/^Anomalous: /m);
  });
});

describe("of a running program", () => {
  /** A server over a world that saw a model fail. */
  async function running() {
    const { bench, views, triton, tick } = watched();
    for (let i = 0; i < 90; i++) {
      triton.serve("bert", { requests: 20, failures: i > 80 ? 15 : 0 });
      tick();
    }
    const query = {
      ...sampleQuery,
      subjects: () => views.subjects(),
      subject: (id: string) => views.subject(id),
      rules: () => views.rules(),
    };
    const { server } = await site({ query });
    return {
      url: `http://127.0.0.1:${server.port}`,
      say: (verdict: Call) => {
        const alert = views.alerts(true).alerts.find(({ labels }) => labels["alertname"] === RULE[1])!;
        const actions = actionsOf(
          (inputs) => bench.give(inputs),
          {} as Reloader,
          () => bench.time,
        );
        return actions.feedback(alert.fingerprint, { verdict, note: "load test", by: "alice" }, "ci");
      },
      subject: (id: string) => views.subject(id),
      all: views.subjects().subjects,
    };
  }

  test("shows what people called normal", async () => {
    const { url, say } = await running();
    const args = [...RULE, "--subject", "model=bert", "--url", url];
    expect((await explain(...args)).text).not.toMatch(/called normal/);
    await say("expected");
    printed.stdout = "";
    const said = await explain(...args);
    expect(said.text.replaceAll(/\s+/g, " ")).toMatch(/Up to [\d.]+ % \(.*\) was called normal by alice/);
    expect(said.text).not.toMatch(/^Anomalous: /m);
    printed.stdout = "";
    const { tolerated } = JSON.parse((await explain(...args, "--format", "json")).text);
    expect(tolerated).toMatchObject([{ side: "up", verdict: "expected", by: "alice (token ci)", note: "load test" }]);
  });

  test("shows how it stands now, and how it stood", async () => {
    const { url, all, subject } = await running();
    const { text } = await explain(...RULE, "--subject", "model=bert", "--url", url);
    expect(text).toMatch(/^Anomalous: \d+ of \d+/m);
    expect(text).toMatch(/^Loudest test: /m);
    const { id } = all.find(({ rule, labels }) => rule === RULE[1] && labels["model"] === "bert")!;
    const { history } = subject(id) as ApiSubjectHistory;
    printed.stdout = "";
    const then = String(history.at[2]);
    const past = await explain(...RULE, "--subject", "model=bert", "--url", url, "--at", then, "--format", "json");
    expect(JSON.parse(past.text)).toMatchObject({ at: new Date(history.at[2]! * 1000).toISOString(), verdict: "" });
    await expect(
      explain(...RULE, "--subject", "model=bert", "--url", url, "--at", "1960-01-01T00:00:00Z"),
    ).rejects.toThrow(/the server holds no reading so old; it holds them since /);
  });

  test("a rule that is none, and subjects that are none, are mistakes", async () => {
    const { url } = await running();
    await expect(explain("--rule", "TritonErrorRatioAnomly", "--subject", "model=a", "--url", url)).rejects.toThrow(
      /did you mean "TritonErrorRatioAnomaly"\?/,
    );
    await expect(explain(...RULE, "--subject", "model=a", "--url", url)).rejects.toThrow(
      /nothing matches; the rule watches/,
    );
  });

  test("nobody there is exit code 3", async () => {
    const port = await refusedPort();
    const { code, complaint, text } = await explain(
      ...RULE,
      "--subject",
      "model=a",
      "--url",
      `http://127.0.0.1:${port}`,
    );
    expect({ code, text }).toEqual({ code: 3, text: "" });
    expect(complaint).toMatch(/^Cannot reach http:\/\/127\.0\.0\.1:\d+: is it running\? \(.*refused.*\)\n$/i);
  });

  test.each(["<html>", "null", "[]", '{"data": 5}', '{"data": {"subjects": [{"id": 1}]}}'])(
    "something else that answers %s is told apart",
    async (body) => {
      const sink = await startSink();
      sink.answer(() => ({ status: 200, body }));
      await expect(explain(...RULE, "--subject", "model=a", "--url", sink.url)).rejects.toThrow(
        /: expected that of a triton-sentinel like this one$/,
      );
      sink.answer(() => ({ status: 403, body: '{"error": "no\\u001b[31m"}' }));
      await expect(explain(...RULE, "--subject", "model=a", "--url", sink.url)).rejects.toThrow(
        "Cannot explain: no\\u001b[31m",
      );
      await sink.close();
    },
  );
});
