import type { Labels } from "../../series/labels.ts";
import type { TargetGroup } from "./discovery.ts";

/** Targets that one discovery may find. */
export const MAX_TARGETS = 20_000;
/** What the targets of one discovery may weigh. */
export const MAX_WEIGHT = 33_554_432;
/** Of Kubernetes twice as much: whole clusters are looked through for the few pods that matter. */
export const MAX_KUBERNETES_WEIGHT = 2 * MAX_WEIGHT;
/** What the targets of all discoveries together may weigh. */
export const MAX_TOTAL_WEIGHT = 3 * MAX_WEIGHT;

/** What a label costs beside its text: every target has a pair of its own. */
const PAIR = 64;

/** What a label weighs on each target that has it, in characters. */
export const labelWeight = (name: string, value: string): number => PAIR + name.length + value.length;

/** What a target weighs: a few labels or a small answer with many of both can come to gigabytes. */
export const targetWeight = ({ pairs }: Labels): number =>
  pairs.reduce((sum, [name, value]) => sum + labelWeight(name, value), 0);

/** How many targets groups hold, and what those weigh. */
export interface Load {
  readonly targets: number;
  readonly weight: number;
}

/** The load of groups as they are. */
export function loadOf(groups: readonly TargetGroup[]): Load {
  const all = groups.flatMap(({ targets }) => targets);
  return { targets: all.length, weight: all.reduce((sum, labels) => sum + targetWeight(labels), 0) };
}

/** Says what is too much for one discovery; undefined where nothing is. */
export function tooMuch({ targets, weight }: Load, most = MAX_WEIGHT): string | undefined {
  if (targets > MAX_TARGETS) return `Cannot use ${targets} targets: expected at most ${MAX_TARGETS}`;
  if (weight <= most) return undefined;
  return `Cannot use ${targets} targets with labels of ${weight} characters: expected at most ${most}, counting ${PAIR} more for each label of each target`;
}
