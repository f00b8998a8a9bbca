import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MonitorEvent } from "../../src/monitor/events.ts";
import type { RuleSet } from "../../src/monitor/rule-set.ts";
import { matcher } from "../../src/series/matchers.ts";
import { durationMs, epochMs } from "../../src/series/time.ts";
import { Bench, packagedRules, rulesOf } from "./bench.ts";
import { SimulatedTriton } from "./simulated-triton.ts";

const set = (...rules: readonly string[]): RuleSet =>
  rulesOf(`groups:\n- name: g\n  rules:\n${rules.map((rule) => `  - { ${rule} }\n`).join("")}`);

const BUSY = "alert: Busy, expr: nv_inference_request_success > 5";
const LOADED = "alert: Loaded, detect: { models: [loaded] }, keep_firing_for: 10m";
const SLOW = `alert: Slow, detect: { mean: { sum: nv_inference_compute_infer_duration_us, count: nv_inference_request_success } }`;
const ERRORS = `alert: Errors, detect: { ratio: { bad: 'nv_inference_request_failure{reason!="CANCELED"}', total: [nv_inference_request_success, nv_inference_request_failure] } }`;

/** A bench on which the success counter stands at 9 after some ticks. */
function busy(rules: RuleSet, ticks = 3) {
  const bench = new Bench({ rules });
  const triton = new SimulatedTriton("bert");
  triton.serve("bert", { requests: 9 });
  const pass = (times: number) => {
    for (let i = 0; i < times; i++) bench.tick({ a: triton.page() });
  };
  pass(ticks);
  return { bench, triton, pass };
}

const reloaded = (events: readonly MonitorEvent[]) => events.find(({ kind }) => kind === "reloaded");

describe("alerts at a reload", () => {
  test("stay with the rule of their name and labels, whatever else of it is edited", () => {
    const { bench, pass } = busy(set(`${BUSY}, labels: { severity: info }`));
    const edited = `alert: Busy, expr: nv_inference_request_success > 6, labels: { severity: info }, annotations: { summary: x }`;
    const events = bench.reload({ rules: set(edited) });
    expect(reloaded(events)).toMatchObject({ added: [], removed: [], changed: ["Busy"], ended: 0 });
    pass(3);
    expect(bench.story("Busy")).toEqual(["firing"]);
    const [state] = bench.world.ruleStates.values();
    expect([...state!.alerts()].map(({ annotations }) => annotations)).toEqual([{ summary: "x" }]);
  });

  test("end where the rule is gone or its labels are others, and begin again under the new labels", () => {
    const { bench, pass } = busy(set(`${BUSY}, labels: { severity: info }`, "alert: Gone, expr: vector(1)"));
    const events = bench.reload({ rules: set(`${BUSY}, labels: { severity: critical }`) });
    expect(reloaded(events)).toMatchObject({ added: [], removed: ["Gone"], changed: ["Busy"], ended: 2 });
    pass(2);
    expect(bench.story("Gone")).toEqual(["firing", "resolved (rule-removed)"]);
    expect(bench.story("Busy")).toEqual(["firing", "resolved (rule-removed)", "firing"]);
    expect([...bench.world.ended.all()].map(({ alert }) => alert.is.state)).toEqual(["resolved", "resolved"]);
  });

  test("of several rules of one name and labels the first goes on with the first", () => {
    const two = (...limits: readonly number[]) =>
      set(...limits.map((limit) => `alert: Busy, expr: nv_inference_request_success > ${limit}, for: ${limit}m`));
    const bench = new Bench({ rules: two(1, 2) });
    const before = [...bench.world.ruleStates.values()];
    bench.reload({ rules: two(3, 4, 5) });
    const after = [...bench.world.ruleStates.values()];
    expect(after.slice(0, 2)).toEqual(before);
    expect(after[2]).not.toBe(before[1]);
    expect(after.map(({ rule }) => rule.for)).toEqual([180_000, 240_000, 300_000]);
  });

  test("live by the settings edited: a longer `for` makes a firing one pending, a limit holds", () => {
    const { bench, pass } = busy(set(`${BUSY}, for: 2s`), 5);
    expect(bench.firing()).toEqual(["Busy a"]);
    bench.reload({ rules: set(`${BUSY}, for: 1h`) });
    pass(1);
    expect(bench.story("Busy")).toEqual(["pending", "firing", "resolved", "pending"]);
  });

  test("of a rule that is evaluated in another way end: it is another rule", () => {
    const { bench, triton, pass } = busy(set(LOADED), 2);
    triton.load("evil");
    pass(1);
    bench.reload({ rules: set("alert: Loaded, expr: nv_model_load_duration_secs") });
    expect(bench.story("Loaded")).toEqual(["firing", "resolved (rule-removed)"]);
    pass(1);
    expect(bench.firing()).toEqual(["Loaded a", "Loaded a"]);
  });
});

