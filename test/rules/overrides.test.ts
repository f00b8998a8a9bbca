import { expect, test } from "vitest";
import { loadRules } from "../../src/rules/load.ts";
import type { AlertRule } from "../../src/rules/types.ts";

const PACK = `
groups:
- name: pack
  rules:
  - alert: Errors
    detect:
      ratio: { bad: failures, total: requests }
      fire: { min_bad: 3 }
    labels: { severity: warning, a.b: c }
    annotations: { summary: x }
  - alert: Down
    expr: up == 0
  - alert: Surge
    detect: { rate: requests }
`;

function load(...overrides: string[]) {
  const files = [PACK, ...overrides.map((o) => `overrides:\n${o}`)].map((text, i) => ({ file: `${i}.yml`, text }));
  const { groups, mistakes } = loadRules(files);
  const rules = groups.flatMap((g) => g.rules) as AlertRule[];
  const byName = new Map(rules.map((rule) => [rule.name, rule]));
  return {
    byName,
    said: mistakes.filter((m) => m.severity === "error").map((m) => `${m.file}:${m.line}:${m.column} ${m.message}`),
  };
}

const labelsOf = (rule: AlertRule | undefined) => Object.fromEntries((rule?.labels ?? []).map(([n, t]) => [n, t.text]));

test("an override changes single fields and leaves the others, defaults included", () => {
  const { byName, said } = load(
    "- alert: Errors\n  set: { for: 2m, detect.fire.above: 0.05, labels.severity: critical }",
  );
  expect(said).toEqual([]);
  const errors = byName.get("Errors");
  expect(errors).toMatchObject({
    for: 120_000,
    condition: { detect: { fire: { min_bad: 3, above: 0.05, times: 2.5 } } },
  });
  expect(labelsOf(errors)).toEqual({ severity: "critical", "a.b": "c" });
});

test("maps on the way to a field are made where there are none", () => {
  const { byName } = load(
    "- alert: Surge\n  set: { detect.baseline.half_life: 1d, annotations.summary: hi, labels.severity: info }",
  );
  expect(byName.get("Surge")).toMatchObject({ condition: { detect: { baseline: { half_life: 86_400_000 } } } });
  expect(labelsOf(byName.get("Surge"))).toEqual({ severity: "info" });
});

test("null takes a field away, dots in label names are part of the name", () => {
  const { byName, said } = load("- alert: Errors\n  set: { labels.a.b: , annotations: , detect.fire: null }");
  expect(said).toEqual([]);
  expect(labelsOf(byName.get("Errors"))).toEqual({ severity: "warning" });
  expect(byName.get("Errors")).toMatchObject({ annotations: [], condition: { detect: { fire: { min_bad: 5 } } } });
});

test("a disabled alert is gone, and a later file can bring it back", () => {
  expect([...load("- { alert: Down, disabled: true }").byName.keys()]).toEqual(["Errors", "Surge"]);
  const back = load("- { alert: Down, disabled: true }", "- { alert: Down, disabled: false }");
  expect([...back.byName.keys()]).toEqual(["Errors", "Down", "Surge"]);
});

test("of several overrides of one field the last wins, in the order of the files", () => {
  const { byName } = load(
    "- { alert: Down, set: { for: 1m } }\n- { alert: Down, set: { for: 2m } }",
    "- { alert: Down, set: { for: 3m } }",
  );
  expect(byName.get("Down")?.for).toBe(180_000);
});

test("the rule keeps its own place", () => {
  const { byName } = load("- { alert: Down, set: { for: 1m } }");
  expect(byName.get("Down")?.position).toEqual({ file: "0.yml", line: 11, column: 5 });
});

test.each([
  [
    "- { alert: Erors, disabled: true }",
    '1.yml:2:12 Cannot override alert "Erors": no rule has that name, did you mean "Errors"?',
  ],
  [
    "- { alert: Errors, set: { detect.fire.abov: 1 } }",
    '1.yml:2:39 group "pack", rule 1, "Errors": detect.fire: unknown field "abov", did you mean "above"?',
  ],
  [
    "- { alert: Errors, set: { fro: 1m } }",
    '1.yml:2:27 group "pack", rule 1, "Errors": unknown field "fro", did you mean "for"?',
  ],
  [
    "- { alert: Errors, set: { for: 1 m } }",
    '1.yml:2:32 group "pack", rule 1, "Errors": for: Cannot parse duration "1 m": expected a number and a unit, for example "30s"',
  ],
  ["- { alert: Errors, set: { alert: X } }", '1.yml:2:27 Cannot set "alert": a rule keeps its name'],
  [
    "- { alert: Down, set: { detect.fire.score: 2 } }",
    '1.yml:2:25 Cannot set "detect.fire.score": the rule has no "detect"',
  ],
  ["- { alert: Down, set: { expr.text: up } }", '1.yml:2:25 Cannot set "expr.text": "expr" has no fields'],
  [
    "- { alert: Errors, set: { expr: up } }",
    "0.yml:6:5 group \"pack\", rule 1, \"Errors\": only one of 'expr' and 'detect' must be set",
  ],
])("%s is a mistake, told where it was made", (override, expected) => {
  expect(load(override).said).toEqual([expected]);
});

test("alerts of one name cannot be overridden without end", () => {
  const rules = `groups: [{name: g, rules: [${"{alert: A, expr: up},".repeat(1_001)}]}]`;
  const set = Array.from({ length: 10 }, (_, i) => `labels.l${i}: x`).join(", ");
  const { mistakes } = loadRules([{ file: "a.yml", text: `${rules}\noverrides: [{alert: A, set: {${set}}}]` }]);
  expect(mistakes.filter((m) => m.severity === "error").map((m) => m.message)).toEqual([
    "Cannot apply overrides: expected at most 10000 changes in all",
  ]);
});
