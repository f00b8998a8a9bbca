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

test("the matchers of a need are the very array the evaluator selects by", () => {
  const expr = parseExpr("a");
  expect(needsOf(expr)[0]?.matchers).toBe(expr.kind === "selector" && expr.matchers);
});
