import { readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { globSync } from "tinyglobby";
import ts from "typescript";

/** The root of the repository. */
export const ROOT: string = resolve(import.meta.dirname, "../..");

/** Paths below a folder of the repository that match a glob, relative to the root, sorted. */
export function filesUnder(folder: string, pattern: string): string[] {
  const found = globSync(pattern, { cwd: join(ROOT, folder), absolute: true, dot: true, expandDirectories: false });
  return found.map((path) => relative(ROOT, path)).sort();
}

/** The text of a file of the repository. */
export const textOf = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** A TypeScript file as a tree, parents included. */
export const treeOf = (path: string, text = textOf(path)): ts.SourceFile =>
  ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);

/** Every node of a tree, parents before children. */
export function* nodesOf(node: ts.Node): Generator<ts.Node, void, undefined> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child);
  });
  for (const child of children) yield* nodesOf(child);
}

/** `path:line`, counting from 1. */
export function placeOf(tree: ts.SourceFile, node: ts.Node): string {
  return `${tree.fileName}:${tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1}`;
}
