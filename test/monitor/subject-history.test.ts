import { describe, expect, test } from "vitest";
import type { AlertRule } from "../../src/rules/types.ts";
import type { Watched } from "../../src/rules/watch.ts";
import { Labels } from "../../src/series/labels.ts";
import { Bench, rulesOf } from "./bench.ts";
import { SimulatedTriton } from "./simulated-triton.ts";

const SLOW = `{ alert: Slow, detect: { mean: { sum: nv_inference_compute_infer_duration_us, count: nv_inference_request_success } } }`;
const SURGE = "{ alert: Surge, detect: { rate: nv_inference_request_success, fire: { times: 3 } } }";
const ERRORS = `{ alert: Errors, detect: { ratio: { bad: nv_inference_request_failure, total: [nv_inference_request_success, nv_inference_request_failure] } } }`;
const rules = (...texts: readonly string[]) => rulesOf(`groups: [{ name: g, rules: [${texts.join(", ")}] }]`);

/** A bench whose models get traffic; `us` says how slow bert is. */
function stage(every: number, options: ConstructorParameters<typeof Bench>[0] = {}, models = ["bert", "resnet"]) {
  const bench = new Bench({ rules: rules(SLOW), every, ...options });
  const triton = new SimulatedTriton(...models);
  const pass = (times: number, us = 2_000, instance = "a") => {
    for (let i = 0; i < times; i++) {
      for (const model of models) triton.serve(model, { requests: 20 * every, us: model === "bert" ? us : 2_000 });
      bench.tick({ [instance]: triton.page() });
    }
  };
  return { bench, triton, pass };
}

/** The rule of this name with the subject of bert, and its points. */
function bertOf(bench: Bench, name = "Slow") {
  for (const target of bench.world.targetRules.values()) {
    for (const [rule, judge] of target.judges()) {
      if (rule.name !== name) continue;
      for (const { watched } of judge.judged())
        if (watched.labels.get("model") === "bert") return found(bench, rule, watched);
    }
  }
  throw new Error("bert is not watched");
}

const found = (bench: Bench, rule: AlertRule, watched: Watched) => ({
  ...{ rule, watched },
  points: bench.world.history.of(rule, watched),
});

const gaps = (at: readonly number[]) => [...new Set(at.slice(1).map((time, i) => (time - at[i]!) / 1000))];

describe("the history of a subject", () => {
  test("is a point for each scrape, and at most one in fifteen seconds while all is well", () => {
    const [slow, fast] = [stage(30), stage(1)];
    slow.pass(20);
    fast.pass(200);
    expect(gaps(bertOf(slow.bench).points!.at)).toEqual([30]);
    expect(Math.min(...gaps(bertOf(fast.bench).points!.at))).toBeGreaterThanOrEqual(14);
    expect(bertOf(fast.bench).points!.at.length).toBeGreaterThan(12);
  });

  test("is a point for every scrape while it is anomalous, with the band it is held against", () => {
    const { bench, pass } = stage(1);
    pass(200);
    pass(40, 20_000);
    const { at, observed, expected, upper, score } = bertOf(bench).points!;
    expect(bench.firing()).toEqual(["Slow a"]);
    expect(gaps(at.slice(-20))).toEqual([1]);
    expect(observed.at(-1)).toBe(20_000);
    expect(expected.at(-1)).toBeCloseTo(2_000, -1);
    expect(upper.at(-1)).toBeGreaterThan(expected.at(-1)!);
    expect(score.at(-1)).toBeGreaterThanOrEqual(1);
    expect(new Set([at, observed, expected, upper, score].map(({ length }) => length)).size).toBe(1);
  });

  test("sums up what was read between two points: a short burst is not lost between them", () => {
    const { bench, triton } = stage(1, { rules: rules(SURGE) });
    for (let i = 0; i < 90; i++) {
      triton.serve("bert", { requests: i === 65 ? 200 : 20 });
      bench.tick({ a: triton.page() });
    }
    const { observed } = bertOf(bench, "Surge").points!;
    expect(Math.max(...observed.slice(1))).toBeGreaterThan(25);
    expect(Math.min(...observed.slice(1))).toBe(20);
  });

  test("never contradicts itself: within the band while all is well, outside of it while it is not", () => {
    const { bench, triton } = stage(1, { rules: rules(ERRORS) });
    // Single readings go to a third and back, in alarm as before it: only what a test saw can be held against its band.
    for (let i = 0; i < 420; i++) {
      const failures = i < 300 ? Number(i % 40 === 0) : i % 3 === 0 ? 0 : 1;
      triton.serve("bert", { requests: 3 - failures, failures });
      bench.tick({ a: triton.page() });
    }
    const { observed, upper, score } = bertOf(bench, "Errors").points!;
    const told = observed.map((value, i) => ({ value, upper: upper[i]!, score: score[i]! })).slice(-130);
    const [calm, loud] = [told.filter((point) => point.score < 1), told.filter((point) => point.score >= 1)];
    expect(loud.length).toBeGreaterThan(50);
    expect(loud.filter((point) => point.value < point.upper)).toEqual([]);
    expect(calm.length).toBeGreaterThan(10);
    expect(calm.filter((point) => point.value > point.upper * 1.000001)).toEqual([]);
  });

  test("knows nothing of what could not be read, and of a band that is not learned", () => {
    const { bench, pass } = stage(15);
    pass(4);
    expect(bertOf(bench).points!.expected.every(Number.isNaN)).toBe(true);
    bench.tick({ a: undefined });
    bench.tick({ a: undefined });
    pass(10);
    const { at, expected } = bertOf(bench).points!;
    expect(gaps(at)).toContain(45);
    expect(expected.at(-1)).toBeGreaterThan(0);
  });

  test("holds at most 240 points, the newest", () => {
    const { bench, pass } = stage(15);
    pass(300);
    const { at } = bertOf(bench).points!;
    expect(at).toHaveLength(240);
    expect(at.at(-1)).toBe(bench.now);
    expect(gaps(at)).toEqual([15]);
    expect(bench.world.history.bytes).toBeLessThan(2 * 8_000);
  });
});

