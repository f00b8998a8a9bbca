import { describe, expect, test } from "vitest";
import { Labels } from "../../src/series/labels.ts";
import { Bench, rulesOf } from "./bench.ts";

const PAGE = (value: number): string => `nv_inference_count{model="m"} ${value}\n`;
const MANY = `nv_inference_count{model="m"} 1
nv_inference_count{model="n"} 2
`;

const bench = (rules: string, options: ConstructorParameters<typeof Bench>[0] = {}): Bench =>
  new Bench({ rules: rulesOf(`groups:\n- name: g\n${rules}`), ...options });

describe("rules of one tick", () => {
  test("see what the rules before them recorded and alerted, in the same tick", () => {
    const chain = bench(`  rules:
  - { record: doubled, expr: nv_inference_count * 2 }
  - { alert: Large, expr: doubled > 9, labels: { severity: critical } }
  - { alert: Summary, expr: 'count(ALERTS{alertname="Large", alertstate="firing"}) > 0' }`);
    chain.tick({ a: PAGE(5) });
    expect(chain.firing()).toEqual(["Large a", "Summary"]);
    chain.tick({ a: PAGE(4) });
    expect(chain.firing()).toEqual([]);
  });

  test("a recorded series that is not given again is stale at once", () => {
    const one = bench(`  rules:
  - { record: large, expr: nv_inference_count > 3 }
  - { alert: Large, expr: large }`);
    one.tick({ a: PAGE(5) });
    one.tick({ a: PAGE(1) });
    expect(one.story("Large")).toEqual(["firing", "resolved"]);
  });

  test("query_offset looks back, and dates what it records back; alerts keep the tick's time", () => {
    const late = bench(`  query_offset: 3s
  rules:
  - { record: seen, expr: nv_inference_count }
  - { alert: Large, expr: seen > 4 }
- name: now
  rules:
  - { alert: Now, expr: seen > 4 }`);
    for (const value of [5, 1, 1, 1, 1]) late.tick({ a: PAGE(value) });
    const start = late.now - 4_000;
    expect(late.transitions.map(({ labels, state, at }) => [labels.get("alertname"), state, at - start])).toEqual([
      ["Large", "firing", 3_000],
      ["Now", "firing", 3_000],
      ["Large", "resolved", 4_000],
      ["Now", "resolved", 4_000],
    ]);
  });

  test("a group with an interval is evaluated on its slots and misses none of the samples between", () => {
    const slow = bench(`  interval: 10s
  rules:
  - { alert: Any, expr: 'max_over_time(nv_inference_count[10s]) > 4' }`);
    for (let i = 0; i < 40; i++) slow.tick({ a: PAGE(i === 25 ? 5 : 1) });
    expect(slow.transitions.map(({ at, state }) => [at % 10_000, state])).toEqual([
      [0, "firing"],
      [0, "resolved"],
    ]);
  });

  test("external labels are there for templates and not on alerts", () => {
    const labelled = bench(
      `  rules:
  - { alert: Up, expr: up, annotations: { summary: 'in {{ $externalLabels.region }}' } }`,
      { externalLabels: Labels.of({ region: "eu" }) },
    );
    labelled.tick({ a: PAGE(1) });
    const [{ annotations, labels }] = labelled.transitions as [(typeof labelled.transitions)[0]];
    expect([annotations["summary"], labels.get("region")]).toEqual(["in eu", undefined]);
  });

  test("a scalar is one sample without labels", () => {
    const scalar = bench("  rules:\n  - { alert: Always, expr: '1' }");
    scalar.tick({ a: PAGE(1) });
    expect(scalar.transitions[0]?.labels.pairs).toEqual([["alertname", "Always"]]);
  });
});

describe("a rule that fails", () => {
  const ambiguous = `  rules:
  - { alert: Ambiguous, expr: 'nv_inference_count > on (instance) (0 * nv_inference_count)' }
  - { alert: After, expr: up }
  - { alert: Bugs, expr: 'increase(triton_sentinel_internal_errors_total[1m]) > 0' }`;

  test("is told and counted, holds its alerts, and stops no rule after it", () => {
    const failing = bench(ambiguous);
    failing.tick({ a: PAGE(1) });
    expect(failing.firing()).toEqual(["Ambiguous a", "After a"]);
    const events = failing.tick({ a: MANY });
    failing.tick({ a: MANY });
    expect(events).toContainEqual(expect.objectContaining({ kind: "rule-failed", rule: "Ambiguous" }));
    expect(failing.firing()).toEqual(["Ambiguous a", "After a", "Bugs"]);
    const states = [...failing.world.ruleStates.values()].map(({ rule, health }) => [rule.name, health]);
    expect(states).toEqual([
      ["Ambiguous", "err"],
      ["After", "ok"],
      ["Bugs", "ok"],
    ]);
    expect(failing.world.bugs).toEqual({ page: 0, rule: 2 });
  });

  test("resolves its alerts where on_error says so", () => {
    const failing = bench(ambiguous, { evaluation: { onError: "resolve" } });
    failing.tick({ a: PAGE(1) });
    failing.tick({ a: MANY });
    expect(failing.story("Ambiguous")).toEqual(["firing", "resolved"]);
  });

  test("two findings with the same labels after its labels were applied are an error", () => {
    const same = bench("  rules:\n  - { alert: Same, expr: nv_inference_count, labels: { model: x } }");
    expect(same.tick({ a: MANY })).toContainEqual(
      expect.objectContaining({ kind: "rule-failed", why: expect.stringMatching(/gives .*Same.* more than once/) }),
    );
  });

  test.each([
    ["gives a series twice", "  rules:\n  - { record: x, expr: nv_inference_count, labels: { model: y } }", /twice/],
    ["exceeds its limit", "  limit: 1\n  rules:\n  - { record: x, expr: nv_inference_count }", /expected at most 1/],
  ])("a recording rule that %s records nothing", (_, rules, why) => {
    const recording = bench(`${rules}\n  - { alert: Recorded, expr: x }`);
    expect(recording.tick({ a: MANY })).toContainEqual(
      expect.objectContaining({ kind: "rule-failed", rule: "x", why: expect.stringMatching(why) }),
    );
    expect(recording.firing()).toEqual([]);
    expect(recording.world.bugs.rule).toBe(1);
  });

  test("an exception stops an alert until its date", () => {
    const excepted = bench(`  rules:
  - alert: Up
    expr: up
    except:
    - { match: { instance: a }, until: 2026-11-23T08:00:05Z, reason: load test }`);
    for (let i = 0; i < 5; i++) excepted.tick({ a: PAGE(1), b: PAGE(1) });
    const start = Date.UTC(2026, 10, 23, 8);
    expect(excepted.transitions.map(({ labels, at }) => [labels.get("instance"), at - start])).toEqual([
      ["b", 1_000],
      ["a", 5_000],
    ]);
  });
});

test("ALERTS series of the dead are forgotten once no rule can read them", () => {
  const churn = bench(`  rules:
  - { alert: Large, expr: nv_inference_count > 3 }
  - { alert: Any, expr: count(ALERTS) }`);
  for (let i = 0; i < 700; i++) churn.tick({ a: `nv_inference_count{model="m${i}"} 5\n` });
  expect(churn.world.store.recorder.size).toBeLessThan(800);
});
