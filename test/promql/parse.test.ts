import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Expr, type Placed, typeOf } from "../../src/promql/ast.ts";
import { PromqlError, parseExpr, parseQuery, parseSelector } from "../../src/promql/parse.ts";
import { formatMatcher } from "../../src/series/matchers.ts";
import { Generator, seeded } from "./generator.ts";

/** The tree as fully bracketed text. */
function show(expr: Expr): string {
  switch (expr.kind) {
    case "number":
      return String(expr.value);
    case "string":
      return JSON.stringify(expr.value);
    case "selector":
      return `${expr.matchers.map((m) => m.value)}${placed(expr)}`;
    case "range":
      return `${expr.matchers.map((m) => m.value)}[${expr.range}]${placed(expr)}`;
    case "subquery":
      return `${show(expr.operand)}[${expr.range}:${expr.step ?? ""}]${placed(expr)}`;
    case "negation":
      return `-(${show(expr.operand)})`;
    case "aggregation":
      return `${expr.op}(${expr.parameter ? `${show(expr.parameter)},` : ""}${show(expr.operand)})`;
    case "call":
      return `${expr.fn.name}(${expr.args.map(show)})`;
    default:
      return `(${show(expr.left)} ${expr.op} ${show(expr.right)})`;
  }
}

const placed = ({ offset, pinned }: Placed): string =>
  `${pinned === undefined ? "" : ` at ${pinned}`}${offset === 0 ? "" : `@${offset}`}`;

function mistake(text: string): { message: string; at: string } {
  try {
    parseExpr(text);
  } catch (error) {
    if (error instanceof PromqlError) return { message: error.message, at: text.slice(error.from, error.to) };
    throw error;
  }
  throw new Error(`no mistake in ${text}`);
}

describe("precedence", () => {
  test.each([
    ["a + b * c ^ d ^ e", "(a + (b * (c ^ (d ^ e))))"],
    ["a or b and c unless d", "(a or ((b and c) unless d))"],
    ["a > b + 1", "(a > (b + 1))"],
    ["-a ^ 2", "-((a ^ 2))"],
    ["-1 ^ 2", "-((1 ^ 2))"],
    ["+1 ^ 2", "(1 ^ 2)"],
    ["(-1) ^ 2", "(-1 ^ 2)"],
    ["2 ^ -1 ^ 2", "(2 ^ -((1 ^ 2)))"],
    ["- 1 ^ 2 * 3", "(-((1 ^ 2)) * 3)"],
    ["-a * b", "(-(a) * b)"],
    ["1 - -1", "(1 - -1)"],
    ["1-1", "(1 - 1)"],
    ["- # minus\n 1", "-1"],
    ["a atan2 b * c", "((a atan2 b) * c)"],
    ["a + b offset 5m", "(a + b@300000)"],
    ["a + b offset 5m * c", "(a + (b@300000 * c))"],
    ["-a offset -90s", "-(a@-90000)"],
    ["a > a offset 1h offset_metric", ""],
    ["rate(a[5m] offset 1m) > 0", "(rate(a[300000]@60000) > 0)"],
    ["a # of them\n offset 1m", "a@60000"],
    ["sum by (offset) (a)", "sum(a)"],
    ['a{offset="b"} OFFSET 300', "a,b@300000"],
    ["SUM(a) By (x)", "sum(a)"],
    ["a[0x10] + 1", ""],
    ["sum(by) + on", ""],
    ["# first\na # last", "a"],
    ["a offset 5m @ 100 + b @ -1.5 offset 1m", "(a at 100000@300000 + b at -1500@60000)"],
    ["rate(a[5m] @ end())", "rate(a[300000] at end)"],
    ["max_over_time(rate(a[5m])[1h:1m] offset 1d)", "max_over_time(rate(a[300000])[3600000:60000]@86400000)"],
    ["sum_over_time((a + b)[1h:] @ start())", "sum_over_time((a + b)[3600000:] at start)"],
    ["max_over_time(a offset 5m [1h:5m])", "max_over_time(a@300000[3600000:300000])"],
    ["topk by (x) (2, a) / on () group_left bottomk(1, b)", "(topk(2,a) / bottomk(1,b))"],
    ['count_values((("v")), a)', 'count_values("v",a)'],
    ["quantile without (x,) (0.5, a)", "quantile(0.5,a)"],
    ["a ^ -b ^ c * d", "((a ^ -((b ^ c))) * d)"],
    ["-a or -b and c", "(-(a) or (-(b) and c))"],
    ["sum(sum) + offset + by:total", "((sum(sum) + offset) + by:total)"],
    ["a[1e2]", ""],
    ['label_join(a, "d", "-")', 'label_join(a,"d","-")'],
    ["hour() + day_of_week(a)", "(hour() + day_of_week(a))"],
    ["a * on () 2", "(a * 2)"],
    ["2. + 1./4. + 1.e3", "((2 + (1 / 4)) + 1000)"],
  ])("%s is read as %s", (text, tree) => {
    if (tree === "") expect(() => parseExpr(text)).toThrow(PromqlError);
    else expect(show(parseExpr(text))).toBe(tree);
  });
});

