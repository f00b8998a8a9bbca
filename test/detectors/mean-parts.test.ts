import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  accumulate,
  CUSUM_CELLS,
  clearCusum,
  cusumOf,
  gathered,
  learnPeak,
  matters,
  meanAt,
  shiftOf,
  thresholdAfter,
} from "../../src/detectors/cusum.ts";
import { gammaEvidence, gammaGain, lowerRatio, upperRatio } from "../../src/detectors/gamma-tail.ts";
import { DOUBT, doubtLevel, LEVEL, LEVEL_CELLS, moveLevel } from "../../src/detectors/mean-level.ts";
import {
  correlation,
  inheritNoise,
  lastingNoise,
  learnNoise,
  NOISE_CELLS,
  noiseOf,
  startNoise,
} from "../../src/detectors/mean-noise.ts";
import { addBlock, bareNats, learnTwoBlocks, TWO_BLOCKS_CELLS, twoBlocks } from "../../src/detectors/two-blocks.ts";
import { MONDAY, normal, randomFrom } from "./subject.ts";

const variances = fc.double({ min: 0.003, max: 3, noNaN: true });

describe("evidence that a mean is off", () => {
  test("of an exponential time it is a true bound: e^−G is never less than the chance", () => {
    // A single exponential value has variance 1 and exceeds x with probability e^−x.
    for (const ratio of [1.5, 2, 5, 20]) expect(Math.exp(-gammaEvidence(ratio, 1))).toBeGreaterThan(Math.exp(-ratio));
  });

  test("both edges of the band have the evidence they were asked for", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 40, noNaN: true }), variances, (nats, variance) => {
        expect(gammaEvidence(upperRatio(nats, variance), variance)).toBeCloseTo(nats, 6);
        expect(gammaEvidence(lowerRatio(nats, variance), variance)).toBeCloseTo(nats, 6);
        expect(upperRatio(nats, variance)).toBeGreaterThan(1);
        expect(lowerRatio(nats, variance)).toBeLessThan(1);
      }),
    );
  });

  test("the likelihood ratio is largest for the shift that is there", () => {
    for (const shift of [0.5, 1.5, 2, 3]) {
      expect(gammaGain(shift, shift, 0.1)).toBeGreaterThan(gammaGain(shift, shift * 1.1, 0.1));
      expect(gammaGain(shift, shift, 0.1)).toBeGreaterThan(gammaGain(shift, shift / 1.1, 0.1));
    }
  });
});

describe("two blocks", () => {
  const shown = (...ratios: number[]) => {
    const data = new Float64Array(TWO_BLOCKS_CELLS);
    for (const ratio of ratios) addBlock(data, 0, ratio, 0.01);
    return data;
  };

  test("count as much as the weaker of them", () => {
    expect(twoBlocks(shown(3, 1.5), 0, 1)).toBe(gammaEvidence(1.5, 0.01));
    expect(twoBlocks(shown(1.5, 3), 0, 1)).toBe(gammaEvidence(1.5, 0.01));
    expect(twoBlocks(shown(0.5, 0.4), 0, -1)).toBe(gammaEvidence(0.5, 0.01));
  });

  test("on different sides count nothing, nor does one alone", () => {
    for (const side of [1, -1] as const) {
      expect(twoBlocks(shown(3, 0.3), 0, side)).toBe(0);
      expect(twoBlocks(shown(3), 0, side)).toBe(0);
    }
  });

  test("where pairs far out are ordinary, the bare evidence has to be higher", () => {
    const data = shown(1.6, 1.6);
    const before = twoBlocks(data, 0, 1);
    for (let i = 0; i < 200; i++) learnTwoBlocks(data, 0);
    expect(twoBlocks(data, 0, 1)).toBeLessThan(before / 2);
    expect(bareNats(data, 0, twoBlocks(data, 0, 1))).toBeCloseTo(before, 6);
  });
});