describe("what detectors learned", () => {
  /** A minute and a half of traffic, then an alarm. */
  function alarmed(rule: string) {
    const { bench, triton } = busy(set(rule), 0);
    const pass = (times: number, us: number, failures: number) => {
      for (let i = 0; i < times; i++) {
        triton.serve("bert", { requests: 20, us, failures });
        bench.tick({ a: triton.page() });
      }
    };
    pass(120, 2_000, 0);
    pass(15, 20_000, 15);
    return { bench, pass };
  }

  test.each([
    ["Slow", SLOW],
    ["Errors", ERRORS],
  ])("is kept, and the alarm of %s goes on where an annotation or a threshold is edited", (name, rule) => {
    const { bench, pass } = alarmed(rule);
    expect(bench.firing()).toEqual([`${name} a`]);
    bench.reload({ rules: set(`${rule}, annotations: { summary: edited }`) });
    pass(3, 20_000, 15);
    bench.reload({ rules: set(`${rule.slice(0, -2)}, fire: { times: 1.2, min_bad: 3 } }`) });
    pass(3, 20_000, 15);
    expect(bench.story(name)).toEqual(["firing"]);
  });

  test("goes on under other labels, so that the alarm does not wait for new evidence", () => {
    const { bench, pass } = alarmed(SLOW);
    bench.reload({ rules: set(`${SLOW}, labels: { severity: critical }`) });
    pass(1, 20_000, 15);
    expect(bench.story("Slow")).toEqual(["firing", "resolved (rule-removed)", "firing"]);
  });

  test("is forgotten with the signal", () => {
    const { bench } = alarmed(SLOW);
    bench.reload({ rules: set(BUSY) });
    bench.reload({ rules: set(SLOW) });
    const [rules] = bench.world.targetRules.values();
    expect([...rules!.judges()].flatMap(([, judge]) => [...judge.judged()])).toEqual([]);
  });
});

describe("series at a reload", () => {
  const names = (bench: Bench) =>
    bench.world.store.select([matcher("instance", "=", "a")]).map(({ labels }) => labels.metric);

  test("of families newly wanted are kept from the next page on, those wanted no longer go, and neither is an event", () => {
    const { bench, triton, pass } = busy(set(BUSY), 5);
    bench.reload({ rules: set(SLOW, "alert: Tampered, expr: triton_sentinel_counter_regressions > 0") });
    for (let i = 0; i < 5; i++) {
      triton.serve("bert", { requests: 9 });
      pass(1);
    }
    expect(names(bench)).toContain("nv_inference_compute_infer_duration_us");
    bench.reload({ rules: set("alert: Tampered, expr: triton_sentinel_counter_regressions > 0") });
    expect(names(bench)).not.toContain("nv_inference_compute_infer_duration_us");
    pass(3);
    expect(bench.firing()).toEqual([]);
    expect(bench.events.filter(({ kind }) => kind === "model" || kind === "bug")).toEqual([]);
  });

  test("that a counter is kept only from now on is no surge", () => {
    const { bench, triton, pass } = busy(set(BUSY), 5);
    triton.serve("bert", { requests: 1_000_000 });
    pass(70);
    const surge = "alert: Surge, detect: { rate: nv_inference_compute_infer_duration_us }";
    bench.reload({ rules: set(surge) });
    pass(90);
    expect(bench.story("Surge")).toEqual([]);
  });

  test("of recording rules that are gone are stale at once, others go on", () => {
    const record = (name: string) => `record: "${name}:x", expr: sum(nv_inference_request_success)`;
    const reads = 'alert: Both, expr: "a:x or b:x"';
    const { bench, pass } = busy(set(record("a"), record("b"), reads));
    bench.reload({ rules: set(record("b"), `record: "seen:a", expr: a:x`, `record: "seen:b", expr: b:x`) });
    pass(1);
    const written = [...bench.world.recordStates.values()].map(({ rule, written }) => [rule.name, written.size]);
    expect(written).toEqual([
      ["b:x", 1],
      ["seen:a", 0],
      ["seen:b", 1],
    ]);
  });

  test("a name that a recording rule takes is no page's any more", () => {
    const { bench, triton, pass } = busy(set("alert: X, expr: mine"), 0);
    triton.extra = "mine 5\n";
    pass(2);
    bench.reload({ rules: set('record: mine, expr: "vector(1) * 0"', "alert: X, expr: mine > 0") });
    pass(2);
    expect(bench.story("X")).toEqual(["firing", "resolved"]);
  });

  test("that rules read farther back is kept from now on", () => {
    const { bench } = busy(set(BUSY));
    bench.reload({ rules: set("alert: X, expr: 'sum_over_time(up[3h]) > 5'") });
    expect(bench.world.store.reach).toBe(3 * 3_600_000);
  });
});

test("windows are replaced, announcements stay, and a window that cannot be read changes nothing", () => {
  const { bench } = busy(set(BUSY));
  const announcement = { kind: "announce", model: "bert", by: "ci", reason: "", from: bench.time } as const;
  bench.give([{ ...announcement, until: epochMs(bench.now + 60_000) }]);
  const window = { name: "w", reason: "", match: [] };
  bench.reload({ windows: [{ ...window, times: { kind: "span", from: bench.time, until: bench.time } }] });
  expect(bench.world.deployments.windows.map(({ name }) => name)).toEqual(["w"]);
  const bad = { kind: "weekly", days: [], from: 0, to: 1, timeZone: "Nowhere" } as const;
  expect(() => bench.reload({ rules: set(LOADED), windows: [{ ...window, times: bad }] })).toThrow(/time zone/);
  expect(bench.world.deployments.windows).toHaveLength(1);
  expect(bench.world.deployments.announcements(bench.time)).toHaveLength(1);
  expect([...bench.world.ruleStates.keys()].map(({ name }) => name)).toEqual(["Busy"]);
});

