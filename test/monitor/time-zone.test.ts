import { describe, expect, test } from "vitest";
import { type Calendar, calendarOf } from "../../src/series/time-zone.ts";
import { Bench, rulesOf } from "./bench.ts";
import { SimulatedTriton } from "./simulated-triton.ts";

const SLOW = `alert: Slow, detect: { mean: { sum: nv_inference_compute_infer_duration_us, count: nv_inference_request_success } }`;

describe("the time zone at a reload", () => {
  /** What detectors expect of a model with traffic of two minutes. */
  function learned(rule: string, calendar: Calendar) {
    const bench = new Bench({ rules: rulesOf(`groups:\n- name: g\n  rules:\n  - { ${rule} }\n`) });
    const triton = new SimulatedTriton("bert");
    for (let i = 0; i < 120; i++) {
      triton.serve("bert", { requests: 20 });
      bench.tick({ a: triton.page() });
    }
    bench.reload({ evaluation: { ...bench.world.options.evaluation, calendar } });
    const [rules] = bench.world.targetRules.values();
    return [...rules!.judges()].flatMap(([, judge]) => [...judge.judged()].map(({ state }) => state));
  }
  const even = SLOW.replace("mean:", "baseline: { season: none }, mean:");

  test("begins profiles of days anew where it is another one, so that hours of two places do not mix", () => {
    expect(learned(SLOW, calendarOf("Asia/Dubai"))).toEqual([]);
    expect(learned(SLOW, calendarOf("UTC"))).toEqual(["normal"]);
    expect(learned(even, calendarOf("Asia/Dubai"))).toEqual(["normal"]);
  });
});
