import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluate } from "../../../src/promql/evaluate.ts";
import { parseExpr } from "../../../src/promql/parse.ts";
import { epochMs } from "../../../src/series/time.ts";
import { ask, MemorySource } from "../memory-source.ts";

const MINUTE = 60_000;
const value = (source: MemorySource, text: string, seconds: number): number =>
  Number((ask(source, text, seconds) as string[])[0]?.split(" ")[1]);

test.each([
  // Samples at both edges but the open left one: stretched by less than 1.1 spacings to the whole window.
  ["increase(m[5m])", "0+60x10", 600, 300],
  ["rate(m[5m])", "0+60x10", 600, 1],
  ["increase(m[5m])", "0 100 200 50 150 250", 300, 437.5],
  // Not before the counter was zero: 10 at its birth, 60 a minute.
  ["increase(m[10m])", "_ _ _ _ _ _ _ 10 70 130 190", 600, 190],
  // Half a spacing beyond the first sample where the edge is far.
  ["increase(m[10m])", "_ _ _ _ _ _ _ 1000 1060 1120 1180", 600, 210],
  ["delta(m[5m])", "100-10x10", 600, -50],
  ["irate(m[5m])", "0 60 300 420", 180, 2],
  ["irate(m[5m])", "0 60 300 30", 180, 0.5],
  ["idelta(m[5m])", "0 60 300 30", 180, -270],
  ["changes(m[10m])", "1 1 2 NaN NaN 2 -0 0", 420, 4],
  ["resets(m[10m])", "1 2 1 NaN 0 3 2", 420, 2],
])("%s of %s at %d s is %d", (text, values, seconds, wanted) => {
  expect(value(new MemorySource().load(MINUTE, "m", values), text, seconds)).toBeCloseTo(wanted, 9);
});

test.each(["rate", "increase", "delta", "irate", "idelta"])("%s() of a single sample is nothing", (name) => {
  expect(ask(new MemorySource().load(MINUTE, "m", "1"), `${name}(m[5m])`, 10)).toEqual([]);
});

test("of what is not named like a counter, rate() and increase() are noted once a name", () => {
  const source = new MemorySource().load(MINUTE, 'm{x="1"}', "1 2").load(MINUTE, 'm{x="2"}', "1 2");
  source.load(MINUTE, "n_total", "1 2");
  const text = 'rate(m[5m]) + sum(increase({__name__=~".+"}[5m])) + delta(m[5m])';
  expect(evaluate(parseExpr(text), source, epochMs(MINUTE)).notes).toEqual([
    { level: "info", message: expect.stringMatching(/^m may not be a counter/), from: 5, to: 10 },
    { level: "info", message: expect.stringMatching(/^m may not be a counter/), from: 27, to: 47 },
  ]);
});

describe("of any counter", () => {
  const counters = fc.array(fc.nat(1000), { minLength: 3, maxLength: 20 });

  test("increase() is rate() times the window, and never negative", () => {
    fc.assert(
      fc.property(counters, (samples) => {
        const source = new MemorySource().load(MINUTE, "m", samples.join(" "));
        const at = samples.length * 60;
        const increase = value(source, "increase(m[10m])", at);
        expect(increase).toBeGreaterThanOrEqual(0);
        expect(value(source, "rate(m[10m])", at) * 600).toBeCloseTo(increase, 6);
      }),
    );
  });

  test("a restart loses nothing: the same gains give the same increase", () => {
    const gains = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 4, maxLength: 10 });
    fc.assert(
      fc.property(gains, fc.nat(), (steps, seed) => {
        const restart = 1 + (seed % steps.length);
        const plain = steps.map((_, i) => 1e6 + steps.slice(0, i + 1).reduce((a, b) => a + b, 0));
        const broken = plain.map((total, i) => (i < restart ? total : total - plain[restart - 1]!));
        const [a, b] = [plain, broken].map((samples) => new MemorySource().load(MINUTE, "m", samples.join(" ")));
        expect(value(b!, "increase(m[20m])", 600)).toBeCloseTo(value(a!, "increase(m[20m])", 600), 6);
      }),
    );
  });
});