test("a rule goes on with its namesake of the same group, not with one of another group", () => {
  const groups = (...names: readonly string[]) =>
    rulesOf(
      `groups:\n${names.map((name) => `- { name: ${name}, rules: [{ ${BUSY}, for: ${name.length}m }] }\n`).join("")}`,
    );
  const bench = new Bench({ rules: groups("a", "bb") });
  const [, second] = bench.world.ruleStates.values();
  bench.reload({ rules: groups("bb") });
  expect([...bench.world.ruleStates.values()]).toEqual([second]);
  bench.reload({ rules: groups("ccc") });
  expect([...bench.world.ruleStates.values()]).toEqual([second]);
});

describe("a reload of the same rules", () => {
  const told = (events: readonly MonitorEvent[]) =>
    events
      .filter(({ kind }) => kind !== "reloaded")
      .map((event) => JSON.stringify(event.kind === "transition" ? event.transition : event));

  /** Twelve minutes in which much happens; `before` is called before each tick. */
  function play(rules: RuleSet, before: (bench: Bench, tick: number) => void): readonly string[] {
    const bench = new Bench({ rules, every: 5 });
    const triton = new SimulatedTriton("bert", "resnet");
    triton.gauges.set("nv_cpu_memory_total_bytes", [100]);
    triton.extra = "triton_sentinel_scrape_problems 1\n";
    for (let i = 0; i < 140; i++) {
      before(bench, i);
      triton.serve("bert", {
        requests: 40 + (i % 7),
        us: i > 60 && i < 80 ? 30_000 : 2_000,
        failures: i > 100 ? 20 : 0,
      });
      triton.serve("resnet", { requests: 30 });
      triton.gauges.set("nv_cpu_memory_used_bytes", [30 + (i % 3)]);
      if (i === 58) triton.load("bert");
      if (i === 90) triton.load("evil");
      if (i === 120) triton.unload("evil");
      triton.model("resnet").pending = i > 110 && i < 125 ? 80 : 0;
      bench.tick({ a: i % 50 === 49 ? undefined : triton.page() });
    }
    expect(bench.transitions.length).toBeGreaterThan(0);
    return told(bench.events);
  }

  const POOL = [
    BUSY,
    `${BUSY}, for: 30s, labels: { severity: info }`,
    LOADED,
    SLOW,
    ERRORS,
    `alert: Waiting, detect: { level: nv_inference_pending_request_count }, keep_firing_for: 30s`,
    `alert: Memory, detect: { level: nv_cpu_memory_used_bytes, of: nv_cpu_memory_total_bytes, by: [instance] }`,
    `alert: Surge, detect: { rate: nv_inference_request_success, fire: { times: 2 } }`,
    `record: "slow:ratio", expr: 'triton_sentinel_observed{rule="Slow"} / triton_sentinel_expected{rule="Slow"}'`,
    `alert: Both, expr: 'count(ALERTS{alertstate="firing"}) > 1'`,
    `alert: Ratio, expr: 'slow:ratio > 2', for: 10s`,
    `alert: Down, expr: 'triton_sentinel_failed_scrapes_in_a_row > 0', keep_firing_for: 20s`,
    `alert: Forged, expr: 'sum(triton_sentinel_scrape_problems) > 0'`,
  ];

  test("changes nothing that is seen afterwards", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...POOL), { minLength: 3 }),
        fc.nat(12),
        fc.boolean(),
        (rules, every, fresh) => {
          const text = () => set(...rules, "alert: Always, expr: vector(1)");
          const same = text();
          const reload = (bench: Bench, tick: number) => {
            if (tick > 0 && tick % (every + 1) === 0) bench.reload({ rules: fresh ? text() : same });
          };
          // The tick of the reload evaluates at the instant of the tick before, where nothing is due.
          expect(play(same, reload)).toEqual(play(same, () => undefined));
        },
      ),
      { numRuns: 15 },
    );
  });

  test("holds for the packaged rules", () => {
    const reload = (bench: Bench, tick: number) => void (tick % 9 === 4 && bench.reload({ rules: packagedRules }));
    expect(play(packagedRules, reload)).toEqual(play(packagedRules, () => undefined));
  });
});

test("the evaluation interval is the new one at once", () => {
  const { bench, triton } = busy(set(BUSY), 1);
  const evaluated = () => [...bench.world.ruleStates.values()][0]!.lastEvaluation;
  bench.reload({ evaluation: { ...bench.world.options.evaluation, interval: durationMs(60_000) } });
  const last = evaluated();
  for (let i = 0; i < 20; i++) bench.tick({ a: triton.page() });
  expect(evaluated()).toBe(last);
});
