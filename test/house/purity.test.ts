import ts from "typescript";
import { expect, test } from "vitest";
import { filesUnder, nodesOf, placeOf, treeOf } from "./sources.ts";

const PURE_ROOMS = [
  "series",
  "documents",
  "exposition",
  "models",
  "signals",
  "detectors",
  "promql",
  "rules",
  "alerts",
  "monitor",
  "config",
];

/** Globals that are a clock, a timer, the network, or the process. */
const FORBIDDEN_GLOBALS: ReadonlySet<string> = new Set(
  "console crypto fetch globalThis navigator performance process queueMicrotask setImmediate setInterval setTimeout".split(
    " ",
  ),
);
const FORBIDDEN_MEMBERS: ReadonlySet<string> = new Set(["Date.now", "Math.random"]);

/** What a pure file may not do, each with its place. */
function impurities(tree: ts.SourceFile): string[] {
  const found: string[] = [];
  for (const node of nodesOf(tree)) {
    const what = impurityOf(node);
    if (what !== undefined) found.push(`${placeOf(tree, node)} ${what}`);
  }
  return found;
}

function impurityOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node)) return importOf(node);
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return "import()";
  if (ts.isPropertyAccessExpression(node)) {
    const path = node.getText();
    return FORBIDDEN_MEMBERS.has(path) ? path : undefined;
  }
  const dateOfNow = ts.isNewExpression(node) && node.expression.getText() === "Date" && !node.arguments?.length;
  if (dateOfNow) return "new Date()";
  if (ts.isCallExpression(node) && node.expression.getText() === "Date") return "Date()";
  if (ts.isIdentifier(node) && FORBIDDEN_GLOBALS.has(node.text) && !isOnlyAName(node)) return node.text;
  return undefined;
}

/** Node's own modules are the world; hashing alone is not. */
function importOf(node: ts.ImportDeclaration): string | undefined {
  const from = (node.moduleSpecifier as ts.StringLiteral).text;
  if (!from.startsWith("node:")) return undefined;
  const named = node.importClause?.namedBindings;
  const names = named && ts.isNamedImports(named) ? named.elements.map((element) => element.getText()) : ["*"];
  return from === "node:crypto" && names.join() === "createHash" ? undefined : `imports ${names.join(", ")} of ${from}`;
}

/** The name of a member, a field or a type's field says nothing of the global of the same name. */
function isOnlyAName({ parent, ...node }: ts.Identifier): boolean {
  const named = parent as ts.NamedDeclaration;
  return named.name !== undefined && named.name.pos === node.pos && !ts.isShorthandPropertyAssignment(parent);
}

test.each(PURE_ROOMS)("%s knows no clock, no randomness, no process and no network", (room) => {
  const files = filesUnder(`src/${room}`, "**/*.ts");
  expect(files.length).toBeGreaterThan(0);
  expect(files.flatMap((path) => impurities(treeOf(path)))).toEqual([]);
});

test.each([
  ["const t = Date.now();", "Date.now"],
  ["const t = new Date();", "new Date()"],
  ["const t = new Date;", "new Date()"],
  ["const t = Date();", "Date()"],
  ["const r = Math.random();", "Math.random"],
  ["const t = performance.now();", "performance"],
  ["const e = process.env;", "process"],
  ["const { env } = process;", "process"],
  ["fetch('http://x');", "fetch"],
  ["setTimeout(f, 1);", "setTimeout"],
  ["console.log(1);", "console"],
  ["const now = globalThis;", "globalThis"],
  ["const fs = await import('node:fs');", "import()"],
  ['import { readFileSync } from "node:fs";', "imports readFileSync of node:fs"],
  ['import { createHash, randomBytes } from "node:crypto";', "imports createHash, randomBytes of node:crypto"],
  ['import fs from "node:fs";', "imports * of node:fs"],
])("%s is impure", (text, what) => {
  expect(impurities(treeOf("a.ts", text))).toEqual([`a.ts:1 ${what}`]);
});

test.each([
  "// Date.now() is not called here",
  'const text = "setTimeout(process.exit)";',
  "const at = new Date(0).toISOString();",
  "const fetched = page.fetch;",
  "interface Job { readonly process: string }",
  'import { createHash } from "node:crypto";',
])("%s is pure", (text) => {
  expect(impurities(treeOf("a.ts", text))).toEqual([]);
});
