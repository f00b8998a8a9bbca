import fc from "fast-check";
import { expect, test } from "vitest";
import { type Node, plain } from "../../src/documents/nodes.ts";
import { readDocument } from "../../src/documents/read-document.ts";

const nothing: ReadonlySet<Node> = new Set();

function read(text: string): unknown {
  const { root, mistakes } = readDocument("a.yml", text);
  expect(mistakes).toEqual([]);
  return root && plain(root, nothing);
}

const mistakes = (text: string): string[] =>
  readDocument("a.yml", text).mistakes.map((m) => `${m.line}:${m.column} ${m.message}`);

test.each(["", "# nothing\n", "---\n", "null", "\ufeff"])("a text without content, %j, is an empty map", (text) => {
  expect(read(text)).toEqual({});
});

test("plain scalars stand for what YAML 1.2 says; quoted ones for themselves", () => {
  const text = "a: [1, -1.5, 0x10, 0o17, 1e3, true, False, yes, 22:00, 2027-01-31, .inf, \"1\", 'true', ~, !!str 5]";
  const values = [1, -1.5, 16, 15, 1000, true, false, "yes", "22:00", "2027-01-31", Number.POSITIVE_INFINITY];
  expect(read(text)).toEqual({ a: [...values, "1", "true", undefined, "5"] });
});

test("a file cannot switch to YAML 1.1", () => {
  expect(read("%YAML 1.1\n---\na: [yes, 017, 1:30]")).toEqual({ a: ["yes", 17, "1:30"] });
});

test("aliases and merge keys work, and what is written wins over what is merged", () => {
  const text = "a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: {<<: [{y: 4}, *a]}\nd: *a";
  expect(read(text)).toEqual({ a: { x: 1, y: 2 }, b: { x: 1, y: 3 }, c: { x: 1, y: 4 }, d: { x: 1, y: 2 } });
});

test.each([
  ["a: 1\nb: 2\na: 3", ['3:1 Cannot use key "a" twice in one map']],
  ["a: 1\n---\nb: 2", ['2:1 Cannot read YAML: expected one document, found another after "---"']],
  ["a: *b", ['1:4 Cannot follow alias "b": expected an anchor with that name before it']],
  ["a: &a [*a]", ['1:8 Cannot follow alias "a": expected an anchor with that name before it']],
  ["? {a: b}\n: c", ['1:3 Cannot read YAML: expected a key, as in "key: value"']],
  ["__proto__: {polluted: true}", ['1:1 Cannot use key "__proto__": it is reserved']],
  ["a: [", ["1:5 Cannot read YAML: Flow sequence in block collection must be sufficiently indented and end with a ]"]],
  ["\ta: 1", ["1:1 Cannot read YAML: Tabs are not allowed as indentation"]],
])("%j is refused", (text, expected) => {
  expect(mistakes(text)).toEqual(expected);
});

test("a bomb of aliases is refused before it goes off", () => {
  let text = "a: &a [x,x,x,x,x,x,x,x,x]\n";
  for (const [i, name] of [..."bcdefghij"].entries()) {
    text += `${name}: &${name} [${Array(9).fill(`*${"abcdefghi"[i]}`).join(",")}]\n`;
  }
  expect(mistakes(text)).toEqual([expect.stringContaining("expected at most 100000 values, aliases followed")]);
});

test.each([
  ["flow lists", "[".repeat(20_000)],
  ["flow maps", "{a: ".repeat(20_000)],
  ["block lists", "- ".repeat(20_000)],
  ["keys", "? ".repeat(20_000)],
])("%s nested twenty thousand deep are refused", (_, text) => {
  expect(mistakes(text)).toEqual([expect.stringContaining("expected at most 64 levels of nesting")]);
});

test("a file of more than a mebibyte is refused, a huge scalar within it is not", () => {
  expect(mistakes("x".repeat(1024 * 1024 + 1))).toEqual([expect.stringContaining("Cannot read file")]);
  expect(read(`a: ${"x".repeat(1_000_000)}`)).toEqual({ a: "x".repeat(1_000_000) });
});

test("keys named like parts of objects are keys, and pollute nothing", () => {
  const value = read("constructor: {prototype: {polluted: 1}}\nhasOwnProperty: 2\ntoString: 3") as object;
  expect(Object.keys(value)).toEqual(["constructor", "hasOwnProperty", "toString"]);
  expect(Object.getPrototypeOf(value)).toBeNull();
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test("any text is read without an exception, and its mistakes lie within it", () => {
  const pieces = fc.constantFrom(
    "a",
    ": ",
    "- ",
    "\n",
    "  ",
    "[",
    "]",
    "{",
    "}",
    '"',
    "'",
    "|",
    ">",
    "&a ",
    "*a",
    "<<",
    "#",
  );
  const yamlish = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), yamlish), (text) => {
      const lines = text.split("\n");
      for (const m of readDocument("a.yml", text).mistakes) {
        expect(m.line).toBeLessThanOrEqual(lines.length);
        expect(m.column).toBeLessThanOrEqual((lines[m.line - 1] ?? "").length + 1);
      }
    }),
    { numRuns: 300 },
  );
});
