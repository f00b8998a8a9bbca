import { Labels, METRIC_NAME } from "../series/labels.ts";
import { dropping, keeping, type LabelMap, METADATA, withoutName } from "./label-map.ts";

/** How an aggregation groups: `by` some labels, or by all but the name and some (`without`). */
export interface Grouping {
  readonly mode: "by" | "without";
  readonly names: readonly string[];
  /** A series' labels to those of its group. */
  readonly groupOf: LabelMap;
}

/** Builds the grouping of an aggregation. */
export function grouping(mode: Grouping["mode"], names: readonly string[]): Grouping {
  return { mode, names, groupOf: mode === "by" ? keeping(names) : dropping([METRIC_NAME, ...names]) };
}

/** Which side may hold several elements for one of the other's. */
type Cardinality = "one-to-one" | "many-to-one" | "one-to-many";

/** What is written between two vectors: `on (…)`, `ignoring (…)`, `group_left (…)`, `group_right (…)`. */
export interface MatchingClause {
  readonly on: boolean;
  readonly names: readonly string[];
  readonly cardinality: Cardinality;
  /** Labels the many side takes over from the one side. */
  readonly include: readonly string[];
}

/** A clause made ready for one operator. */
export interface Matching extends MatchingClause {
  /** Elements meet where these labels are equal. */
  readonly signatureOf: LabelMap;
  /** The labels of a result, from those of the many (or left) and of the one (or right) element. */
  readonly resultOf: (many: Labels, one: Labels) => Labels;
}

/** The clause of an operator that has none written: equal labels meet. */
export const PLAIN: MatchingClause = { on: false, names: [], cardinality: "one-to-one", include: [] };

/** What becomes of the metric name: arithmetic takes it off at once, `bool` at last, a filter leaves it. */
export type NameFate = "first" | "last" | "kept";

/** Makes a clause ready for an operator. Source: resultMetric in prometheus/prometheus, promql/engine.go. */
export function matching(clause: MatchingClause, nameDropped: NameFate): Matching {
  const { on, names, cardinality, include } = clause;
  const signatureOf = on ? keeping(names) : dropping([METRIC_NAME, ...names]);
  const named = nameDropped === "kept";
  if (cardinality === "one-to-one") {
    const kept = keeping(named ? names : names.filter((name) => !METADATA.includes(name)));
    const map = on ? kept : dropping(named ? names : [...METADATA, ...names]);
    return { ...clause, signatureOf, resultOf: map };
  }
  const base: LabelMap = named ? (labels) => labels : withoutName;
  if (include.length === 0) return { ...clause, signatureOf, resultOf: base };
  const included = including(include);
  if (nameDropped !== "last") return { ...clause, signatureOf, resultOf: (many, one) => included(base(many), one) };
  return { ...clause, signatureOf, resultOf: (many, one) => withoutName(included(many, one)) };
}

/** Lays some labels of the one side over the many side's; remembers the last pairing of each many side. */
function including(names: readonly string[]): (many: Labels, one: Labels) => Labels {
  const known = new WeakMap<Labels, { readonly one: Labels; readonly result: Labels }>();
  return (many, one) => {
    const found = known.get(many);
    if (found?.one === one) return found.result;
    const taken = names.map((name) => [name, one.get(name) ?? ""] as const);
    const result = Labels.from([...many.pairs, ...taken]);
    known.set(many, { one, result });
    return result;
  };
}
