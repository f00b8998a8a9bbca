import { Labels } from "../series/labels.ts";
import { matchesAll } from "../series/matchers.ts";
import type { ReceiverOptions } from "./receiver.ts";

/** The one entry of `group_by` that stands for every label. */
const EVERY_LABEL = "...";

/** Whether a receiver is told of alerts with these labels. Without matchers it is told of all but those of no severity. */
export function isFor({ match }: Pick<ReceiverOptions, "match">, labels: Labels): boolean {
  return match.length === 0 ? labels.get("severity") !== "none" : matchesAll(match, labels);
}

/** The labels that decide to which of a receiver's groups an alert belongs. */
export function groupLabelsOf({ groupBy }: Pick<ReceiverOptions, "groupBy">, labels: Labels): Labels {
  return groupBy.includes(EVERY_LABEL) ? labels : labels.only(...groupBy);
}

/** Alertmanager's text for a group: its route, which here has no matchers of its own, and its labels. */
export const groupKeyOf = (groupLabels: Labels): string => `{}:${groupLabels}`;

/** What all label sets have in common. */
export function commonLabels(sets: readonly Labels[]): Labels {
  const [first, ...others] = sets;
  if (first === undefined) return Labels.EMPTY;
  return Labels.from(first.pairs.filter(([name, value]) => others.every((other) => other.get(name) === value)));
}

/** What all annotations have in common. */
export function commonAnnotations(sets: readonly Readonly<Record<string, string>>[]): Readonly<Record<string, string>> {
  const [first = {}, ...others] = sets;
  const shared = Object.entries(first).filter(([name, value]) =>
    others.every((other) => Object.hasOwn(other, name) && other[name] === value),
  );
  return Object.fromEntries(shared);
}
