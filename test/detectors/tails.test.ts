import { describe, expect, test } from "vitest";
import { lowerBound, lowerEvidence, upperBound, upperEvidence } from "../../src/detectors/tails.ts";

/** ln P(K = k) of a negative binomial with mean mu and shape r, or of a Poisson, by adding up logarithms. */
function logMass(k: number, mu: number, r: number): number {
  let log = r === Number.POSITIVE_INFINITY ? -mu : -r * Math.log1p(mu / r);
  for (let i = 0; i < k; i++)
    log += r === Number.POSITIVE_INFINITY ? Math.log(mu / (i + 1)) : Math.log(((r + i) / (i + 1)) * (mu / (mu + r)));
  return log;
}

/** P(K >= k) by direct summation. */
function upperTail(k: number, mu: number, r: number): number {
  let sum = 0;
  for (let i = k; i < k + 3000; i++) sum += Math.exp(logMass(i, mu, r));
  return sum;
}

/** P(K <= k) by direct summation. */
function lowerTail(k: number, mu: number, r: number): number {
  let sum = 0;
  for (let i = 0; i <= k; i++) sum += Math.exp(logMass(i, mu, r));
  return sum;
}

const MEANS = [0.01, 0.5, 3, 20, 80];
const SHAPES = [0.5, 2, 10, 200, Number.POSITIVE_INFINITY];
const cases = MEANS.flatMap((mu) => SHAPES.map((r) => [mu, r] as const));

describe.each(cases)("a count with mean %d and shape %d", (mu, r) => {
  test("is at most as improbable as the upper evidence says", () => {
    for (const times of [1.5, 2, 4, 10]) {
      const k = Math.ceil(mu * times) + 1;
      expect(upperEvidence(k, mu, r)).toBeLessThanOrEqual(-Math.log(upperTail(k, mu, r)) + 1e-9);
    }
  });

  test("is at most as improbable as the lower evidence says", () => {
    for (const part of [0, 0.2, 0.5, 0.8]) {
      const k = Math.floor(mu * part);
      expect(lowerEvidence(k, mu, r)).toBeLessThanOrEqual(-Math.log(lowerTail(k, mu, r)) + 1e-9);
    }
  });

  test("has bounds that are where the evidence crosses the threshold", () => {
    for (const nats of [1, 5, 12]) {
      const upper = upperBound(mu, r, nats);
      expect(upperEvidence(upper, mu, r)).toBeCloseTo(nats, 6);
      const lower = lowerBound(mu, r, nats);
      if (lower > 0) expect(lowerEvidence(lower, mu, r)).toBeCloseTo(nats, 6);
      else expect(lowerEvidence(0, mu, r)).toBeLessThan(nats + 1e-9);
    }
  });
});

test("what is expected is no evidence in either direction", () => {
  expect(upperEvidence(3, 3, 2)).toBe(0);
  expect(upperEvidence(2, 3, 2)).toBe(0);
  expect(lowerEvidence(3, 3, 2)).toBe(0);
  expect(lowerEvidence(4, 3, 2)).toBe(0);
});

test("with a large shape a negative binomial is a Poisson", () => {
  expect(upperEvidence(20, 5, 1e6)).toBeCloseTo(upperEvidence(20, 5, Number.POSITIVE_INFINITY), 3);
});

test("counts as large as 2⁶⁴ are evidence, and finite", () => {
  expect(upperEvidence(2 ** 64, 1e-9, 4)).toBeGreaterThan(100);
  expect(upperEvidence(2 ** 64, 2 ** 63, 4)).toBeLessThan(Number.POSITIVE_INFINITY);
});