test.each([
  ["  rate( a[5m] ) ", "rate( a[5m] )"],
  ["(a + b offset 5m)", "a + b offset 5m"],
  ["-1 ^ 2", "-1 ^ 2"],
  ["((a) + (b)) ", "(a) + (b)"],
  ["( sum(a) by (x) )", "sum(a) by (x)"],
  ["2.", "2."],
])("%s knows where it stands", (text, span) => {
  const { from, to } = parseExpr(text);
  expect(text.slice(from, to)).toBe(span);
});

test.each([
  [
    "histogram_count(a)",
    "histogram_count() is not supported: it is for native histograms, which are not kept",
    "histogram_count",
  ],
  ["1 + limitk(5, a)", "limitk() is not supported: it is experimental in Prometheus", "limitk"],
  ["limit_ratio by (x) (0.5, a)", "limit_ratio() is not supported: it is experimental in Prometheus", "limit_ratio"],
  ["1 + start()", "start() is not supported: it is experimental in Prometheus", "start"],
  ["max_of(1, 2)", "max_of() is not supported: it is experimental in Prometheus", "max_of"],
  ["rate(a[5m + 1m])", "A duration expression is not supported: it is experimental in Prometheus", "5m + 1m"],
  ["rate(a[max(5m, 1m)])", "A duration expression is not supported: it is experimental in Prometheus", "max(5m, 1m)"],
  ["a offset (5m)", "A duration expression is not supported: it is experimental in Prometheus", "offset ("],
  ["a + fill(0) b", "The fill modifier is not supported: it is experimental in Prometheus", "fill"],
  ["rate(a[5m] smoothed)", "The smoothed modifier is not supported: it is experimental in Prometheus", "smoothed"],
  ["a </ 5", "Operator </ is not supported: it is for native histograms, which are not kept", "</"],
  ["foo(a)", "Cannot call foo(): there is no such function", "foo"],
  ["RATE(a[5m])", "Cannot call RATE(): there is no such function", "RATE"],
  ["", "Cannot parse expression: it is empty", ""],
  ["rate(a[5m]", "Cannot parse expression: it ends too early", ""],
  ["a b", "Cannot parse expression: did not expect b here", "b"],
  ['a{b="c', 'Cannot read string: expected a closing "', '"c'],
  ["a[5m]", "Cannot evaluate a range vector: expected it in a function, for example rate(x[5m])", "a[5m]"],
  ["max_over_time(a[5m:0])", "Cannot use 0 as a step: expected a duration longer than zero", "0"],
  ["sum_over_time(a[5m][5m:1m])", "Cannot take a subquery of a range vector: expected an instant vector", "a[5m]"],
  ["sum_over_time(1[5m:1m])", "Cannot take a subquery of a scalar: expected an instant vector", "1"],
  ["(a) @ 5", "Cannot apply @: expected it right after a selector, for example x[5m] @ 1700000000", "@ 5"],
  ["rate(a @ 5 [1m])", "Cannot apply @: expected it after the range", "@ 5"],
  ["a @ 1 @ 2", "Cannot apply @: it is given twice", "@ 2"],
  ["a @ Inf", "Cannot read time Inf: expected seconds since 1970, for example 1700000000", "@ Inf"],
  ["topk(a)", "Cannot aggregate with topk: expected 2 arguments, found 1", "topk(a)"],
  ["topk(a, a)", "Cannot aggregate with topk: expected a scalar, found an instant vector", "a"],
  ['count_values("", a)', "Cannot aggregate with count_values: expected the name of a label", '""'],
  ['label_replace(a, "", "b", "c", "d")', 'Cannot relabel: expected the name of a label, for example "model"', '""'],
  ['label_join(a, "b")', "Cannot call label_join(): expected at least 3 arguments, found 2", 'label_join(a, "b")'],
  ["sum(a,)", "Cannot parse expression: did not expect ) here", ")"],
  ["a{,}", "Cannot parse expression: did not expect , here", ","],
  ["sum by (,) (a)", "Cannot parse expression: did not expect , here", ","],
  ["rate(a[0s])", "Cannot use 0s as a range: expected a duration longer than zero", "0s"],
  ["sum((a)[5m])", "Cannot take a range of this: expected a selector before [, for example x[5m]", "(a)[5m]"],
  ["rate(a offset 5m [1m])", "Cannot apply offset: expected it after the range", "offset 5m"],
  ["a offset 1m offset 2m", "Cannot apply offset: it is given twice", "offset 2m"],
  [
    "sum(a) offset 5m",
    "Cannot apply offset: expected it right after a selector, for example x[5m] offset 1h",
    "offset 5m",
  ],
  [
    "rate(a)",
    "Cannot call rate(): expected a range vector as argument 1, found an instant vector, add a range, for example x[5m]",
    "a",
  ],
  ["abs(1)", "Cannot call abs(): expected an instant vector as argument 1, found a scalar", "1"],
  ["clamp(a, 1)", "Cannot call clamp(): expected 3 arguments, found 2", "clamp(a, 1)"],
  ["round(a, 1, 2)", "Cannot call round(): expected 1 to 2 arguments, found 3", "round(a, 1, 2)"],
  ["sum(1)", "Cannot aggregate with sum: expected an instant vector, found a scalar", "1"],
  ["sum(a, b)", "Cannot aggregate with sum: expected 1 argument, found 2", "sum(a, b)"],
  ["1 > 2", "Cannot filter a scalar with >: expected the bool modifier, > bool", "1 > 2"],
  ["1 and 2", "Cannot apply and to a scalar: expected an instant vector on both sides", "1 and 2"],
  ["a + bool b", "Cannot apply bool to +: expected a comparison, for example ==", "bool"],
  ["a + on (x) 1", "Cannot match labels of a scalar: on and ignoring need two vectors", "on (x)"],
  ["a and on (x) group_left b", "Cannot use group_left with and: a set operator matches many to many", "group_left"],
  ["a + on (x) group_left (x) b", 'Cannot include label "x": on already names it', "(x)"],
  ['a + "b"', "Cannot apply + to a string: expected a scalar or an instant vector", '"b"'],
  ["{}", "Cannot select series: expected at least one matcher that excludes the empty value", "{}"],
  ['a{__name__="b"}', "Cannot select series: the metric name is given twice, a and b", '__name__="b"'],
])("%s is refused: %s", (text, message, at) => {
  expect(mistake(text)).toEqual({ message, at });
});

