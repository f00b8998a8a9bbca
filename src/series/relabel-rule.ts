import type { RE2JS } from "re2js";

export const RELABEL_ACTIONS = [
  "replace",
  "keep",
  "drop",
  "keepequal",
  "dropequal",
  "hashmod",
  "labelmap",
  "labeldrop",
  "labelkeep",
  "lowercase",
  "uppercase",
] as const;

export type RelabelAction = (typeof RELABEL_ACTIONS)[number];

/** One step of relabelling with its defaults filled in (Prometheus, model/relabel). */
export interface RelabelRule {
  readonly action: RelabelAction;
  readonly sourceLabels: readonly string[];
  readonly separator: string;
  /** Anchored at both ends, `.` matches line ends, RE2 syntax: `^(?s:…)$`. */
  readonly regex: RE2JS;
  readonly replacement: string;
  /** Empty where the action has none. */
  readonly targetLabel: string;
  /** 0 where the action is not hashmod. */
  readonly modulus: number;
}
