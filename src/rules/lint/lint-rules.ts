import { type Mistake, mistakeAt } from "../../documents/mistakes.ts";
import { type Document, keyAt, nodeAt, type Path, spanAt, textAt } from "../../documents/nodes.ts";
import { offsetPosition } from "../../documents/offset-position.ts";
import type { Span } from "../../documents/source.ts";
import { describePath } from "../describe-path.ts";
import type { LoadedRules } from "../load.ts";
import { Ignores } from "./ignores.ts";
import { LINTS } from "./index.ts";
import { KnownSeries } from "./known-series.ts";
import type { LintFinding, LintWorld } from "./lint.ts";

/** Nobody reads on after so many of one lint. */
const MAX_FINDINGS = 200;

/** What lints know beside the files. */
export type LintOptions = Pick<LintWorld, "now" | "interval" | "scrapeInterval" | "hits">;

/**
 * What lints have to say of rules that are loaded, as mistakes at their places, and what is wrong with the comments that switch
 * lints off. Rules of files with errors are left out.
 */
export function lintRules(
  { placed, documents, mistakes: errors }: LoadedRules,
  options: LintOptions,
): readonly Mistake[] {
  const rules = placed.filter(({ disabled }) => disabled === undefined);
  const world: LintWorld = { ...options, rules, series: new KnownSeries(recordedNames(documents)) };
  const ignores = new Ignores(documents, LINTS);
  const mistakes: Mistake[] = [];
  const ran = new Set<string>();
  for (const lint of LINTS) {
    if (lint.needs === "recording" && options.hits === undefined) continue;
    ran.add(lint.id);
    let left = MAX_FINDINGS;
    for (const finding of lint.check(world)) {
      if (left === 0) break;
      const { rule, twin, message, severity = lint.severity } = finding;
      if (ignores.ignores(lint.id, rule) || (twin && ignores.ignores(lint.id, twin))) continue;
      left--;
      const text = `${describePath(rule.document, rule.path)}: ${message}`;
      mistakes.push({ ...mistakeAt(spanOf(finding), text, severity), lint: lint.id });
    }
  }
  // Of a file with errors nobody knows what its comments are for.
  const broken = new Set(errors.map(({ file }) => file));
  return [...mistakes, ...ignores.mistakes(ran, broken)];
}

/** The piece of a file a finding is about. */
function spanOf({ rule: { document, path }, at, from, to, onKey }: LintFinding): Span {
  const root = document.root!;
  const whole = pathOf(document, path, at);
  const key = onKey ? keyAt(root, whole) : undefined;
  if (key !== undefined) return key;
  if (from !== undefined && nodeAt(root, whole)?.kind === "scalar") return offsetPosition(document, whole, from, to);
  return spanAt(root, whole);
}

/** A label that the rule does not have itself is its group's. */
function pathOf({ root }: Document, path: Path, at: Path): Path {
  const ofGroup = [...path.slice(0, 2), ...at];
  const isOfGroup = at[0] === "labels" && nodeAt(root, [...path, ...at]) === undefined && nodeAt(root, ofGroup);
  return isOfGroup ? ofGroup : [...path, ...at];
}

/** The names that recording rules write, also those of files that have errors elsewhere. */
function recordedNames(documents: readonly Document[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { root } of documents) {
    for (const path of rulePaths(root)) {
      const name = textAt(root, [...path, "record"]);
      if (name !== undefined) names.add(name);
    }
  }
  return names;
}

/** The place of each rule of a document, whatever is wrong with it. */
export function* rulePaths(root: Document["root"]): Iterable<Path> {
  const lengthAt = (path: Path): number => {
    const node = nodeAt(root, path);
    return node?.kind === "list" ? node.items.length : 0;
  };
  for (let i = 0; i < lengthAt(["groups"]); i++) {
    for (let j = 0; j < lengthAt(["groups", i, "rules"]); j++) yield ["groups", i, "rules", j];
  }
}
