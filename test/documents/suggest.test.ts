import fc from "fast-check";
import { expect, test } from "vitest";
import { didYouMean } from "../../src/documents/suggest.ts";

const fields = ["severity", "for", "labels", "annotations", "keep_firing_for"];

test.each([
  ["sevrity", "severity"],
  ["severtiy", "severity"],
  ["fro", "for"],
  ["Labels", "labels"],
  ["anotation", "annotations"],
  ["keepfiringfor", "keep_firing_for"],
])("who writes %s means %s", (word, meant) => {
  expect(didYouMean(word, fields)).toBe(`, did you mean "${meant}"?`);
});

test.each(["x", "expr", "summary", "s".repeat(10_000)])("nothing is near %s", (word) => {
  expect(didYouMean(word, fields)).toBe("");
});

test("one slip of a finger in a word of three letters or more is forgiven", () => {
  const word = fc.string({ unit: fc.constantFrom(..."abcdefghij"), minLength: 3, maxLength: 20 });
  fc.assert(
    fc.property(word, fc.nat(), fc.constantFrom("drop", "swap", "add"), (meant, at, slip) => {
      const i = at % (meant.length - 1);
      const [a, b] = [meant[i]!, meant[i + 1]!];
      const middle = slip === "drop" ? b : slip === "swap" ? b + a : `${a}z${b}`;
      const written = meant.slice(0, i) + middle + meant.slice(i + 2);
      expect(didYouMean(written, [meant])).toBe(`, did you mean ${JSON.stringify(meant)}?`);
    }),
  );
});