test("a tree of any depth is read or refused, never overflows the stack", () => {
  expect(mistake(`${"(".repeat(1000)}1${")".repeat(1000)}`).message).toContain("nests deeper than 500");
  expect(mistake(`${"-".repeat(50_000)}a`).message).toMatch(/^Cannot parse expression/);
  expect(mistake(`${"(".repeat(50_000)}1${")".repeat(50_000)}`).message).toMatch(/^Cannot parse expression/);
  expect(typeOf(parseExpr(Array(200).fill("a").join(" or ")))).toBe("vector");
});

test.each([
  ["1 + time()", "scalar"],
  ["a * 2", "vector"],
  ["scalar(a)", "scalar"],
  ["a == bool 1", "vector"],
  ['"text"', "string"],
  ["-vector(1)", "vector"],
])("%s is of type %s", (text, type) => {
  expect(typeOf(parseExpr(text))).toBe(type);
});

test("only a query may be a range vector", () => {
  expect(typeOf(parseQuery("a[5m]"))).toBe("range");
  expect(typeOf(parseQuery("a[5m:]"))).toBe("range");
  expect(() => parseExpr("a[5m:]")).toThrow(/^Cannot evaluate a range vector/);
});

test.each(['label_replace(a, "b", "c", "d", "(")', 'a{b=~"("}'])("%s has a regular expression to point at", (text) => {
  expect(mistake(text).at).toBe('"("');
});

describe("parseSelector()", () => {
  test("reads a name and matchers, in their order", () => {
    expect(parseSelector(`up{job="a",x!="b",y=~'c.*',z!~\`d\`,}`).map(formatMatcher)).toEqual([
      '__name__="up"',
      'job="a"',
      'x!="b"',
      'y=~"c.*"',
      'z!~"d"',
    ]);
  });

  test("reads a quoted name", () => {
    expect(parseSelector('{"my.metric", "a.b"="c"}').map(formatMatcher)).toEqual(['__name__="my.metric"', 'a.b="c"']);
  });

  test.each(["a offset 5m", "a @ 5", "a + b", "1", "-a", "+a", "sum(a)"])("refuses %s", (text) => {
    expect(() => parseSelector(text)).toThrow(/^Cannot parse selector/);
  });
});

test("any text is read or refused with a place inside it", () => {
  const words = fc.constantFrom(
    ..."a b sum rate by on ( ) [ ] { } 5m 1 . offset - + ^ == bool , \" ' # @ and x= \n \\ é 𝒳".split(" "),
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(words, fc.string()), { maxLength: 12 }), (parts) => {
      const text = parts.join(" ");
      try {
        parseExpr(text);
      } catch (error) {
        if (!(error instanceof PromqlError)) throw error;
        expect(error.from).toBeGreaterThanOrEqual(0);
        expect(error.to).toBeGreaterThanOrEqual(error.from);
        expect(error.to).toBeLessThanOrEqual(text.length);
      }
    }),
    { numRuns: 1000 },
  );
});

test("every node lies within its parent", () => {
  const generator = new Generator(seeded(3));
  for (let i = 0; i < 200; i++) {
    const text = generator.vector(4);
    const expr = parseExpr(text);
    expect(show(parseExpr(text.slice(expr.from, expr.to)))).toBe(show(expr));
  }
});
