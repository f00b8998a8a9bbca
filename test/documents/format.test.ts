import { expect, test } from "vitest";
import { formatMistakes } from "../../src/documents/format.ts";
import { type Mistake, quote, sortMistakes } from "../../src/documents/mistakes.ts";

const mistake = (line: string, column: number, length: number, rest: Partial<Mistake> = {}): Mistake => {
  return { file: "a.yml", line: 8, column, length, severity: "error", message: "wrong", sourceLine: line, ...rest };
};

const lines = (m: Mistake): string[] => formatMistakes([m], { color: false }).split("\n").slice(1, 3);

test("a mistake shows its place, its line and a caret", () => {
  const text = formatMistakes([mistake("        sevrity: x", 9, 7)], { color: false });
  expect(text).toBe("a.yml:8:9: error: wrong\n     8 |         sevrity: x\n       |         ^^^^^^^\n");
});

test("the caret keeps its place behind tabs, wide characters and accents", () => {
  expect(lines(mistake("\tа: \tx", 6, 1))[1]).toBe("       | \t   \t^");
  expect(lines(mistake("模型: x", 5, 1))[1]).toBe("       |       ^");
  expect(lines(mistake("e\u0301😀: x", 6, 1))[1]).toBe("       |      ^");
  expect(lines(mistake("a: 模型", 4, 2))[1]).toBe("       |    ^^^^");
});

test("a long line is cut around the caret", () => {
  const [line, caret] = lines(mistake(`${"a".repeat(5_000)}X${"b".repeat(5_000)}`, 5_001, 1));
  expect(line!.length).toBeLessThan(180);
  expect(line![caret!.indexOf("^")]).toBe("X");
});

test("nothing from a file reaches the terminal as a control sequence", () => {
  const evil = "\u001b[2J\u009b31m\u202e\r";
  const text = formatMistakes([mistake(evil, 1, 1, { file: evil, message: evil })], { color: false });
  expect(text).not.toMatch(/[^\P{Cc}\n\t]|\u202e/u);
});

test("colours are put in only when asked for", () => {
  const m = mistake("a: 1", 1, 1, { severity: "warning" });
  expect(formatMistakes([m], { color: true })).toContain("\u001b[1;33mwarning:\u001b[0m");
  expect(formatMistakes([m], { color: false })).not.toContain("\u001b");
});

test("mistakes are sorted by place and told once", () => {
  const [a, b, c] = [mistake("", 3, 1), mistake("", 1, 1, { line: 9 }), mistake("", 1, 1, { file: "b.yml", line: 1 })];
  expect(sortMistakes([c!, b!, a!, a!])).toEqual([a, b, c]);
  expect(sortMistakes([a!, c!], ["b.yml", "a.yml"])).toEqual([c, a]);
});

test("a quoted text stays on its line and is cut off between characters", () => {
  expect(quote('a\n"b"')).toBe('"a\\n\\"b\\""');
  expect(quote("😀".repeat(1_000))).toBe(`"${"😀".repeat(60)}…"`);
  expect(quote("x".repeat(61))).toBe(`"${"x".repeat(60)}…"`);
});
