import fc from "fast-check";
import { expect, test } from "vitest";
import { dropping, keeping, withoutName } from "../../src/promql/label-map.ts";
import { Labels } from "../../src/series/labels.ts";

const name = fc.constantFrom("__name__", "x", "y", "__proto__");
const labels = fc.array(fc.tuple(name, fc.string())).map((pairs) => Labels.from(pairs));

test("keeping and dropping the same names part a label set in two", () => {
  fc.assert(
    fc.property(labels, fc.array(name), (set, names) => {
      const kept = keeping(names)(set);
      const rest = dropping(names)(set);
      expect(kept.with(rest).key).toBe(set.key);
      expect(kept.pairs.length + rest.pairs.length).toBe(set.pairs.length);
    }),
  );
});

test("the same label set in gives the same object out", () => {
  const up = Labels.of({ __name__: "up", x: "1" });
  expect(withoutName(up)).toBe(withoutName(up));
  expect(withoutName(up).toJSON()).toEqual({ x: "1" });
});