describe("CUSUM", () => {
  const show = (data: Float64Array, ratio: number, i: number, side: 1 | -1 = 1, variance = 0.02): void =>
    accumulate(
      data,
      0,
      side,
      {
        from: MONDAY + i * 15_000,
        until: MONDAY + (i + 1) * 15_000,
        seen: ratio * 200,
        events: 20,
        expected: 200,
        variance,
      },
      10,
    );
  const sum = (ratios: readonly number[], side: 1 | -1 = 1) => {
    const data = new Float64Array(CUSUM_CELLS);
    for (const [i, ratio] of ratios.entries()) show(data, ratio, i, side);
    return data;
  };

  test("a lasting shift adds up, no shift does not", () => {
    expect(cusumOf(sum([1.6, 1.6, 1.6, 1.6]), 0)).toBeGreaterThan(8);
    expect(cusumOf(sum([1, 1, 1, 1]), 0)).toBe(0);
    expect(cusumOf(sum([0.6, 0.6, 0.6, 0.6], -1), 0)).toBeGreaterThan(8);
    expect(cusumOf(sum([1.6, 1.6, 1.6, 1.6], -1), 0)).toBe(0);
  });

  test("it is bounded, so that it also ends, and a single block adds 6 nats at most", () => {
    expect(cusumOf(sum(Array<number>(100).fill(5)), 0)).toBe(10);
    expect(cusumOf(sum([1000]), 0)).toBe(6);
  });

  test("it tells what it is made of since it last stood at zero", () => {
    const data = sum([3, 3, 0.1, 1.8, 1.6]);
    expect(gathered(data, 0)).toEqual({ since: MONDAY + 45_000, seen: 680, events: 40 });
    expect(shiftOf(data, 0)).toBeCloseTo(1.7, 10);
  });

  test("it matters only from a number of blocks, of events and a shift on", () => {
    const data = sum([1.6, 1.6]);
    const least = { above: 0, times: 1.5 };
    expect(matters(data, 0, 1, 2, 40, least)).toBe(true);
    expect(matters(data, 0, 1, 3, 40, least)).toBe(false);
    expect(matters(data, 0, 1, 2, 41, least)).toBe(false);
    expect(matters(data, 0, 1, 2, 40, { above: 0, times: 1.7 })).toBe(false);
    expect(matters(data, 0, 1, 2, 40, { above: 17, times: 1 })).toBe(false);
  });

  test("at the mean it states, the same blocks would have had the evidence asked for", () => {
    for (const side of [1, -1] as const) {
      // The second set goes far beyond what the sum is bounded to.
      for (const far of [1, 10]) {
        const ratios = Array<number>(3).fill(side > 0 ? 1.6 * far : 0.6 / far);
        const data = sum(ratios, side);
        const { seen, events } = gathered(data, 0);
        const factor = (meanAt(data, 0, side, 3) * events) / seen;
        const scaled = ratios.map((ratio) => ratio * factor);
        expect(cusumOf(sum(scaled, side), 0)).toBeCloseTo(3, 6);
      }
    }
  });

  test("noise that comes in runs deflates it, and clearing does not forget that", () => {
    const data = new Float64Array(CUSUM_CELLS);
    for (let i = 0; i < 60; i++) {
      for (const ratio of [1.6, 1.6, 0.2]) show(data, ratio, i);
      learnPeak(data, 0);
    }
    clearCusum(data, 0);
    show(data, 1.6, 0);
    expect(cusumOf(data, 0)).toBeLessThan(cusumOf(sum([1.6]), 0) / 1.5);
  });

  test("the threshold grows with the looks that were taken, within bounds", () => {
    expect([0, 100, 1000, 10_000, 1e9].map((n) => Math.round(thresholdAfter(n) * 10) / 10)).toEqual([
      8, 8, 10.3, 12.6, 16,
    ]);
  });
});

describe("noise of block means", () => {
  /** Blocks of n events each, every 15 s, with drift of ten minutes' length and noise of the events' own. */
  const learned = (drift: number, single: number, n: number) => {
    const data = new Float64Array(NOISE_CELLS);
    startNoise(data, 0, 0.04, 20);
    const random = randomFrom(4);
    let state = 0;
    const keep = Math.exp(-15 / 600);
    for (let i = 0; i < 60_000; i++) {
      state = keep * state + Math.sqrt(1 - keep * keep) * drift * normal(random);
      learnNoise(
        data,
        0,
        state + Math.sqrt(single / n) * normal(random),
        n,
        correlation(15),
        Math.max(1e-4, 1 / (i + 1)),
      );
    }
    return { drift: Math.sqrt(noiseOf(data, 0, 1e12)), block: Math.sqrt(noiseOf(data, 0, n)), data };
  };

  test("what blocks share is told from what is each block's own", () => {
    const both = learned(0.12, 0.5, 50);
    expect(both.drift).toBeCloseTo(0.12, 1);
    expect(both.block).toBeCloseTo(Math.sqrt(0.12 ** 2 + 0.5 / 50), 1);
    expect(learned(0, 0.5, 20).drift).toBeLessThan(0.07);
  });

  test("drift counts for more in a sum over many blocks than in one, events' own noise does not", () => {
    const { data } = learned(0.12, 0.5, 50);
    expect(lastingNoise(data, 0, 50, correlation(15))).toBeGreaterThan(10 * noiseOf(data, 0, 50));
    expect(lastingNoise(data, 0, 0.1, correlation(15)) / noiseOf(data, 0, 0.1)).toBeLessThan(1.3);
    expect(lastingNoise(data, 0, 50, correlation(3600))).toBeLessThan(3 * noiseOf(data, 0, 50));
  });

  test("a sibling passes on no more than what is usual", () => {
    const data = new Float64Array(NOISE_CELLS);
    inheritNoise(data, 0, Float64Array.of(100, 100, 5), 0);
    expect(noiseOf(data, 0, 1)).toBeCloseTo(0.15 ** 2 + 1, 10);
  });
});

describe("level of a mean", () => {
  const moved = (data: Float64Array, deviation: number, blocks: number) => {
    for (let i = 0; i < blocks; i++) moveLevel(data, 0, deviation - data[LEVEL]!, 0.01, 1e-5, 15);
    return data[LEVEL]!;
  };

  test("one in doubt follows within a few blocks, one that is known hardly does", () => {
    expect(moved(Float64Array.of(0, 0.04, 0, 0), 0.15, 10)).toBeGreaterThan(0.14);
    expect(moved(Float64Array.of(0, 0, 0, 0), 0.15, 10)).toBeLessThan(0.001);
  });

  test("a process that restarts in a loop cannot walk it away by more than 35 % a day", () => {
    const data = new Float64Array(LEVEL_CELLS);
    for (let restart = 0; restart < 30; restart++) {
      doubtLevel(data, 0);
      expect(data[DOUBT]).toBeCloseTo(0.04, 10);
      moved(data, (restart + 1) * 0.1, 60);
    }
    // Thirty restarts of a quarter of an hour: seven and a half hours, of which a third is forgiven again.
    expect(data[LEVEL]).toBeLessThan(1.4 * Math.log(1.35));
  });
});
