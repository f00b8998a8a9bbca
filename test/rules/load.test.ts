import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { loadRules } from "../../src/rules/load.ts";
import { ruleFileSchema } from "../../src/rules/schema.ts";
import type { AlertRule, Rule } from "../../src/rules/types.ts";

const PLAIN = `
groups:
- name: node
  interval: 1m
  query_offset: 10s
  limit: 20
  labels: { team: infra, severity: info }
  rules:
  - record: job:up:sum
    expr: sum by (job) (up)
    labels: { source: sentinel, note: "{{ not a template" }
  - alert: InstanceDown
    expr: |
      up == 0
        unless on (instance) job:up:sum > 3
    for: 5m
    keep_firing_for: 1h30m
    labels:
      severity: critical
      tier: 1.10
    annotations:
      summary: 'Instance {{ $labels.instance }} is down'
      description: >-
        {{ $labels.instance }} of job {{ $labels.job }}
        has been down for more than 5 minutes.
- name: watchdog
  rules:
  - { alert: Watchdog, expr: vector(1) }
  - { alert: Always, expr: 1, labels: , annotations: { empty: } }
`;

function load(text: string, ...others: string[]): readonly Rule[] {
  const files = [text, ...others].map((t, i) => ({ file: `${i}.yml`, text: t }));
  const { groups, mistakes } = loadRules(files);
  expect(mistakes).toEqual([]);
  return groups.flatMap((g) => g.rules);
}

const said = (text: string): string[] =>
  loadRules([{ file: "a.yml", text }]).mistakes.map((m) => `${m.severity} ${m.line}:${m.column} ${m.message}`);

const onlyAlert = (rest: string): AlertRule =>
  load(`groups: [{name: g, rules: [{alert: A, ${rest}}]}]`)[0] as AlertRule;

const texts = (pairs: AlertRule["labels"]) => Object.fromEntries(pairs.map(([name, { text }]) => [name, text]));

test("a plain Prometheus rule file loads unchanged", () => {
  const { groups, mistakes } = loadRules([{ file: "plain.yml", text: PLAIN }]);
  expect(mistakes).toEqual([]);
  expect(groups[0]).toMatchObject({
    name: "node",
    file: "plain.yml",
    interval: 60_000,
    queryOffset: 10_000,
    limit: 20,
  });
  const [sum, down, watchdog, always] = groups.flatMap((g) => g.rules) as [Rule, AlertRule, AlertRule, AlertRule];
  expect(sum).toMatchObject({ kind: "record", name: "job:up:sum", text: "sum by (job) (up)", group: "node" });
  expect(Object.fromEntries(sum.labels)).toMatchObject({ team: "infra", note: "{{ not a template" });
  expect(down).toMatchObject({
    kind: "alert",
    name: "InstanceDown",
    for: 300_000,
    keepFiringFor: 5_400_000,
    except: [],
  });
  expect(down.condition).toMatchObject({
    kind: "expr",
    text: "up == 0\n  unless on (instance) job:up:sum > 3\n",
  });
  expect(down.position).toEqual({ file: "plain.yml", line: 12, column: 5 });
  expect(texts(down.labels)).toEqual({ team: "infra", severity: "critical", tier: "1.10" });
  expect(down.annotations.map(([name]) => name)).toEqual(["summary", "description"]);
  expect(watchdog).toMatchObject({ for: 0, keepFiringFor: 0, labels: [], annotations: [] });
  expect(always.condition).toMatchObject({ kind: "expr", text: "1" });
  expect(groups[1]).toEqual(expect.not.objectContaining({ interval: expect.anything() }));
});

test("a Prometheus rule file with anchors and merge keys loads", () => {
  const rules = load(`
groups:
- name: slo
  rules:
  - &page
    alert: BurnRate
    expr: up < 0.5
    labels: &labels { severity: page, slo: availability }
  - <<: *page
    labels: { <<: *labels, severity: ticket }
`) as AlertRule[];
  expect(rules.map((r) => texts(r.labels))).toEqual([
    { severity: "page", slo: "availability" },
    { severity: "ticket", slo: "availability" },
  ]);
});

test.each(["", "# nothing\n", "groups:\n", "groups: []\n", "groups:\n- name: g\n", "groups:\n- name: g\n  rules:\n"])(
  "%j is a valid rule file",
  (text) => {
    expect(load(text)).toEqual([]);
  },
);

test("one group name may be in two files", () => {
  expect(load("groups: [{name: g}]", "groups: [{name: g}]")).toEqual([]);
});

