import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeSeries } from "../../src/exposition/series-decoder.ts";
import { Labels } from "../../src/series/labels.ts";

const escaped = (text: string) => text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');

test("decoding gives each series its own labels back, whatever they are called and however many are equal", () => {
  const name = fc.constantFrom("__proto__", "constructor", "l0", "l1", "s0", "le", "quantile", "model");
  const metric = fc.constantFrom("s0", "s1", "a", "a_bucket", "__proto__");
  const value = fc.string({ unit: fc.constantFrom(...'"\\\n{}=, #\ts0é😀\u2028\u00a0'), maxLength: 8 });
  const series = fc.tuple(metric, fc.uniqueArray(fc.tuple(name, value), { selector: ([label]) => label }));
  fc.assert(
    fc.property(fc.array(series, { maxLength: 20 }), (all) => {
      const spelled = all.map(([of, pairs]) => ({
        metric: of,
        names: pairs.map(([label]) => label),
        escaped: pairs.map(([, text]) => escaped(text)),
      }));
      const expected = all.map(([of, pairs]) => Labels.from([["__name__", of], ...pairs]).key);
      expect(decodeSeries(spelled).map(({ key }) => key)).toEqual(expected);
    }),
    { numRuns: 1000 },
  );
});

test("decoding keeps the backslash of an escape that does not exist", () => {
  const [labels] = decodeSeries([{ metric: "a", names: ["l"], escaped: ["x\\qy\\\\n"] }]);
  expect(labels!.get("l")).toBe("x\\qy\\n");
});

test("decoding what is no escaped text is refused instead of shifted", () => {
  const sound = { metric: "a", names: ["l"], escaped: ["x"] };
  for (const text of ['x"} 0\ns1{l0="y', "x\ny", 'x",l1="y', "x\\"]) {
    expect(() => decodeSeries([{ ...sound, escaped: [text] }, sound])).toThrow(/^Cannot decode|Encountered invalid/);
  }
});

test("long values come back as they are, with something escaped in them or not", () => {
  for (const value of ["x".repeat(900), `${"模".repeat(100)}{}, # 1`, `${"x".repeat(100)}"\\\n`]) {
    const [labels] = decodeSeries([{ metric: "m", names: ["model"], escaped: [escaped(value)] }]);
    expect(labels).toEqual(Labels.of({ __name__: "m", model: value }));
  }
});
