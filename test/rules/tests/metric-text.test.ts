import fc from "fast-check";
import { expect, test } from "vitest";
import { parseMetric } from "../../../src/rules/tests/metric-text.ts";
import { Labels } from "../../../src/series/labels.ts";

test.each([
  ["", {}],
  ["{}", {}],
  ["up", { __name__: "up" }],
  [' up { job = "a" , } ', { __name__: "up", job: "a" }],
  ["{a=\"1\",b='2'}", { a: "1", b: "2" }],
  ["job:x:sum{sum=`\\n`}", { __name__: "job:x:sum", sum: "\\n" }],
  ['{"a.b", "c d"="e"}', { __name__: "a.b", "c d": "e" }],
  ['x{a="\\"\\\\\\n", b="ü😀"}', { __name__: "x", a: '"\\\n', b: "ü😀" }],
  ['x{a=""}', { __name__: "x" }],
])("%j is the series %j", (text, labels) => {
  expect(parseMetric(text).toJSON()).toEqual(labels);
});

test.each([
  ["x{", "a label's name", 1],
  ["x{a}", '"="', 3],
  ["x{a=1}", "a value in quotes", 4],
  ['x{a="1"', '"," or "}"', 6],
  ['x{a="1" b="2"}', '"," or "}"', 8],
  ['x{a="1"} y', "a label set in braces, or the end", 9],
  ["x y", "a label set in braces, or the end", 2],
  ['x{a="1", a="2"}', "each label once", 9],
  ['x{"y"}', "one metric name", 2],
  ['x{a=~"1"}', "a value in quotes", 4],
])("%j is no series: expected %s", (text, wanted, from) => {
  expect(() => parseMetric(text)).toThrow(
    expect.objectContaining({ from, message: expect.stringContaining(`expected ${wanted}, for example`) }),
  );
});

test("any labels are read back as they are shown", () => {
  const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,5}$/);
  fc.assert(
    fc.property(fc.dictionary(name, fc.string({ minLength: 1 })), (record) => {
      const labels = Labels.of({ ...record, __name__: "x" });
      const inner = labels.pairs
        .filter(([label]) => label !== "__name__")
        .map(([label, value]) => {
          return `${label}="${value.replace(/[\\"\n]/g, (c) => (c === "\n" ? "\\n" : `\\${c}`))}"`;
        });
      expect(parseMetric(`x{${inner.join()}}`).key).toBe(labels.key);
    }),
  );
});
