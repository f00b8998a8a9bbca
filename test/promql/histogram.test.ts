import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluate } from "../../src/promql/evaluate.ts";
import { parseExpr } from "../../src/promql/parse.ts";
import { epochMs } from "../../src/series/time.ts";
import { ask, MemorySource } from "./memory-source.ts";

/** A source with one histogram `h`, given as `bound:count …`. */
function histogram(buckets: string, labels = ""): MemorySource {
  const source = new MemorySource();
  for (const bucket of buckets.split(" ")) {
    const [bound, count] = bucket.split(":");
    source.load(1, `h_bucket{le="${bound}"${labels}}`, count!);
  }
  return source;
}

test.each([
  ["0.5", "1:10 2:20 +Inf:20", 1],
  ["0.75", "1:10 2:20 +Inf:20", 1.5],
  ["1", "1:10 2:20 +Inf:20", 2],
  ["0", "1:10 2:20 +Inf:20", 0],
  ["0.9", "1:10 2:20 +Inf:40", 2],
  ["0.5", "2:20 +Inf:20 1:10", 1],
  ["0.1", "-1:10 2:20 +Inf:20", -1],
  ["0.25", "1:10 2:10 +Inf:20", 0.5],
  // A bucket that shrinks is raised to the one before it.
  ["0.75", "1:20 2:10 4:40 +Inf:40", 3],
  ["0.5", "1:10 2:20", Number.NaN],
  ["0.5", "+Inf:20", Number.NaN],
  ["0.5", "1:0 +Inf:0", Number.NaN],
  ["NaN", "1:10 +Inf:20", Number.NaN],
  ["-0.1", "1:10 +Inf:20", Number.NEGATIVE_INFINITY],
  ["1.1", "1:10 +Inf:20", Number.POSITIVE_INFINITY],
])("the %s quantile of %s is %d", (q, buckets, value) => {
  expect(ask(histogram(buckets), `histogram_quantile(${q}, h_bucket)`, 0)).toEqual([`{} ${value}`]);
});

test.each([
  ["0, 1", "1:10 2:20 +Inf:40", 0.25],
  ["0, 1.5", "1:10 2:20 +Inf:40", 0.375],
  ["-Inf, Inf", "1:10 2:20 +Inf:40", 1],
  ["1.5, 1.5", "1:10 2:20 +Inf:40", 0],
  ["3, 9", "1:10 2:20 +Inf:40", 0],
  ["-5, -2", "-3:10 -1:30 +Inf:40", 0.25],
  ["NaN, 1", "1:10 +Inf:40", Number.NaN],
  ["0, 1", "1:0 +Inf:0", Number.NaN],
  ["0, 1", "1:10 2:20", Number.NaN],
])("the fraction between %s of %s is %d", (bounds, buckets, value) => {
  expect(ask(histogram(buckets), `histogram_fraction(${bounds}, h_bucket)`, 0)).toEqual([`{} ${value}`]);
});

describe("buckets", () => {
  test("belong together by their other labels", () => {
    const source = histogram("1:10 2:20 +Inf:20", ', x="1"');
    for (const [key, series] of histogram("1:20 2:20 +Inf:20", ', x="2"').series) source.series.set(key, series);
    expect(ask(source, "histogram_quantile(0.5, h_bucket)", 0)).toEqual(['{x="1"} 1', '{x="2"} 0.5']);
  });

  test("without a bound are left out, and the result says so", () => {
    const source = histogram("1:10 none:5 +Inf:20").load(1, "h_bucket", "7");
    const text = "histogram_quantile(0.5, h_bucket)";
    expect(ask(source, text, 0)).toEqual(["{} 1"]);
    const { notes } = evaluate(parseExpr(text), source, epochMs(0));
    expect(notes.map(({ level, message, from }) => [level, message, text.slice(from, from + 8)])).toEqual([
      ["warning", 'A bucket of h_bucket is left out: its label le is "none", expected a number', "h_bucket"],
      ["warning", 'A bucket of h_bucket is left out: its label le is "", expected a number', "h_bucket"],
    ]);
  });

  test("that had to be raised are noted; rounding errors are not", () => {
    const notes = (buckets: string) =>
      evaluate(parseExpr("histogram_quantile(0.9, h_bucket)"), histogram(buckets), epochMs(0)).notes.map(
        (n) => n.level,
      );
    expect(notes("1:20 2:10 +Inf:40")).toEqual(["info"]);
    expect(notes("1:20 2:19.999999999999996 +Inf:40")).toEqual([]);
  });
});

test("the fraction below a quantile is that quantile", () => {
  const counts = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 8 });
  fc.assert(
    fc.property(counts, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (gains, share) => {
      const upTo = (i: number) => gains.slice(0, i + 1).reduce((a, b) => a + b, 0);
      const total = upTo(gains.length);
      const buckets = gains.map((_, i) => `${i + 1}:${upTo(i)}`);
      const source = histogram([...buckets, `+Inf:${total}`].join(" "));
      const q = Number((ask(source, `histogram_quantile(${share}, h_bucket)`, 0) as string[])[0]!.slice(3));
      const back = Number((ask(source, `histogram_fraction(-Inf, ${q}, h_bucket)`, 0) as string[])[0]!.slice(3));
      expect(back).toBeCloseTo(share, 9);
    }),
  );
});
