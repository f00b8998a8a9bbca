import { pino } from "pino";
import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { LearningTelemetry } from "../../src/telemetry/learning-telemetry.ts";

function telemetry() {
  const registry = new Registry();
  const lines: Record<string, unknown>[] = [];
  const log = pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { registry, lines, learning: new LearningTelemetry(registry, log) };
}

test("feedback is counted by verdict, each from 0, and logged with who said it and what was learned", async () => {
  const { registry, lines, learning } = telemetry();
  learning.feedback("expected", { labels: "{}", by: "alice", note: "load test", did: "up to 33 % is normal" });
  const text = await registry.metrics();
  for (const [verdict, count] of [
    ["true", 0],
    ["false", 0],
    ["expected", 1],
  ]) {
    expect(text).toContain(`triton_sentinel_feedback_total{verdict="${verdict}"} ${count}\n`);
  }
  expect(lines).toMatchObject([{ verdict: "expected", by: "alice", note: "load test", msg: "feedback on an alert" }]);
});

test("what was taken for normal is counted by rule, and forgotten with the rule", async () => {
  const { registry, lines, learning } = telemetry();
  learning.rebaselined("Errors", { labels: "{}", from: 0.01, to: 0.1, by: "alice" });
  expect(await registry.metrics()).toContain('triton_sentinel_rebaselined_total{rule="Errors"} 1\n');
  expect(lines).toMatchObject([{ level: 40, rule: "Errors", from: 0.01, to: 0.1 }]);
  learning.forget("Errors");
  expect(await registry.metrics()).not.toContain('rule="Errors"');
});
