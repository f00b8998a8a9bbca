import fc from "fast-check";
import { expect, test } from "vitest";
import { compareUtf8, Labels } from "../../src/series/labels.ts";

/** Text without lone surrogates, with plenty from where UTF-16 and UTF-8 order differ. */
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({
    unit: fc.constantFrom("a", "\u{D7FF}", "\u{E000}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}", '"', ":", "1", ","),
  }),
  fc.constantFrom("__proto__", "constructor", "toString", ""),
);
const pairs = fc.array(fc.tuple(text, text), { maxLength: 6 });
const pairsOf = (labels: Labels) => labels.pairs.map(([name, value]) => [name, value]);

test("compareUtf8 orders as the bytes of UTF-8 do", () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});

test("labels hold the last value of each name, sorted, and no empty value", () => {
  fc.assert(
    fc.property(pairs, (given) => {
      const expected = [...new Map(given)]
        .filter(([, value]) => value !== "")
        .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      const labels = Labels.from(given);
      expect(pairsOf(labels)).toEqual(expected);
      for (const [name, value] of new Map(given)) expect(labels.get(name) ?? "").toBe(value);
      expect(new Map(Object.entries(labels.toJSON()))).toEqual(new Map(expected));
    }),
  );
});

test("two label sets have the same key exactly when they are equal", () => {
  fc.assert(
    fc.property(pairs, pairs, (a, b) => {
      const [one, other] = [Labels.from(a), Labels.from(b)];
      const same = JSON.stringify(one.pairs) === JSON.stringify(other.pairs);
      expect(one.key === other.key).toBe(same);
      expect(one.equals(other)).toBe(same);
      expect(Labels.from([...one.pairs].reverse()).key).toBe(one.key);
    }),
  );
  const crafted = [
    Labels.of({ a: "b1:c1:d" }),
    Labels.of({ a: "b", c: "d" }),
    Labels.of({ a: "b1:c", d: "1:" }),
    Labels.of({ a1: "b", c: "d" }),
  ];
  expect(new Set(crafted.map((labels) => labels.key)).size).toBe(crafted.length);
});

test("with lays labels over others, without and only part them", () => {
  fc.assert(
    fc.property(pairs, pairs, fc.array(text, { maxLength: 3 }), (a, b, names) => {
      const labels = Labels.from(a);
      expect(pairsOf(labels.with(Labels.from(b)))).toEqual(
        pairsOf(Labels.from([...labels.pairs, ...Labels.from(b).pairs])),
      );
      const chosen = [...names, ...a.slice(0, 2).map(([name]) => name)];
      const [left, taken] = [labels.without(...chosen), labels.only(...chosen)];
      for (const [name] of taken.pairs) expect(chosen).toContain(name);
      for (const [name] of left.pairs) expect(chosen).not.toContain(name);
      expect(left.with(taken).key).toBe(labels.key);
    }),
  );
});

test("an empty value takes a label away", () => {
  expect(pairsOf(Labels.of({ a: "1", b: "2" }).with({ a: "", c: "3" }))).toEqual([
    ["b", "2"],
    ["c", "3"],
  ]);
});

test("labels are written as PromQL writes them", () => {
  expect(String(Labels.of({ __name__: "up", job: "a", instance: 'x"y' }))).toBe('up{instance="x\\"y", job="a"}');
  expect(String(Labels.of({ __name__: "up" }))).toBe("up");
  expect(String(Labels.EMPTY)).toBe("{}");
});
