import fc from "fast-check";
import { RE2JS } from "re2js";
import { describe, expect, test } from "vitest";
import { Labels } from "../../src/series/labels.ts";
import { relabel } from "../../src/series/relabel.ts";
import type { RelabelRule } from "../../src/series/relabel-rule.ts";

interface Written extends Partial<Omit<RelabelRule, "regex">> {
  readonly regex?: string;
}

function rule({ regex = "(.*)", ...rest }: Written): RelabelRule {
  const defaults = { action: "replace", sourceLabels: [], separator: ";", replacement: "$1", targetLabel: "" } as const;
  return { ...defaults, modulus: 0, ...rest, regex: RE2JS.compile(`^(?s:${regex})$`) };
}

const LABELS = Labels.of({ a: "foo", b: "bar", c: "baz", __meta_x: "Ünï" });

/** What relabelling makes of the labels above, as an object; undefined where it drops them. */
const after = (...rules: Written[]) => relabel(LABELS, rules.map(rule))?.toJSON();
const SAME = LABELS.toJSON();

describe("replace", () => {
  test.each<[string, Written, Record<string, string>]>([
    ["puts joined values into a label", { sourceLabels: ["a", "b"], targetLabel: "d" }, { d: "foo;bar" }],
    [
      "uses groups and the separator",
      { sourceLabels: ["a", "b"], separator: "-", regex: "(\\w+)-(\\w+)", replacement: `$2\${1}`, targetLabel: "a" },
      { a: "barfoo" },
    ],
    [
      "takes a label away where the result is empty",
      { sourceLabels: ["a"], regex: "f(o+)(x?)", replacement: "$2", targetLabel: "b" },
      { b: "" },
    ],
    ["does nothing without a match", { sourceLabels: ["a"], regex: "o+", replacement: "x", targetLabel: "b" }, {}],
    ["sets a constant", { replacement: "here", targetLabel: "d" }, { d: "here" }],
    [
      "may take the label's name from a group",
      { sourceLabels: ["a"], regex: "(f)(.*)", replacement: "$2", targetLabel: `\${1}_x` },
      { f_x: "oo" },
    ],
    ["does nothing where that is no name", { sourceLabels: ["__meta_x"], replacement: "x", targetLabel: "$1" }, {}],
    [
      "knows named groups",
      { sourceLabels: ["a"], regex: "(?P<head>.).*", replacement: `\${head}-$head`, targetLabel: "d" },
      { d: "f-f" },
    ],
    [
      "lets a name reach as far as it can",
      { sourceLabels: ["a"], replacement: "[$1x]", targetLabel: "d" },
      { d: "[]" },
    ],
    [
      "keeps dollars that refer to nothing",
      { sourceLabels: ["a"], replacement: "$$1 $ ${ ${1 $-", targetLabel: "d" },
      { d: "$1 $ ${ ${1 $-" },
    ],
    [
      "matches line ends with a dot",
      { sourceLabels: ["a"], separator: "\n", targetLabel: "d", regex: "foo.?", replacement: "x" },
      { d: "x" },
    ],
  ])("%s", (_, written, changed) => {
    expect(after(written)).toEqual(Labels.of(SAME).with(changed).toJSON());
  });
});

test.each<[string, Written, boolean]>([
  ["keep", { action: "keep", sourceLabels: ["a"], regex: "fo+" }, true],
  ["keep without a match", { action: "keep", sourceLabels: ["a"], regex: "fo" }, false],
  ["drop", { action: "drop", sourceLabels: ["a"], regex: "f.*" }, false],
  ["drop without a match", { action: "drop", sourceLabels: ["a"], regex: "o.*" }, true],
  ["keep of an absent label", { action: "keep", sourceLabels: ["z"], regex: "" }, true],
  ["keepequal of equals", { action: "keepequal", sourceLabels: ["a"], targetLabel: "a" }, true],
  ["keepequal of others", { action: "keepequal", sourceLabels: ["a"], targetLabel: "b" }, false],
  ["dropequal of equals", { action: "dropequal", sourceLabels: ["z"], targetLabel: "y" }, false],
  ["dropequal of others", { action: "dropequal", sourceLabels: ["a"], targetLabel: "b" }, true],
])("%s", (_, written, kept) => {
  expect(after(written)).toEqual(kept ? SAME : undefined);
});

test.each<[string, Written, Record<string, string>]>([
  ["labelmap", { action: "labelmap", regex: "__meta_(.+)", replacement: "m_$1" }, { ...SAME, m_x: "Ünï" }],
  ["labelmap to no name", { action: "labelmap", regex: "__meta_x()", replacement: "$1" }, SAME],
  ["labeldrop", { action: "labeldrop", regex: "a|__meta.*" }, { b: "bar", c: "baz" }],
  ["labelkeep", { action: "labelkeep", regex: "a|c" }, { a: "foo", c: "baz" }],
  ["hashmod", { action: "hashmod", sourceLabels: ["c"], targetLabel: "d", modulus: 1_000 }, { ...SAME, d: "976" }],
  ["lowercase", { action: "lowercase", sourceLabels: ["__meta_x"], targetLabel: "d" }, { ...SAME, d: "ünï" }],
  ["uppercase", { action: "uppercase", sourceLabels: ["__meta_x"], targetLabel: "d" }, { ...SAME, d: "ÜNÏ" }],
])("%s", (_, written, expected) => {
  expect(after(written)).toEqual(expected);
});

test("letters change their case one by one, as in Go", () => {
  const made = (value: string, action: "lowercase" | "uppercase") =>
    relabel(Labels.of({ a: value }), [rule({ action, sourceLabels: ["a"], targetLabel: "a" })])?.get("a");
  expect([made("ΑΣ", "lowercase"), made("İ", "lowercase"), made("ß", "uppercase")]).toEqual([
    "ας".replace("ς", "σ"),
    "i",
    "ß",
  ]);
});

test("rules follow one another, and what one drops no later one sees", () => {
  const first = { sourceLabels: ["a"], targetLabel: "d" };
  expect(after(first, { action: "labelkeep", regex: "d" })).toEqual({ d: "foo" });
  expect(after({ action: "drop", sourceLabels: ["a"], regex: "foo" }, first)).toBeUndefined();
});

test("whatever the labels and the template are, it ends and never throws", () => {
  const texts = fc.string({ unit: fc.constantFrom("$", "{", "}", "1", "0", "a", "_", "é", "\n", "😀") });
  fc.assert(
    fc.property(texts, texts, texts, (value, replacement, targetLabel) => {
      const labels = Labels.of({ a: value });
      const made = relabel(labels, [rule({ sourceLabels: ["a"], regex: "(.?)(.*)", replacement, targetLabel })]);
      for (const [name, text] of made?.pairs ?? []) {
        expect(name).toMatch(/^[a-zA-Z_][a-zA-Z0-9_]*$/);
        expect(text).not.toBe("");
      }
    }),
  );
});
