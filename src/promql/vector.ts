import type { Labels } from "../series/labels.ts";
import { PromqlError, type Span } from "./error.ts";
import { withoutName } from "./label-map.ts";

/**
 * An instant vector as two columns of equal length. Whoever receives one owns it: operators change it in place and pass
 * it on.
 */
export interface Vector {
  readonly labels: Labels[];
  readonly values: number[];
}

/** A vector to push to. */
export const emptyVector = (): Vector => ({ labels: [], values: [] });

/** Appends an element. */
export function push(vector: Vector, labels: Labels, value: number): void {
  vector.labels.push(labels);
  vector.values.push(value);
}

/** Cuts a vector to its first elements. */
export function truncate(vector: Vector, length: number): void {
  vector.labels.length = length;
  vector.values.length = length;
}

/**
 * Takes the metric names off, in place.
 * @throws PromqlError where two elements differed by nothing else.
 */
export function dropNames(vector: Vector, at: Span): Vector {
  const { labels } = vector;
  const name = labels[0]?.metric;
  let mixed = false;
  for (let i = 0; i < labels.length; i++) {
    const before = labels[i]!;
    const after = withoutName(before);
    if (before.metric !== name || before.pairs.length - after.pairs.length > 1) mixed = true;
    labels[i] = after;
  }
  // Elements are distinct to begin with: where nothing but one name went, they still are.
  if (mixed) rejectDuplicates(vector, at);
  return vector;
}

/** @throws PromqlError where two elements have the same labels. */
export function rejectDuplicates(vector: Vector, at: Span): void {
  const seen = new Set<string>();
  for (const labels of vector.labels) {
    if (seen.has(labels.key)) throw duplicate(labels, at);
    seen.add(labels.key);
  }
}

/** The mistake of a vector with the same labels twice. */
export const duplicate = (labels: Labels, at: Span): PromqlError =>
  new PromqlError(`Cannot build the result: two elements have the same labels ${labels}, expected each set once`, at);
