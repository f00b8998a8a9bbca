import { expect, test } from "vitest";
import { compareSamples } from "../../../src/rules/tests/compare-samples.ts";
import { samples, samplesOf } from "./expectations.ts";

test("samples are the same in any order", () => {
  const came = samples([
    ["x{a='2'}", 2],
    ["x{a='1'}", 1],
  ]);
  expect(compareSamples(samplesOf(["x{a='1'}", 1], ["x{a='2'}", 2]), came, false)).toBeUndefined();
});

test("what differs, is missing or was not expected is told", () => {
  const came = samples([
    ["x{a='1'}", 1],
    ["x{a='3'}", 3],
  ]);
  expect(compareSamples(samplesOf(["x{a='1'}", 1.5], ["x{a='2'}", 2]), came, false)).toEqual({
    summary: 'expression "x" at 1m: expected 2 samples, came 2',
    details: ['differs   x{a="1"}: expected 1.5, came 1', 'missing   x{a="2"} 2', 'unexpected x{a="3"} 3'],
  });
});

test("a sample that is expected twice must come twice", () => {
  expect(compareSamples(samplesOf(["x", 1], ["x", 1]), samples([["x", 1]]), false)?.details).toEqual(["missing   x 1"]);
});

test("values count to the last bit, but for fuzzy_compare", () => {
  const [expectation, came] = [samplesOf(["x", 0.3]), samples([["x", 0.1 + 0.2]])];
  expect(compareSamples(expectation, came, true)).toBeUndefined();
  expect(compareSamples(expectation, came, false)?.details).toEqual([
    "differs   x: expected 0.3, came 0.30000000000000004; fuzzy_compare takes them for equal",
  ]);
  expect(compareSamples(expectation, samples([["x", 0.3 + 2e-16]]), true)).toBeDefined();
  expect(compareSamples(samplesOf(["x", -0]), samples([["x", 5e-324]]), true)).toBeUndefined();
  expect(compareSamples(samplesOf(["x", 0]), samples([["x", -0]]), false)).toBeUndefined();
});

test("NaN equals nothing, and the difference says what to do", () => {
  const difference = compareSamples(samplesOf(["x", Number.NaN]), samples([["x", Number.NaN]]), true);
  expect(difference?.details[0]).toContain("test x != x instead");
});

test("many differences are counted", () => {
  const came = samples(Array.from({ length: 30 }, (_, i) => [`x{i="${i}"}`, i] as const));
  const difference = compareSamples(samplesOf(), came, false);
  expect(difference?.details).toHaveLength(21);
  expect(difference?.details.at(-1)).toBe("and 10 more");
});
