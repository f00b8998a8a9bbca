import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { nodeAt, type ScalarNode } from "../../src/documents/nodes.ts";
import { offsetPosition } from "../../src/documents/offset-position.ts";
import { readDocument } from "../../src/documents/read-document.ts";
import { offsetOf } from "../../src/documents/scalar-offsets.ts";
import { placeOf } from "../../src/documents/source.ts";

/** The place of the first "X" of the scalar at `a`. */
function placeOfX(text: string): string {
  const document = readDocument("a.yml", text);
  const node = nodeAt(document.root, ["a"]) as ScalarNode;
  const { line, column } = placeOf(offsetPosition(document, ["a"], node.text.indexOf("X")));
  return `${line}:${column}`;
}

test.each([
  ["plain", "a: one X", "1:8"],
  ["plain over lines", "a: one\n  two\n\n  three X", "4:9"],
  ["single quotes", "a: 'it''s X'", "1:11"],
  ["double quotes", 'a: "\\t\\x41\\u00e9\\U0001F600 X"', "1:28"],
  ["double quotes over lines", 'a: "one \\\n   two\n\n  three X"', "4:9"],
  ["a literal block", "a: |\n  one\n\n    two X\n", "4:9"],
  ["a literal block that states its indentation", "a: |2-\n   one\n  X", "3:3"],
  ["a literal block with Windows line ends", "a: |\r\n  one\r\n  two X\r\n", "3:7"],
  ["a literal block with a comment after its header", "a: | # why\n  one X", "2:7"],
  ["a folded block", "a: >-\n  one\n  two\n\n  three X\n", "5:9"],
  ["a folded block with indented lines", "a: >\n  one\n    two\n  three X\n", "4:9"],
  ["wide characters before it", "a: 模型😀 X", "1:8"],
])("a character in %s is found again", (_, text, expected) => {
  expect(placeOfX(text)).toBe(expected);
});

test("the place after the last character is the scalar's end", () => {
  const document = readDocument("a.yml", "a: |\n  one +\nb: 2");
  expect(placeOf(offsetPosition(document, ["a"], 100))).toMatchObject({ line: 2, column: 8 });
});

test("where there is no scalar, the nearest thing is pointed at", () => {
  const document = readDocument("a.yml", "a:\n  b: 1");
  expect(placeOf(offsetPosition(document, ["a", "c"], 3))).toMatchObject({ line: 1, column: 1 });
});

describe("whatever the style, each visible character is found where it was written", () => {
  const styles = ["PLAIN", "QUOTE_DOUBLE", "QUOTE_SINGLE", "BLOCK_LITERAL", "BLOCK_FOLDED"] as const;
  const character = fc.constantFrom("a", "b", " ", " ", "\n", "'", "(", "é", "模", "😀", "+");
  const text = fc.array(character, { minLength: 1, maxLength: 120 }).map((parts) => parts.join(""));
  test.each(styles)("%s", (style) => {
    fc.assert(
      fc.property(text, fc.constantFrom(20, 80), (value, lineWidth) => {
        const yaml = stringify({ a: value }, { defaultStringType: style, defaultKeyType: "PLAIN", lineWidth });
        const node = nodeAt(readDocument("a.yml", yaml).root, ["a"]) as ScalarNode;
        for (let i = 0; i < node.text.length; i++) {
          if (/[ab(+模]/.test(node.text[i]!)) expect(yaml[offsetOf(node, i)]).toBe(node.text[i]);
        }
      }),
      { numRuns: 300 },
    );
  });
});
