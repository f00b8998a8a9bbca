import type { Evidence } from "../rules/types.ts";
import type { Labels } from "../series/labels.ts";
import type { DurationMs, EpochMs } from "../series/time.ts";

/** A state carries only its own facts. What is not here is inactive. */
export type AlertState =
  | { readonly state: "pending"; readonly activeAt: EpochMs }
  | { readonly state: "firing"; readonly activeAt: EpochMs; readonly firedAt: EpochMs; readonly keptSince?: EpochMs }
  | { readonly state: "resolved"; readonly activeAt: EpochMs; readonly firedAt: EpochMs; readonly resolvedAt: EpochMs };

/** What every alert carries whatever its state; `labels` are its identity and include alertname. */
export interface AlertFacts {
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
  readonly value: number;
  readonly evidence: Evidence;
}

export type Alert = AlertFacts & { readonly is: AlertState };

/** Why an alert changed, where the reason is not simply that its condition did. */
export type TransitionReason =
  /** A further event on the same labels ended this alert. */
  | "superseded"
  /** Nothing could be said about its subject for longer than `evaluation.hold_for`. */
  | "unknown"
  /** The rule no longer exists. */
  | "rule-removed"
  /** The target it is about is watched no longer. */
  | "target-removed"
  /** A person said that it was a false alarm, or that this was to be expected. */
  | "false-alarm"
  | "expected"
  /** It lasted so long that its level was taken for normal. */
  | "rebaselined";

/** One step in an alert's life, told to outputs and printed by `replay`. */
export interface Transition extends AlertFacts {
  readonly at: EpochMs;
  readonly state: "pending" | "firing" | "resolved";
  readonly reason?: TransitionReason;
  /** When the condition first held. */
  readonly activeAt: EpochMs;
  /** When it began to fire; undefined while pending. */
  readonly firedAt?: EpochMs;
}

/** How one rule's alerts live. */
export interface AlertSettings {
  readonly for: DurationMs;
  readonly keepFiringFor: DurationMs;
  /** Pending plus firing alerts beyond this are cut off and counted; 0 means none. */
  readonly limit: number;
  /** How long an alert is held while nothing can be said about its subject. */
  readonly holdFor: DurationMs;
  /** An event alert fires for what happened, not for what is so: a further event on its labels ends it and begins another. */
  readonly events: boolean;
}
