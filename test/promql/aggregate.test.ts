import fc from "fast-check";
import { expect, test } from "vitest";
import { ask, MemorySource } from "./memory-source.ts";

const source = new MemorySource()
  .load(1, 'm{x="1", y="a"}', "2")
  .load(1, 'm{x="1", y="b"}', "4")
  .load(1, 'm{x="2", y="a"}', "9")
  .load(1, 'odd{x="1"}', "NaN")
  .load(1, 'odd{x="2"}', "3")
  .load(1, 'odd{x="3"}', "Inf")
  .load(1, 'huge{x="1"}', "1.7e308")
  .load(1, 'huge{x="2"}', "1.7e308")
  .load(1, 'tiny{x="1"}', "1e100")
  .load(1, 'tiny{x="2"}', "1")
  .load(1, 'tiny{x="3"}', "-1e100");

test.each([
  ["sum(m)", ["{} 15"]],
  ["sum by (x) (m)", ['{x="1"} 6', '{x="2"} 9']],
  ["avg without (y) (m)", ['{x="1"} 3', '{x="2"} 9']],
  ["count by (nope) (m)", ["{} 3"]],
  ["group by (y) (m)", ['{y="a"} 1', '{y="b"} 1']],
  ["min(m)", ["{} 2"]],
  ["max(m)", ["{} 9"]],
  ["stdvar by (x) (m)", ['{x="1"} 1', '{x="2"} 0']],
  ["stddev by (x) (m)", ['{x="1"} 1', '{x="2"} 0']],
  ["max(odd)", ["{} Infinity"]],
  ["min(odd)", ["{} 3"]],
  ['max(odd{x="1"})', ["{} NaN"]],
  ["sum(odd)", ["{} NaN"]],
  ['stdvar(odd{x="3"})', ["{} NaN"]],
  ["avg(huge)", ["{} 1.7e+308"]],
  ["sum(huge)", ["{} Infinity"]],
  ["sum(tiny)", ["{} 1"]],
  ["sum(missing)", []],
])("%s is %j", (text, lines) => {
  expect(ask(source, text, 0)).toEqual(lines);
});

test("a sum of sums by any labels is the sum, and an average lies between the extremes", () => {
  const series = fc.uniqueArray(fc.record({ x: fc.nat(3), y: fc.nat(3), value: fc.integer() }), {
    selector: ({ x, y }) => `${x}-${y}`,
    minLength: 1,
  });
  fc.assert(
    fc.property(series, fc.constantFrom("by (x)", "by (x, y)", "without (x)", "by ()"), (members, clause) => {
      const memory = new MemorySource();
      for (const { x, y, value } of members) memory.load(1, `m{x="${x}", y="${y}"}`, String(value));
      expect(ask(memory, `sum(sum ${clause} (m)) == bool sum(m)`, 0)).toEqual(["{} 1"]);
      expect(ask(memory, "(min(m) <= bool avg(m)) * (avg(m) <= bool max(m))", 0)).toEqual(["{} 1"]);
    }),
  );
});
