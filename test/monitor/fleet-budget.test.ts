import { describe, expect, test } from "vitest";
import type { BudgetReport } from "../../src/monitor/fleet-budget.ts";
import { Bench, rulesOf } from "./bench.ts";
import { SimulatedTriton } from "./simulated-triton.ts";

const WEEK_SECONDS = 604_800;

const ERRORS = `
groups:
  - name: g
    rules:
      - alert: Errors
        detect:
          ratio: { bad: nv_inference_request_failure, total: [nv_inference_request_success, nv_inference_request_failure] }
          fire: { min_bad: 1 }
`;

/** A fleet of so many servers with so many models each, watched for some scrapes. */
function fleetOf(servers: number, models: number, perWeek: number | undefined, every = 15, scrapes = 8) {
  const bench = new Bench({ rules: rulesOf(ERRORS), every, falseAlarmsPerWeek: perWeek });
  const names = Array.from({ length: models }, (_, i) => `m${i}`);
  const tritons = Array.from({ length: servers }, () => new SimulatedTriton(...names));
  const watch = (count: number, serving = names) => {
    for (let i = 0; i < count; i++) {
      for (const triton of tritons) for (const name of serving) triton.serve(name, { requests: 100 });
      bench.tick(Object.fromEntries(tritons.map((triton, n) => [`gpu-${n}:8002`, triton.page()])));
    }
  };
  watch(scrapes);
  return { bench, watch, tritons };
}

const reportOf = ({ bench }: { readonly bench: Bench }): BudgetReport => bench.world.budget.report!;

const raises = (bench: Bench): readonly number[] =>
  [...bench.world.targetRules.values()].flatMap((rules) => [...rules.judges()].map(([, { raise }]) => raise));