test.each([
  [
    "ratio: {bad: a, total: [b, a]}",
    {
      detector: "counts",
      fire: { score: 1, min_bad: 5, above: 0.02, times: 2.5, lasting: { above: 0.002, times: 1.2 } },
      baseline: { season: "auto", half_life: 1.5 * 86_400_000 },
    },
  ],
  ["rate: a", { detector: "counts", fire: { score: 1, min_bad: 30, above: 0, times: 3 } }],
  ["mean: {sum: a, count: b}", { detector: "log-mean", fire: { score: 1, min_bad: 0, above: 0, times: 1.25 } }],
  ["level: a", { detector: "backlog", fire: { score: 1, min_bad: 4, above: 0, times: 1 } }],
  [
    "level: a, detector: envelope",
    {
      detector: "envelope",
      direction: "both",
      fire: { score: 1, min_bad: 0, above: 0, times: 1 },
      baseline: { season: "auto", half_life: 14 * 86_400_000 },
    },
  ],
  [
    "ratio: {bad: a, total: b}, detector: threshold, fire: {above: 0.1}",
    { detector: "threshold", direction: "up", fire: { min_bad: 5, above: 0.1, over: 60_000 }, clear: { score: 1 } },
  ],
  [
    "level: a, detector: threshold, fire: {below: 3, over: 5m}",
    { detector: "threshold", direction: "down", fire: { below: 3, over: 300_000 }, clear: { score: 1 } },
  ],
  [
    "level: a, detector: threshold, fire: {below: 3, above: 9}",
    { direction: "both", fire: { below: 3, above: 9, over: 0 }, clear: { score: 1 } },
  ],
  ["rate: a, fire: {above: 2}", { fire: { above: 2, times: 3, lasting: { above: 2, times: 1.8 } } }],
  ["rate: a, fire: {above: 2, lasting: {above: 1}}", { fire: { above: 2, lasting: { above: 1, times: 1.8 } } }],
  ["level: {value: a, of: b}", { detector: "gauge", fire: { score: 1, min_bad: 0, above: 0, times: 1 } }],
])("the defaults of detect: {%s}", (signal, expected) => {
  const { condition, keepFiringFor } = onlyAlert(`detect: {${signal}}`);
  expect(keepFiringFor).toBe(0);
  expect(condition.kind === "detect" && condition.detect).toMatchObject({
    by: ["instance", "model", "version", "namespace"],
    direction: "up",
    baseline: { season: "auto", half_life: 3 * 86_400_000 },
    clear: { score: 0.5 },
    learning: { widen: 2, above: 0.1 },
    ...expected,
  });
});

test("what a detect block says wins over the defaults, field by field", () => {
  const { condition } = onlyAlert(
    "detect: {rate: [a, b], by: [], direction: both, baseline: {half_life: 1d}, fire: {times: 4}, missing: resolve}",
  );
  expect(condition.kind === "detect" && condition.detect).toMatchObject({
    signal: { kind: "rate", of: [{ text: "a" }, { text: "b" }] },
    by: [],
    direction: "both",
    baseline: { season: "auto", half_life: 86_400_000 },
    fire: { score: 1, min_bad: 30, above: 0, times: 4 },
    missing: "resolve",
  });
});

test("a bound may stand in the level or beside it", () => {
  const [inside, beside] = ["level: {value: a, of: [b]}", "level: a, of: b"].map((d) => onlyAlert(`detect: {${d}}`));
  const signalOf = (rule: AlertRule | undefined) => rule?.condition.kind === "detect" && rule.condition.detect.signal;
  expect(JSON.stringify(signalOf(inside))).toBe(JSON.stringify(signalOf(beside)));
});

test("alerts for inventory events are kept for a minute, and restarts are the server's", () => {
  const loaded = onlyAlert("detect: {models: [loaded, restarted]}");
  const restarted = onlyAlert("detect: {models: [restarted]}, keep_firing_for: 5m");
  expect(loaded).toMatchObject({ keepFiringFor: 60_000, condition: { detect: { by: { length: 4 } } } });
  expect(restarted).toMatchObject({ keepFiringFor: 300_000, condition: { detect: { by: ["instance"] } } });
});

