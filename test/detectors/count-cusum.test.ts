import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  accumulateCount,
  blocksSince,
  COUNT_CUSUM_CELLS,
  type CountBlock,
  countAt,
  countSince,
  cusumEvidence,
  emptyCountCusum,
  exposureSince,
  fadeCountCusum,
  initCountCusum,
  learnCountCusum,
  logRatio,
  sinceOf,
} from "../../src/detectors/count-cusum.ts";
import { DECORRELATION_CELLS, inflation, initDecorrelation, learnResidual } from "../../src/detectors/decorrelation.ts";
import { randomFrom } from "./subject.ts";

const block = (k: number, start = 0, shape = 20): CountBlock => ({ start, k, n: 1000, mu0: 10, mu1: 15, shape });

function fresh(): Float64Array {
  const data = new Float64Array(COUNT_CUSUM_CELLS);
  initCountCusum(data, 0);
  return data;
}

describe("the log-likelihood ratio of counts", () => {
  test("is that of two Poisson counts where nothing is over-dispersed", () => {
    fc.assert(
      fc.property(fc.nat(100), fc.double({ min: 1, max: 50, noNaN: true }), (k, mu) => {
        expect(logRatio(k, mu, 1.5 * mu, 1e9)).toBeCloseTo(k * Math.log(1.5) - 0.5 * mu, 4);
      }),
    );
  });

  test("is finite where a page shows bad events of no requests", () => {
    expect(Number.isFinite(logRatio(2 ** 53, 0, 0, 4))).toBe(true);
  });
});

describe("the sum of counts", () => {
  test("what is expected adds nothing, what lasts adds up", () => {
    const data = fresh();
    for (let i = 0; i < 50; i++) accumulateCount(data, 0, block(10));
    expect(cusumEvidence(data, 0)).toBe(0);
    for (let i = 0; i < 20; i++) accumulateCount(data, 0, block(16));
    expect(cusumEvidence(data, 0)).toBeGreaterThan(8);
  });

  test("remembers since when, and what was counted since", () => {
    const data = fresh();
    accumulateCount(data, 0, block(5, 1000));
    for (const start of [2000, 3000, 4000]) accumulateCount(data, 0, block(20, start));
    expect([sinceOf(data, 0), countSince(data, 0), exposureSince(data, 0), blocksSince(data, 0)]).toEqual([
      2000, 60, 3000, 3,
    ]);
  });

  test("is bounded, halved and emptied", () => {
    const data = fresh();
    for (let i = 0; i < 1000; i++) accumulateCount(data, 0, block(500));
    // The highest own threshold, what noise adds, and what a budget of a huge fleet does: 14 + 8 + 16.
    expect(cusumEvidence(data, 0)).toBe(54);
    expect(cusumEvidence(data, 0)).toBeGreaterThan(14 + 8 + 16);
    fadeCountCusum(data, 0);
    expect(cusumEvidence(data, 0)).toBe(27);
    emptyCountCusum(data, 0);
    expect([cusumEvidence(data, 0), countSince(data, 0)]).toEqual([0, 0]);
  });

  test("with the count it says would be just enough, the evidence is just that", () => {
    const [seen, other] = [fresh(), fresh()];
    for (let i = 0; i < 4; i++) accumulateCount(seen, 0, block(25));
    const enough = countAt(seen, 0, block(25), 5);
    for (let i = 0; i < 4; i++) accumulateCount(other, 0, block(enough / 4));
    expect(cusumEvidence(other, 0)).toBeCloseTo(5, 8);
  });

  test("high excursions that meant nothing make the next one count for less", () => {
    const data = fresh();
    for (let i = 0; i < 30; i++) {
      for (const k of [30, 30, 0, 0, 0, 0, 0, 0]) {
        accumulateCount(data, 0, block(k));
        learnCountCusum(data, 0, block(k));
      }
    }
    const taught = data.slice();
    const untaught = fresh();
    emptyCountCusum(taught, 0);
    for (const sum of [taught, untaught]) accumulateCount(sum, 0, block(30));
    expect(cusumEvidence(taught, 0)).toBeLessThan(cusumEvidence(untaught, 0) / 1.5);
  });
});

describe("decorrelation", () => {
  const inflationOf = (rho: number): number => {
    const data = new Float64Array(DECORRELATION_CELLS);
    initDecorrelation(data, 0);
    const random = randomFrom(4);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    let z = 0;
    let mean = 0;
    for (let i = 0; i < 4000; i++) {
      z = rho * z + Math.sqrt(1 - rho * rho) * normal();
      learnResidual(data, 0, z);
      if (i >= 1000) mean += inflation(data, 0) / 3000;
    }
    return mean;
  };

  test("independent residuals need next to none", () => expect(inflationOf(0)).toBeLessThan(1.2));

  test("a correlation of a half triples the variance of sums", () => {
    expect(inflationOf(0.5)).toBeGreaterThan(2.5);
    expect(inflationOf(0.5)).toBeLessThan(3.6);
  });

  test("it never exceeds nine, so that a sum stays awake", () =>
    expect(inflationOf(0.99)).toBeLessThanOrEqual(9 + 1e-9));
});
