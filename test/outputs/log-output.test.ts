import { expect, test } from "vitest";
import { LogOutput } from "../../src/outputs/log-output.ts";
import { ended, notification, outgoing } from "./samples.ts";

test("each alert is a line: what fires as a warning, what is over as information", async () => {
  const lines: unknown[][] = [];
  const write = (level: string) => (fields: object, message: string) => lines.push([level, message, fields]);
  const output = new LogOutput("log", { info: write("info"), warn: write("warn") });
  expect(await output.send(notification([outgoing(), ended(outgoing({ model: "gpt" }))]))).toEqual({ kind: "sent" });
  expect(lines).toEqual([
    [
      "warn",
      "alert firing",
      {
        receiver: "on-call",
        reason: "first notification",
        alertname: "TritonModelReloaded",
        severity: "critical",
        instance: "gpu-7:8002",
        model: "bert",
        summary: "model bert was reloaded",
        value: 0.25,
        since: "2026-11-22T12:00:00.000Z",
        fingerprint: outgoing().fingerprint,
        labels: outgoing().labels.toString(),
      },
    ],
    ["info", "alert resolved", expect.objectContaining({ model: "gpt", until: "2026-11-22T12:01:00.000Z" })],
  ]);
});