describe("a budget of false alarms", () => {
  test("asks of every look for the logarithm of looks a week over the budget", () => {
    const report = reportOf(fleetOf(2, 3, 1));
    const { subjects, looks } = report.rules[0]!;
    expect(subjects).toBe(6);
    expect(looks).toBeGreaterThanOrEqual((6 * WEEK_SECONDS) / 15);
    expect(report.looks).toBeCloseTo(looks, 0);
    expect(report.needed).toBeCloseTo(Math.log(looks), 6);
  });

  test("raises a rule by what its own thresholds lack, and by nothing where they suffice", () => {
    for (const perWeek of [0.01, 1, 100, 10_000]) {
      const { needed, rules } = reportOf(fleetOf(1, 2, perWeek));
      const { own, raise } = rules[0]!;
      expect(own).toBeGreaterThan(5);
      expect(raise).toBeCloseTo(Math.max(0, needed - own), 9);
    }
    expect(reportOf(fleetOf(1, 2, 0.01)).rules[0]!.raise).toBeGreaterThan(0);
    expect(reportOf(fleetOf(1, 2, 10_000)).rules[0]!.raise).toBe(0);
  });

  test("counts the tests a rule listens to: a creep is one look in half a day, a drop one a minute", () => {
    const rule = (name: string, detect: string) => `      - alert: ${name}\n        detect: { ${detect} }\n`;
    const ratio =
      "ratio: { bad: nv_inference_request_failure, total: [nv_inference_request_success, nv_inference_request_failure] }";
    const rate = "rate: nv_inference_request_success";
    const text = `groups:\n  - name: g\n    rules:\n${rule("Creep", `${ratio}, against: anchor`)}${rule("Drop", `${rate}, direction: down`)}`;
    const bench = new Bench({ rules: rulesOf(text), every: 15, falseAlarmsPerWeek: 1 });
    const triton = new SimulatedTriton("m");
    for (let i = 0; i < 8; i++) {
      triton.serve("m", { requests: 100 });
      bench.tick({ "gpu-0:8002": triton.page() });
    }
    const [creep, drop] = ["Creep", "Drop"].map(
      (name) => reportOf({ bench }).rules.find(({ rule }) => rule.name === name)!,
    );
    expect(creep!.looks).toBeCloseTo(14, 9);
    expect(creep!.own).toBeCloseTo(8, 9);
    expect(drop!.looks).toBeCloseTo(WEEK_SECONDS / 60, 6);
  });

  test("grows by ln 10 for a tenth of the budget, or ten times the subjects", () => {
    const needed = (models: number, perWeek: number) => reportOf(fleetOf(1, models, perWeek)).needed;
    expect(needed(2, 0.1) - needed(2, 1)).toBeCloseTo(Math.log(10), 6);
    expect(needed(20, 1) - needed(2, 1)).toBeCloseTo(Math.log(10), 6);
  });

  test("counts the looks of faster scrapes, as far as tests are shorter than a scrape", () => {
    const [fast, slow] = [reportOf(fleetOf(1, 2, 1, 1, 70)), reportOf(fleetOf(1, 2, 1, 60))];
    expect(fast.looks).toBeGreaterThan(2 * slow.looks);
    expect(fast.looks).toBeLessThan(60 * slow.looks);
  });

  test("is not there where none is set: nothing is raised, nothing counted", () => {
    const { bench } = fleetOf(2, 3, undefined);
    expect(bench.world.budget.report).toBeUndefined();
    expect(raises(bench)).toEqual([0, 0]);
  });

  test("reaches every judge, and a reload changes it at once", () => {
    const { bench, watch } = fleetOf(2, 3, 0.01);
    expect(raises(bench).every((raise) => raise > 0)).toBe(true);
    const before = raises(bench)[0]!;
    for (const change of [() => bench.reload({ falseAlarmsPerWeek: 0.001 }), () => watch(1)]) {
      change();
      for (const raise of raises(bench)) expect(raise - before).toBeCloseTo(Math.log(10), 1);
    }
    bench.reload({ falseAlarmsPerWeek: undefined });
    expect(raises(bench)).toEqual([0, 0]);
  });

  test("does not jitter when a subject comes and goes", () => {
    const { bench, watch, tritons } = fleetOf(1, 2, 1, 15, 5_760);
    const steady = reportOf({ bench }).needed;
    for (let i = 0; i < 20; i++) {
      if (i % 2 === 0) tritons[0]!.load("guest");
      else tritons[0]!.unload("guest");
      watch(8);
      expect(Math.abs(reportOf({ bench }).needed - steady)).toBeLessThan(0.02);
    }
  });

  test("hardly follows somebody who invents models for an hour", () => {
    const { bench, watch, tritons } = fleetOf(1, 2, 1, 60, 1_440);
    const before = reportOf({ bench }).needed;
    for (let i = 0; i < 200; i++) tritons[0]!.load(`invented-${i}`);
    watch(60);
    expect(reportOf({ bench }).rules[0]!.subjects).toBe(202);
    expect(reportOf({ bench }).needed - before).toBeLessThan(0.3);
  });

  test("takes a fleet that is found within its first minutes for what it is", () => {
    const bench = new Bench({ rules: rulesOf(ERRORS), every: 15, falseAlarmsPerWeek: 1 });
    const tritons = Array.from({ length: 50 }, () => new SimulatedTriton("m"));
    const tick = (servers: number) => {
      for (const triton of tritons) triton.serve("m", { requests: 100 });
      bench.tick(Object.fromEntries(tritons.slice(0, servers).map((triton, n) => [`gpu-${n}:8002`, triton.page()])));
    };
    for (let i = 0; i < 6; i++) tick(1);
    for (let i = 0; i < 60; i++) tick(50);
    const whole = reportOf(fleetOf(50, 1, 1)).needed;
    expect(whole - bench.world.budget.report!.needed).toBeLessThan(0.7);
  });
});

describe("an alarm", () => {
  /** What it says of its threshold, where so many failures at once make one. */
  const alarmOf = (perWeek: number | undefined, failures: number) => {
    const { bench, tritons } = fleetOf(1, 1, perWeek, 15, 100);
    tritons[0]!.serve("m0", { requests: 100, failures });
    bench.tick({ "gpu-0:8002": tritons[0]!.page() });
    const fired = bench.transitions.find(({ state }) => state === "firing");
    return fired && String(fired.evidence["raised"] ?? "not raised");
  };
  const fewest = (perWeek: number | undefined) => {
    let failures = 1;
    while (alarmOf(perWeek, failures) === undefined) failures++;
    return failures;
  };

  test("takes more under a budget that asks for more, and as much under one that does not", () => {
    expect(fewest(0.001)).toBeGreaterThan(fewest(undefined));
    expect(fewest(100_000)).toBe(fewest(undefined));
  });

  test("says by how much the budget raised its threshold", () => {
    expect(alarmOf(0.001, 90)).toMatch(/^raised by \d+\.?\d* nats: the fleet's budget of false alarms$/);
    expect(alarmOf(100_000, 90)).toBe("not raised");
  });
});
