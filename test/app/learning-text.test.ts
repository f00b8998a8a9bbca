import { expect, test } from "vitest";
import { describeEvent } from "../../src/app/event-text.ts";
import type { AlertRule } from "../../src/rules/types.ts";
import { Labels } from "../../src/series/labels.ts";
import { epochMs } from "../../src/series/time.ts";
import { packagedRules } from "../monitor/bench.ts";

const AT = epochMs(1_795_000_000_000);
const ruleNamed = (name: string): AlertRule => packagedRules.alertRules().find((rule) => rule.name === name)!;

const feedback = {
  kind: "feedback",
  fingerprint: "0".repeat(16),
  verdict: "false",
  note: "load test",
  by: "alice",
} as const;
const labels = Labels.of({ alertname: "TritonErrorRatioAnomaly", model: "bert" });

test("feedback is an event that says who called what why, and what was learned", () => {
  const told = describeEvent({
    kind: "feedback",
    at: AT,
    feedback,
    outcome: "recorded",
    labels,
    did: "nothing is learned",
  });
  expect(told).toMatchObject({
    ...{ at: AT, kind: "feedback", what: "false", labels: { model: "bert" } },
    text: "alice says that TritonErrorRatioAnomaly was a false alarm (load test): nothing is learned",
    details: { fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/), by: "alice", note: "load test" },
  });
});

test("feedback that is repeated, or on an alert nobody knows, is no event", () => {
  expect(describeEvent({ kind: "feedback", at: AT, feedback, outcome: "repeated", labels, did: "" })).toBeUndefined();
  expect(describeEvent({ kind: "feedback", at: AT, feedback, outcome: "unknown" })).toBeUndefined();
});

test.each([
  ["TritonErrorRatioAnomaly", 0.001, 0.1, ", 0.1 % before and 10 % now"],
  ["TritonLatencyShift", 2_000, 4_500, ", 2 ms before and 4.5 ms now"],
  ["TritonRequestRateSurge", 1, 20, ", 1/s before and 20/s now"],
  ["TritonErrorRatioAnomaly", undefined, 0.1, ""],
])("a level of %s taken for normal is told with what was normal before", (name, from, to, change) => {
  const about = { rule: ruleNamed(name), at: AT, labels: labels.without("alertname"), from, to };
  const told = describeEvent({ kind: "rebaselined", ...about, by: undefined });
  expect(describeEvent({ kind: "rebaselined", ...about, by: "alice" })).toMatchObject({
    text: expect.stringContaining(`${name} of bert was called normal by alice and stayed as long again, so`),
    details: { by: "alice" },
  });
  expect(told).toMatchObject({
    ...{ at: AT, kind: "alert", what: "rebaselined", labels: { alertname: name, model: "bert" } },
    text: `${name} of bert lasted a day, so its level is taken for normal${change}`,
  });
});
