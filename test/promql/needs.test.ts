import { expect, test } from "vitest";
import { needsOf } from "../../src/promql/needs.ts";
import { parseExpr } from "../../src/promql/parse.ts";
import { metricNameOf } from "../../src/series/matchers.ts";
import { MINUTE } from "../../src/series/time.ts";

test("each selector reaches back by its offset and its range or the lookback", () => {
  const expr = parseExpr(
    "rate(a[10m] offset 1h) / on (x) sum by (x) (b offset 5m) > clamp(c, scalar(d offset -1h), 1)",
  );
  const needs = needsOf(expr).map(({ matchers, reach }) => [metricNameOf(matchers), reach / MINUTE]);
  expect(needs).toEqual([
    ["a", 70],
    ["b", 10],
    ["c", 5],
    ["d", 0],
  ]);
});

test.each([
  ["max_over_time(rate(a[5m])[1h:1m])", 65],
  ["max_over_time(a[1h:1m] offset 1d)", 1440 + 60 + 5],
  ["max_over_time(a[1h:] offset -2h)", 0],
  ["max_over_time(min_over_time(a offset 1m [10m:])[1h:])", 60 + 10 + 1 + 5],
  ["a @ end() offset 10m", 15],
  ["max_over_time((a @ start())[1h:])", 5],
  ["max_over_time(max_over_time(a[1h:] @ end())[1d:])", 65],
  ["rate(a[5m] @ 1700000000)", 5],
  ["topk(scalar(a offset 1h), b)", 65],
])("%s reaches back %d minutes", (text, minutes) => {
  expect(Math.max(...needsOf(parseExpr(text)).map(({ reach }) => reach / MINUTE))).toBe(minutes);
});

test("the matchers of a need are the very array the evaluator selects by", () => {
  const expr = parseExpr("a");
  expect(needsOf(expr)[0]?.matchers).toBe(expr.kind === "selector" && expr.matchers);
});
