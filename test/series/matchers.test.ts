import fc from "fast-check";
import { expect, test } from "vitest";
import { Labels } from "../../src/series/labels.ts";
import { formatMatcher, type MatchOp, matcher, matchesAll, metricNameOf } from "../../src/series/matchers.ts";

test.each<readonly [op: MatchOp, value: string, found: string, matches: boolean]>([
  ["=", "a", "a", true],
  ["=", "a", "ab", false],
  ["!=", "a", "b", true],
  ["=~", "a|b", "b", true],
  ["=~", "a|b", "ab", false],
  ["=~", "a", "xa", false],
  ["=~", "a.c", "a\nc", true],
  ["=~", "", "", true],
  ["=~", ".+", "", false],
  ["!~", "a.*", "abc", false],
  ["!~", "a.*", "b", true],
  ["=~", "(?i)BERT", "bert", true],
  ["=~", "a$|^b", "b", true],
])("%s %j against %j is %s", (op, value, found, matches) => {
  expect(matcher("x", op, value).matches(found)).toBe(matches);
});

test("an absent label has the value of an empty one", () => {
  const labels = Labels.of({ a: "1" });
  expect(matchesAll([matcher("b", "=", ""), matcher("b", "!=", "1"), matcher("a", "=~", "1?")], labels)).toBe(true);
  expect(matchesAll([matcher("b", "=~", ".+")], labels)).toBe(false);
});

test("a negative matcher is true exactly where its positive one is false", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.constantFrom("a*", "x|y", ".", "[^a]+"), (found, pattern) => {
      expect(matcher("x", "!~", pattern).matches(found)).toBe(!matcher("x", "=~", pattern).matches(found));
      expect(matcher("x", "!=", pattern).matches(found)).toBe(!matcher("x", "=", pattern).matches(found));
    }),
  );
});

test.each(["(a+)+", "(a|aa)+", "(.*)*x", "(a?){30}a{30}"])("%s against a long hostile value ends", (pattern) => {
  expect(matcher("x", "=~", pattern).matches(`${"a".repeat(20_000)}!`)).toBe(false);
});

test.each(["(", "a)|(b", "[", "a\\", "(?=a)", "\\1"])("%s is refused with its reason", (pattern) => {
  expect(() => matcher("x", "=~", pattern)).toThrow(`Cannot compile regular expression ${JSON.stringify(pattern)}: `);
});

test("the one metric name a selector allows is known", () => {
  expect(metricNameOf([matcher("a", "=", "b"), matcher("__name__", "=", "up")])).toBe("up");
  expect(metricNameOf([matcher("__name__", "=~", "up")])).toBeUndefined();
  expect(formatMatcher(matcher("a", "=~", 'x"'))).toBe('a=~"x\\""');
});
