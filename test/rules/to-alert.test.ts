import { expect, test } from "vitest";
import { nameFinding } from "../../src/rules/to-alert.ts";
import type { AlertRule, Finding } from "../../src/rules/types.ts";
import { Labels } from "../../src/series/labels.ts";
import { epochMs } from "../../src/series/time.ts";
import { rulesOf } from "../monitor/bench.ts";

const CONTEXT = { externalLabels: Labels.of({ region: "eu" }), externalURL: "https://sentinel" };

const named = (fields: string, finding: Partial<Finding> = {}) => {
  const [rule] = rulesOf(`groups: [{ name: g, rules: [{ alert: A, expr: x, ${fields} }] }]`).alertRules();
  const labels = Labels.of({ __name__: "x", instance: "gpu:8002", model: "m" });
  return nameFinding(rule as AlertRule, { labels, value: 0.25, evidence: {}, ...finding }, CONTEXT);
};

test("an alert has the finding's labels without the metric name, the rule's over them, and alertname", () => {
  expect(named("labels: { severity: critical, model: 'the {{ $labels.model }}' }").labels.toJSON()).toEqual({
    ...{ alertname: "A", instance: "gpu:8002", model: "the m", severity: "critical" },
  });
});

test("a rule's label that expands to nothing takes the label away", () => {
  expect(named("labels: { model: '{{ $labels.none }}' }").labels.get("model")).toBeUndefined();
});

test("annotations say the value, the labels and what is around the rule", () => {
  const { annotations } = named(
    "annotations: { summary: '{{ $labels.model }} {{ $value | humanizePercentage }} in {{ $externalLabels.region }}' }",
  );
  expect(annotations).toEqual({ summary: "m 25% in eu" });
});

test("a template that fails says so, and the alert is there all the same", () => {
  const { annotations, labels } = named(`annotations: { summary: '{{ printf "%d" }}{{ index 1 2 }}' }`);
  expect(annotations["summary"]).toMatch(/^<error expanding template: /);
  expect(labels.get("alertname")).toBe("A");
});

test("the description ends with the evidence as a sentence, where the evidence is a statistic", () => {
  const evidence = {
    ...{ signal: "ratio", numerator: 7, denominator: 20, observed: 0.35, expected: 0.01 },
    ...{ would_not_fire: 0.12, since: "2026-11-23T08:00:00.000Z", window_seconds: 5 },
  };
  const { annotations } = named("annotations: { description: 'Many fail.' }", { evidence });
  expect(annotations["description"]).toMatch(/^Many fail\. Seen: 7 of 20 \(35 %\) in 5s; expected about 1 %; .*12 %/);
  expect(named("annotations: { description: 'It is so.' }").annotations["description"]).toBe("It is so.");
});

test("an alert that was kept over a dip has lasted since it began", () => {
  const [rule] = rulesOf("groups: [{ name: g, rules: [{ alert: A, expr: x }] }]").alertRules();
  const evidence = {
    ...{ signal: "level", numerator: 7, denominator: 1, observed: 7, window_seconds: 0 },
    since: "2026-11-23T08:00:00.500Z",
  };
  const since = (began: string | undefined) => {
    const activeAt = (labels: Labels) =>
      labels.get("alertname") === "A" && began !== undefined ? epochMs(Date.parse(began)) : undefined;
    const finding = { labels: Labels.of({ model: "m" }), value: 7, evidence };
    const { annotations, evidence: told } = nameFinding(rule as AlertRule, finding, { ...CONTEXT, activeAt });
    return [told["since"], annotations["description"]];
  };
  expect(since(undefined)).toEqual(["2026-11-23T08:00:00.500Z", "Seen: 7; since 2026-11-23T08:00:00Z."]);
  expect(since("2026-11-23T07:58:00.500Z")).toEqual([
    "2026-11-23T07:58:00.500Z",
    "Seen: 7; since 2026-11-23T07:58:00Z.",
  ]);
  expect(since("2026-11-23T08:00:05.000Z")).toEqual([
    "2026-11-23T08:00:00.500Z",
    "Seen: 7; since 2026-11-23T08:00:00Z.",
  ]);
});

test("label names that objects have by themselves stay labels", () => {
  const labels = Labels.from([
    ["__proto__", "a"],
    ["constructor", "b"],
  ]);
  expect(named("labels: { severity: x }", { labels }).labels.pairs).toEqual([
    ["__proto__", "a"],
    ["alertname", "A"],
    ["constructor", "b"],
    ["severity", "x"],
  ]);
});