test("exceptions match by value or by PromQL's matchers, and a date lasts to its end", () => {
  const { except } = onlyAlert(
    `expr: up, except: [{match: {model: "a.b"}, until: 2027-01-31, reason: x}, {match: 'model=~"a.*", v!="1"', reason: y}, {match: ['{a="b"}', 'c="d"'], reason: z}]`,
  );
  expect(except.map((e) => e.match.map((m) => `${m.name}${m.op}${m.value}`))).toEqual([
    ["model=a.b"],
    ["model=~a.*", "v!=1"],
    ["a=b", "c=d"],
  ]);
  expect(except[0]!.until).toBe(Date.UTC(2027, 1, 1));
  expect(except[1]).toEqual(expect.not.objectContaining({ until: expect.anything() }));
  expect(except[1]!.position).toMatchObject({ file: "0.yml", line: 1 });
});

test("what works and is probably not meant is no mistake of loading: lints tell of it", () => {
  expect(said(`groups: [{name: g, rules: [{alert: A, expr: up, labels: {v: "{{ $value }}"}}]}]`)).toEqual([]);
});

test("rules that are switched off do not run, and it is known where that was said", () => {
  const { groups, placed, mistakes } = loadRules([
    { file: "a.yml", text: "groups: [{name: g, rules: [{alert: A, expr: up}, {alert: B, expr: up}]}]" },
    { file: "b.yml", text: "overrides:\n- alert: A\n  disabled: true" },
  ]);
  expect(mistakes).toEqual([]);
  expect(groups.flatMap(({ rules }) => rules.map(({ name }) => name))).toEqual(["B"]);
  expect(placed.map(({ rule, disabled }) => [rule.name, disabled])).toEqual([
    ["A", { file: "b.yml", line: 3, column: 13 }],
    ["B", undefined],
  ]);
});

test("a function that nobody knows is told with the one that was meant", () => {
  const of = (expr: string) => said(`groups: [{name: g, rules: [{alert: A, expr: "${expr}"}]}]`)[0];
  expect(of("rat(x[5m])")).toMatch(/no such function, did you mean "rate"\?$/);
  expect(of("max_over_tme(x[5m])")).toMatch(/did you mean "max_over_time"\?$/);
  expect(of("frobnicate(x)")).toMatch(/there is no such function$/);
});

test("hostile names are names", () => {
  const [rule] = load(
    "groups: [{name: g, labels: {constructor: a}, rules: [{alert: toString, expr: up, labels: {valueOf: b}}]}]",
  );
  expect(texts((rule as AlertRule).labels)).toEqual({ constructor: "a", valueOf: "b" });
  expect(said("groups: [{name: g, labels: {__proto__: {a: b}}}]")).toEqual([
    'error 1:29 Cannot use key "__proto__": it is reserved',
  ]);
});

test("every field of the format has a description, and the format is a JSON Schema", () => {
  const schema = z.toJSONSchema(ruleFileSchema, { io: "input" });
  const undescribed: string[] = [];
  const visit = (node: unknown, path: string): void => {
    if (typeof node !== "object" || node === null) return;
    for (const [key, child] of Object.entries(node)) {
      if (key === "properties") {
        for (const [name, property] of Object.entries(child as Record<string, { description?: string }>)) {
          if (property.description === undefined && !JSON.stringify(property).includes("description")) {
            undescribed.push(`${path}.${name}`);
          }
        }
      }
      visit(child, `${path}.${key}`);
    }
  };
  visit(schema, "");
  expect(undescribed).toEqual([]);
});

test("any text is loaded without an exception", () => {
  const keys = ["groups", "name", "rules", "alert", "expr", "detect", "labels", "overrides", "set", "except"];
  const leaf = fc.oneof(fc.string(), fc.constantFrom<unknown>(null, 5, true, "up", "g", "A", "{{", "5m"));
  const map = <T>(value: fc.Arbitrary<T>) => fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 4 });
  const list = <T>(value: fc.Arbitrary<T>) => fc.array(value, { maxLength: 3 });
  const value = fc.letrec((tie) => ({
    node: fc.oneof({ maxDepth: 4 }, leaf, list(tie("node")), map(tie("node"))),
  })).node;
  const groups = list(fc.record({ name: leaf, rules: list(map(value)) }));
  const tree = fc.oneof(value, fc.record({ groups, overrides: list(map(value)) }));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        tree.map((t) => JSON.stringify(t)),
      ),
      (text) => {
        const { mistakes } = loadRules([{ file: "a.yml", text }]);
        for (const m of mistakes) expect(m.line).toBeGreaterThan(0);
      },
    ),
    { numRuns: 300 },
  );
});