describe("its memory", () => {
  const MODELS = Array.from({ length: 40 }, (_, i) => (i === 0 ? "bert" : `m${i}`));

  test("is bounded; what finds no room is counted and the rest goes on", () => {
    const { bench, pass } = stage(15, { subjectHistoryBytes: 20_000 }, MODELS);
    pass(100);
    const { history } = bench.world;
    expect(history.bytes).toBeLessThanOrEqual(10_000);
    expect(history.refused).toBeGreaterThan(10);
    expect(bertOf(bench).points!.at.at(-1)).toBe(bench.now);
  });

  test("of one target leaves room for another's", () => {
    const { bench, pass } = stage(15, { subjectHistoryBytes: 20_000 }, MODELS);
    pass(50);
    const before = bench.world.history.bytes;
    pass(10, 2_000, "b");
    expect(bench.world.history.bytes).toBeGreaterThan(before + 3_000);
    expect(bench.world.history.bytes).toBeLessThanOrEqual(20_000);
  });

  test("is given back with the target", () => {
    const { bench, pass } = stage(15);
    pass(20);
    const { rule, watched } = bertOf(bench);
    bench.give([{ kind: "target-gone", target: Labels.of({ job: "triton", instance: "a" }) }]);
    expect(bench.world.history.bytes).toBe(0);
    expect(bench.world.history.of(rule, watched)).toBeUndefined();
  });

  test("goes on with the rule over a reload, and goes with it", () => {
    const { bench, pass } = stage(15, { rules: rules(SLOW, SURGE) });
    pass(20);
    const before = bench.world.history.bytes;
    bench.reload({ rules: rules(SLOW.replace("alert: Slow,", "alert: Slow, for: 1m,")) });
    expect(bench.world.history.bytes).toBe(before / 2);
    pass(1);
    expect(bertOf(bench).points!.at).toHaveLength(20);
    bench.reload({ rules: rules(SURGE) });
    expect(bench.world.history.bytes).toBe(0);
  });

  test("of subjects that the watch forgot is given back", () => {
    const bench = new Bench({ rules: rules(SURGE), every: 15 });
    const page = (from: number) =>
      Array.from(
        { length: 6_000 },
        (_, i) => `nv_inference_request_success{model="m${from + i}",version="1"} 1\n`,
      ).join("");
    for (const from of [0, 0, 0, 6_000, 6_000, 6_000, 12_000, 12_000, 12_000]) bench.tick({ a: page(from) });
    // Room for 10,000 subjects in the watch; each has one block of points at most.
    expect(bench.world.history.bytes).toBeLessThanOrEqual(10_000 * 624);
    expect(bench.world.refused().subjects).toBeGreaterThanOrEqual(0);
  });
});
