import type { Labels } from "../series/labels.ts";
import type { ScrapeProblem } from "./events.ts";

/** Characters of a series that are told. */
const LONGEST_TOLD = 200;

/** What is wrong with a series of a page, as a problem of the page; which line it stood on nobody knows. */
export function seriesProblem(kind: ScrapeProblem["kind"], series: Labels, why: string): ScrapeProblem {
  return { kind, line: 0, text: String(series).slice(0, LONGEST_TOLD), why };
}

/**
 * The same problems, the first of each kind before all others: who tells only a few of them must not leave out a kind because a page
 * has many of another.
 */
export function eachKindFirst(problems: readonly ScrapeProblem[]): readonly ScrapeProblem[] {
  const firsts = [...new Map(problems.toReversed().map((problem) => [problem.kind, problem])).values()].toReversed();
  const told = new Set(firsts);
  return [...firsts, ...problems.filter((problem) => !told.has(problem))];
}
