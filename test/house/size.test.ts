import ts from "typescript";
import { expect, test } from "vitest";
import { filesUnder, nodesOf, placeOf, textOf, treeOf } from "./sources.ts";

const LONGEST_FILE = 300;
const LONGEST_FUNCTION = 60;

const FILES = [...filesUnder("src", "**/*.{ts,tsx}"), ...filesUnder("test", "**/*.{ts,tsx}")];

test("there is something to measure", () => {
  expect(FILES.length).toBeGreaterThan(150);
});

test(`no file of src/ or test/ is longer than ${LONGEST_FILE} lines`, () => {
  const sizes = FILES.map((path) => [path, textOf(path).trimEnd().split("\n").length] as const);
  expect(sizes.filter(([, lines]) => lines > LONGEST_FILE)).toEqual([]);
});

test(`no function of src/ is longer than ${LONGEST_FUNCTION} lines`, () => {
  const sources = FILES.filter((path) => path.startsWith("src/"));
  expect(sources.flatMap((path) => longFunctions(treeOf(path)))).toEqual([]);
});

/** Functions with a body that is too long, with their places; what stands inside them counts as theirs. */
function longFunctions(tree: ts.SourceFile): string[] {
  const found: string[] = [];
  for (const node of nodesOf(tree)) {
    if (!ts.isFunctionLike(node) || !("body" in node) || node.body === undefined) continue;
    const from = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line;
    const lines = tree.getLineAndCharacterOfPosition(node.end).line - from + 1;
    if (lines > LONGEST_FUNCTION) found.push(`${placeOf(tree, node)} has ${lines} lines`);
  }
  return found;
}
