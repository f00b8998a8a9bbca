import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ask, MemorySource } from "./memory-source.ts";

const MINUTE = 60_000;
const source = new MemorySource()
  .load(MINUTE, 'errors{model="a", code="500"}', "24")
  .load(MINUTE, 'errors{model="a", code="404"}', "30")
  .load(MINUTE, 'errors{model="b", code="404"}', "6")
  .load(MINUTE, 'requests{model="a", team="red"}', "600")
  .load(MINUTE, 'requests{model="b"}', "120")
  .load(MINUTE, 'requests{model="c"}', "50");

describe("matching", () => {
  test.each([
    ['errors{code="404"} / on (model) requests', ['{model="a"} 0.05', '{model="b"} 0.05']],
    ['errors{code="404"} / ignoring (code, team) requests', ['{model="a"} 0.05', '{model="b"} 0.05']],
    ["errors / requests", []],
    [
      "errors / on (model) group_left requests",
      ['{code="500", model="a"} 0.04', '{code="404", model="a"} 0.05', '{code="404", model="b"} 0.05'],
    ],
    [
      'errors{code="404"} * on (model) group_left (team, code) requests',
      ['{model="a", team="red"} 18000', '{model="b"} 720'],
    ],
    [
      'requests >= bool on (model) group_right (team) errors{model="a"}',
      ['{code="500", model="a", team="red"} 1', '{code="404", model="a", team="red"} 1'],
    ],
    ['requests > on (model) group_right errors{code="500"}', ['errors{code="500", model="a"} 600']],
    [
      "errors and on (model) requests{team='red'}",
      ['errors{code="500", model="a"} 24', 'errors{code="404", model="a"} 30'],
    ],
    ["errors unless on (model) requests{team='red'}", ['errors{code="404", model="b"} 6']],
    [
      "requests{team='red'} or on (model) requests",
      ['requests{model="a", team="red"} 600', 'requests{model="b"} 120', 'requests{model="c"} 50'],
    ],
  ])("%s", (text, lines) => {
    expect(ask(source, text, 0)).toEqual(lines);
  });

  test.each([
    ["requests / on (model) errors", /^Cannot match many to many: found errors.* for \{model="a"\} on the right/],
    [
      "requests / on (model) group_right errors / on () requests",
      /^Cannot match many to many: found requests.* on the right/,
    ],
    [
      "errors / on (model) group_right requests",
      /^Cannot match many to many: found errors.* for \{model="a"\} on the left/,
    ],
    ["errors / on (model) requests", /^Cannot match many to one: found several elements for \{model="a"\} on the left/],
    ["errors > on (model) requests", /^Cannot match many to one/],
    ["errors > on (model) group_left (code) requests", /^Cannot build the result: two elements have the same labels/],
    ["errors * on (model) group_left (code) requests", /^Cannot build the result: two elements have the same labels/],
  ])("%s is a mistake", (text, message) => {
    expect(() => ask(source, text, 0)).toThrow(message);
  });

  test("an empty side matches nothing, whatever is on the other", () => {
    expect(ask(source, "missing / on () errors", 0)).toEqual([]);
  });
});

const vectors = fc.uniqueArray(
  fc.record({ metric: fc.constantFrom("a", "b"), x: fc.nat(4), y: fc.nat(4), value: fc.integer() }),
  {
    selector: ({ metric, x, y }) => `${metric}${x}${y}`,
  },
);

test("`and` and `unless` split a vector in two, and `or` loses nothing of it", () => {
  fc.assert(
    fc.property(vectors, fc.constantFrom("", "on (x)", "ignoring (y)", "on ()"), (series, clause) => {
      const memory = new MemorySource();
      for (const { metric, x, y, value } of series) memory.load(1, `${metric}{x="${x}", y="${y}"}`, String(value));
      const lines = (text: string) => ask(memory, text, 0) as readonly string[];
      const both = [...lines(`a and ${clause} b`), ...lines(`a unless ${clause} b`)];
      expect(both.sort()).toEqual([...lines("a")].sort());
      const union = lines(`a or ${clause} b`);
      expect(union.slice(0, lines("a").length)).toEqual(lines("a"));
      expect([...union].sort()).toEqual([...lines("a"), ...lines(`b unless ${clause} a`)].sort());
    }),
  );
});
