import type { Labels } from "../series/labels.ts";
import { PromqlError, type Span } from "./error.ts";
import type { Matching } from "./grouping.ts";
import type { SetOp } from "./operators.ts";
import { duplicate, emptyVector, push, rejectDuplicates, truncate, type Vector } from "./vector.ts";

/** The value of a matched pair, or undefined where a filter drops it. */
export type Combine = (left: number, right: number) => number | undefined;

/**
 * Joins two vectors where their signatures are equal. One-to-one, or many-to-one with `group_left`/`group_right`; the
 * errors are those of Prometheus 3 (VectorBinop in prometheus/prometheus, promql/engine.go): several elements on the left
 * are a mistake even where a filter drops them, so that a rule does not fail only on the day it would fire.
 */
export function join(left: Vector, right: Vector, matching: Matching, combine: Combine, at: Span): Vector {
  const result = emptyVector();
  if (left.labels.length === 0 || right.labels.length === 0) return result;
  const flipped = matching.cardinality === "one-to-many";
  const many = flipped ? right : left;
  const one = flipped ? left : right;
  const bySignature = index(one, matching, flipped ? "left" : "right", at);
  const taken = new Set<number>();
  const made = new Set<string>();
  for (let i = 0; i < many.labels.length; i++) {
    const j = bySignature.get(matching.signatureOf(many.labels[i]!).key);
    if (j === undefined) continue;
    if (matching.cardinality === "one-to-one") {
      if (taken.has(j)) throw severalMatches(many.labels[i]!, matching, at);
      taken.add(j);
    }
    const labels = matching.resultOf(many.labels[i]!, one.labels[j]!);
    if (matching.cardinality !== "one-to-one") {
      const pair = `${j} ${labels.key}`;
      if (made.has(pair)) throw duplicate(labels, at);
      made.add(pair);
    }
    const value = flipped ? combine(one.values[j]!, many.values[i]!) : combine(many.values[i]!, one.values[j]!);
    if (value !== undefined) push(result, labels, value);
  }
  rejectDuplicates(result, at);
  return result;
}

/**
 * The elements of the one side by signature.
 * @throws PromqlError where two have the same.
 */
function index(vector: Vector, matching: Matching, side: "left" | "right", at: Span): Map<string, number> {
  const bySignature = new Map<string, number>();
  for (let i = 0; i < vector.labels.length; i++) {
    const labels = vector.labels[i]!;
    const signature = matching.signatureOf(labels);
    const other = bySignature.get(signature.key);
    if (other !== undefined) {
      throw new PromqlError(
        `Cannot match many to many: found ${vector.labels[other]} and ${labels} for ${signature} on the ${side}, expected one`,
        at,
      );
    }
    bySignature.set(signature.key, i);
  }
  return bySignature;
}

const severalMatches = (labels: Labels, matching: Matching, at: Span): PromqlError =>
  new PromqlError(
    `Cannot match many to one: found several elements for ${matching.signatureOf(labels)} on the left, ` +
      "expected one, or group_left",
    at,
  );

/** Intersection, union and difference of label sets by signature; many may match many. */
export function combineSets(op: SetOp, left: Vector, right: Vector, matching: Matching): Vector {
  if (op === "or") return union(left, right, matching);
  const signatures = signaturesOf(right, matching);
  let kept = 0;
  for (let i = 0; i < left.labels.length; i++) {
    if (signatures.has(matching.signatureOf(left.labels[i]!).key) !== (op === "and")) continue;
    left.labels[kept] = left.labels[i]!;
    left.values[kept++] = left.values[i]!;
  }
  truncate(left, kept);
  return left;
}

function union(left: Vector, right: Vector, matching: Matching): Vector {
  const signatures = signaturesOf(left, matching);
  for (let i = 0; i < right.labels.length; i++) {
    const labels = right.labels[i]!;
    if (!signatures.has(matching.signatureOf(labels).key)) push(left, labels, right.values[i]!);
  }
  return left;
}

const signaturesOf = (vector: Vector, matching: Matching): ReadonlySet<string> =>
  new Set(vector.labels.map((labels) => matching.signatureOf(labels).key));
