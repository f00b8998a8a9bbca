import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lowerBound, lowerEvidence, upperBound, upperEvidence } from "../../src/detectors/tails.ts";

const POISSON = Number.POSITIVE_INFINITY;

/**
 * Exact tails by the regularised incomplete gamma and beta functions at sixty digits: mean, shape, a count above with
 * −ln P(K ≥ k), a count below with −ln P(K ≤ k). Down to e^−40920, where sums of probabilities are long 0.
 */
const EXACT = [
  [0.001, POISSON, 1, 6.908255237315, 0, 0.001],
  [0.5, POISSON, 2, 2.40568139136, 0, 0.5],
  [0.5, POISSON, 10, 22.48955054334, 0, 0.5],
  [3, POISSON, 12, 9.547399975425, 1, 1.61370563888],
  [3, POISSON, 60, 125.6610482559, 0, 3],
  [40, POISSON, 80, 17.89271962619, 20, 7.906611222743],
  [40, POISSON, 800, 1640.795943262, 2, 33.26540834003],
  [1000, POISSON, 2000, 390.3216418911, 500, 156.7616540727],
  [1000, POISSON, 20_000, 40_920.46486703, 50, 803.0387649861],
  [0.01, 4, 1, 4.611408489981, 0, 0.009987520794349],
  [0.5, 0.5, 10, 8.362553625048, 0, 0.34657359028],
  [2, 4, 8, 4.730372844928, 1, 0.7745625720455],
  [2, 4, 40, 35.70342278402, 0, 1.621860432433],
  [20, 10, 40, 4.144324858064, 10, 2.387100230142],
  [20, 10, 400, 130.7949016616, 1, 8.94924095942],
  [100, 200, 200, 26.39229112209, 50, 13.02191235263],
  [100, 200, 2000, 1613.580488638, 5, 64.7571813516],
  [500, 4, 2000, 9.238744932667, 125, 3.913111657203],
  [500, 4, 10_000, 68.31295605977, 25, 9.428468193907],
  [1000, 0.25, 20_000, 7.616168991344, 50, 0.9966818776877],
] as const;

/** P(K = i + 1) / P(K = i). */
const next = (i: number, mu: number, r: number): number =>
  r === POISSON ? mu / (i + 1) : ((r + i) / (i + 1)) * (mu / (mu + r));

/** ln P(K = k), by adding up logarithms from P(K = 0). */
function logMass(k: number, mu: number, r: number): number {
  let log = r === POISSON ? -mu : -r * Math.log1p(mu / r);
  for (let i = 0; i < k; i++) log += Math.log(next(i, mu, r));
  return log;
}

/** −ln of the sum of probabilities from `k` on, upwards or downwards: the first as a logarithm, the others as parts of it. */
function exactNats(k: number, mu: number, r: number, up: boolean): number {
  let [sum, term] = [1, 1];
  for (let i = k; up || i > 0; i += up ? 1 : -1) {
    term *= up ? next(i, mu, r) : 1 / next(i - 1, mu, r);
    sum += term;
    if (term < 1e-18 * sum) break;
  }
  return -logMass(k, mu, r) - Math.log(sum);
}

/** Rounding of sums of thousands of logarithms. */
const rounding = (nats: number): number => 1e-9 * (1 + nats);

describe.each(EXACT)("a count with mean %d and shape %d", (mu, r, above, upper, below, lower) => {
  test("has the tails of the tables, so that the sums below can be trusted", () => {
    expect(Math.abs(exactNats(above, mu, r, true) - upper)).toBeLessThan(rounding(upper));
    expect(Math.abs(exactNats(below, mu, r, false) - lower)).toBeLessThan(rounding(lower));
  });

  test("is no less likely than its evidence says, and not much more", () => {
    for (const [evidence, exact] of [
      [upperEvidence(above, mu, r), upper],
      [lowerEvidence(below, mu, r), lower],
    ] as const) {
      expect(evidence).toBeLessThanOrEqual(exact + rounding(exact));
      expect(exact - evidence).toBeLessThan(6);
    }
  });
});

const exponential = (low: number, high: number) =>
  fc.double({ min: Math.log(low), max: Math.log(high), noNaN: true }).map(Math.exp);
const means = exponential(1e-3, 300);
const shapes = fc.oneof(exponential(0.25, 1000), fc.constant(POISSON));
const nats = fc.double({ min: 0.5, max: 30, noNaN: true });

test("whatever mean, shape and count: the evidence is a bound of −ln p from below, on both sides", () => {
  fc.assert(
    fc.property(means, shapes, exponential(1, 20), (mu, r, times) => {
      const above = Math.ceil(mu * times) + 1;
      const below = Math.floor(mu / times);
      const upper = exactNats(above, mu, r, true);
      const lower = exactNats(below, mu, r, false);
      expect(upperEvidence(above, mu, r)).toBeLessThanOrEqual(upper + rounding(upper));
      expect(lowerEvidence(below, mu, r)).toBeLessThanOrEqual(lower + rounding(lower));
    }),
    { numRuns: 500 },
  );
});

test("the band is the inverse: counts beyond it reach the evidence, counts within it do not", () => {
  fc.assert(
    fc.property(means, shapes, nats, (mu, r, h) => {
      const upper = upperBound(mu, r, h);
      expect(upperEvidence(upper * (1 + 1e-6), mu, r)).toBeGreaterThanOrEqual(h);
      expect(upperEvidence(upper * (1 - 1e-6), mu, r)).toBeLessThan(h);
      const lower = lowerBound(mu, r, h);
      expect(lowerEvidence(lower * (1 + 1e-6), mu, r)).toBeLessThan(h + rounding(h));
      if (lower > 0) expect(lowerEvidence(lower * (1 - 1e-6), mu, r)).toBeGreaterThanOrEqual(h);
      else expect(lowerEvidence(0, mu, r)).toBeLessThan(h + rounding(h));
    }),
    { numRuns: 500 },
  );
});

test("a count outside the band of h nats has a chance of at most e^−h", () => {
  fc.assert(
    fc.property(means, shapes, nats, (mu, r, h) => {
      const above = Math.ceil(upperBound(mu, r, h));
      // Heavy tails reach so far that they cannot be added up.
      fc.pre(above < 50_000);
      expect(exactNats(above, mu, r, true)).toBeGreaterThanOrEqual(h - rounding(h));
      const below = lowerBound(mu, r, h);
      if (below > 0) {
        expect(exactNats(Math.floor(below), mu, r, false)).toBeGreaterThanOrEqual(h - rounding(h));
      }
    }),
    { numRuns: 200 },
  );
});
