import { Labels, METRIC_NAME } from "../series/labels.ts";

/** Label set to label set. Equal objects in, the same object out, so that chains of maps cost a look-up each. */
export type LabelMap = (labels: Labels) => Labels;

/** Remembers a map by the identity of its argument, for as long as that argument lives. */
export function remembered(map: LabelMap): LabelMap {
  const known = new WeakMap<Labels, Labels>();
  return (labels) => {
    const found = known.get(labels);
    if (found !== undefined) return found;
    const mapped = map(labels);
    known.set(labels, mapped);
    return mapped;
  };
}

/** Keeps the named labels only. */
export function keeping(names: readonly string[]): LabelMap {
  return names.length === 0 ? () => Labels.EMPTY : remembered((labels) => labels.only(...names));
}

/** Takes the named labels away. */
export function dropping(names: readonly string[]): LabelMap {
  return names.length === 0 ? (labels) => labels : remembered((labels) => labels.without(...names));
}

/** The labels that say what a metric is: they go together wherever a value is no longer that metric's. */
export const METADATA: readonly string[] = [METRIC_NAME, "__type__", "__unit__"];

/** Takes the metric name away, and its type and unit. */
export const withoutName: LabelMap = dropping(METADATA);
