import type { Labels } from "../series/labels.ts";
import { type DurationMs, durationMs, type EpochMs, epochMs, MINUTE } from "../series/time.ts";
import { AlertShelf } from "./alert-shelf.ts";
import type { Alert, AlertFacts, AlertSettings, AlertState, Transition, TransitionReason } from "./types.ts";

/** How long a resolved alert is remembered, so that outputs can repeat that it ended. */
export const RESOLVED_RETENTION = durationMs(15 * MINUTE);
const NO_TIME = durationMs(0);

/** What a rule found at one instant. After an error there is none, and nothing changes. */
export interface Evaluation {
  readonly at: EpochMs;
  /** With full labels, alertname among them. */
  readonly findings: readonly AlertFacts[];
  /** Nothing can be said about this subject now. Its alert is held: not resolved, and no clock of it runs. */
  readonly unknown?: (labels: Labels) => boolean;
  /** Why an alert that is not found any more ends at once, where somebody decided so. */
  readonly over?: (labels: Labels) => TransitionReason | undefined;
}

export type Advance =
  /** First the alerts that ended, in the order they began, then findings in their order. `cut`: findings without a place. */
  | { readonly kind: "advanced"; readonly transitions: readonly Transition[]; readonly cut: number }
  /** Two findings of a condition have the same labels: an error of the evaluation, so nothing changed. */
  | { readonly kind: "duplicate"; readonly labels: Labels };

/** An alert with what only its own clocks need. */
export type SavedAlert = Alert & Clocks;

interface Clocks {
  /** Time not counted towards `for`, and towards `keep_firing_for`, because nothing was known. */
  readonly held: DurationMs;
  readonly keptHeld: DurationMs;
  readonly unknownSince: EpochMs | undefined;
  /** The last evaluation that looked at it. */
  readonly seenAt: EpochMs;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Entry extends Mutable<Clocks> {
  facts: AlertFacts;
  is: AlertState;
}

/**
 * The alerts of one rule and their life, as in Prometheus (rules/alerting.go, `Eval`) but for three things: an alert is held
 * while its subject is unknown; beyond the limit, or more of one target than there is a place for, new alerts are cut off and
 * counted, and those there are stay, so a flood of label sets hides nothing; and an event on an alert's labels ends it and begins another.
 */
export class RuleAlerts {
  /** Replaced on reload; the alerts stay. */
  settings: AlertSettings;
  /** Pending and firing, in the order they began. */
  readonly #active = new AlertShelf<Entry>();
  /** In the order they ended. */
  readonly #resolved = new AlertShelf<Entry>();

  constructor(settings: AlertSettings) {
    this.settings = settings;
  }

  /** One evaluation. Called twice with the same one of a condition, the second changes nothing. */
  advance(evaluation: Evaluation): Advance {
    const { at, findings } = evaluation;
    const found = new Set<string>();
    for (const { labels } of findings) {
      if (found.has(labels.key) && !this.settings.events) return { kind: "duplicate", labels };
      found.add(labels.key);
    }
    const transitions: Transition[] = [];
    for (const [key, entry] of this.#active) {
      if (found.has(key)) continue;
      this.#absent(key, entry, evaluation, transitions);
      entry.seenAt = at;
    }
    let cut = 0;
    for (const facts of findings) cut += this.#present(facts, at, transitions);
    this.#forget(at);
    return { kind: "advanced", transitions, cut };
  }

  /** What these alerts are about is gone: those that fire are resolved, the rest dropped. */
  close(at: EpochMs, reason: TransitionReason, which: (labels: Labels) => boolean = everything): readonly Transition[] {
    const transitions: Transition[] = [];
    for (const [key, entry] of this.#active) {
      if (which(entry.facts.labels)) this.#end(key, entry, at, transitions, reason);
    }
    return transitions;
  }

  /** Pending and firing in the order they began, then those resolved in the last 15 minutes. */
  *alerts(): Iterable<Alert> {
    for (const entry of this.#active.values()) yield { ...entry.facts, is: entry.is };
    for (const entry of this.#resolved.values()) yield { ...entry.facts, is: entry.is };
  }

  /** Since when there is a pending or firing alert of these labels; undefined where there is none. */
  activeAt({ key }: Labels): EpochMs | undefined {
    return this.#active.get(key)?.is.activeAt;
  }

  save(): readonly SavedAlert[] {
    return [...this.#active.values(), ...this.#resolved.values()].map(({ facts, ...rest }) => ({ ...facts, ...rest }));
  }

  /** Takes saved alerts back after the program was `away` so long; that time counts for no clock. */
  restore(saved: Iterable<SavedAlert>, away: DurationMs): void {
    for (const { labels, annotations, value, evidence, is, held, keptHeld, unknownSince, seenAt } of saved) {
      const entry: Entry = {
        facts: { labels, annotations, value, evidence },
        is,
        held: durationMs(held + away),
        keptHeld: durationMs(keptHeld + away),
        unknownSince: unknownSince === undefined ? undefined : epochMs(unknownSince + away),
        seenAt: epochMs(seenAt + away),
      };
      (is.state === "resolved" ? this.#resolved : this.#active).set(entry);
    }
  }

  #absent(key: string, entry: Entry, { at, unknown, over }: Evaluation, transitions: Transition[]): void {
    const { holdFor, keepFiringFor, events } = this.settings;
    const decided = over?.(entry.facts.labels);
    if (decided !== undefined) {
      this.#end(key, entry, at, transitions, decided);
      return;
    }
    // What happened has happened: an event's alert needs nobody's word to end.
    if (!events && unknown?.(entry.facts.labels) === true) {
      entry.unknownSince ??= at;
      if (at - entry.unknownSince >= holdFor) this.#end(key, entry, at, transitions, "unknown");
      else this.#hold(entry, at);
      return;
    }
    entry.unknownSince = undefined;
    if (entry.is.state === "firing" && keepFiringFor > 0) {
      if (entry.is.keptSince === undefined) {
        entry.is = { ...entry.is, keptSince: at };
        entry.keptHeld = NO_TIME;
      }
      if (at - entry.is.keptSince! - entry.keptHeld < keepFiringFor) {
        this.#settle(entry, at, transitions);
        return;
      }
    }
    this.#end(key, entry, at, transitions);
  }

  #hold(entry: Entry, at: EpochMs): void {
    const gap = Math.max(0, at - entry.seenAt);
    entry.held = durationMs(entry.held + gap);
    entry.keptHeld = durationMs(entry.keptHeld + gap);
  }

  /** 1 where the finding is cut off, else 0. */
  #present(facts: AlertFacts, at: EpochMs, transitions: Transition[]): 0 | 1 {
    const key = facts.labels.key;
    const known = this.#active.get(key);
    if (known !== undefined && !this.settings.events) {
      known.facts = { ...facts, labels: known.facts.labels };
      if (known.is.state === "firing" && known.is.keptSince !== undefined) {
        known.is = { state: "firing", activeAt: known.is.activeAt, firedAt: known.is.firedAt };
      }
      known.unknownSince = undefined;
      known.seenAt = at;
      this.#settle(known, at, transitions);
      return 0;
    }
    if (known !== undefined) this.#end(key, known, at, transitions, "superseded");
    const { limit } = this.settings;
    if ((limit > 0 && this.#active.size >= limit) || !this.#active.hasRoom(facts.labels)) return 1;
    this.#resolved.delete(key);
    const is = { state: "pending", activeAt: at } as const;
    const entry: Entry = { facts, is, held: NO_TIME, keptHeld: NO_TIME, unknownSince: undefined, seenAt: at };
    this.#active.set(entry);
    this.#settle(entry, at, transitions);
    if (entry.is.state === "pending") transitions.push(transition(entry, at));
    return 0;
  }

  /** Pending that lasted long enough fires; firing that did not, now that `for` was raised, is pending again. */
  #settle(entry: Entry, at: EpochMs, transitions: Transition[]): void {
    const { activeAt, state } = entry.is;
    const lasted = this.settings.events || at - activeAt - entry.held >= this.settings.for;
    if (state === "pending" && lasted) {
      entry.is = { state: "firing", activeAt, firedAt: at };
      transitions.push(transition(entry, at));
    } else if (entry.is.state === "firing" && !lasted) {
      // Told as its end first, so that whoever heard of a firing alert hears exactly once that it is over.
      entry.is = { state: "resolved", activeAt, firedAt: entry.is.firedAt, resolvedAt: at };
      transitions.push(transition(entry, at));
      entry.is = { state: "pending", activeAt };
      transitions.push(transition(entry, at));
    }
  }

  #end(key: string, entry: Entry, at: EpochMs, transitions: Transition[], reason?: TransitionReason): void {
    this.#active.delete(key);
    if (entry.is.state !== "firing") return;
    entry.is = { state: "resolved", activeAt: entry.is.activeAt, firedAt: entry.is.firedAt, resolvedAt: at };
    transitions.push(transition(entry, at, reason));
    this.#resolved.delete(key);
    this.#resolved.makeRoom(entry.facts.labels);
    this.#resolved.set(entry);
  }

  #forget(at: EpochMs): void {
    for (const [key, { is }] of this.#resolved) {
      if (is.state === "resolved" && at - is.resolvedAt <= RESOLVED_RETENTION) return;
      this.#resolved.delete(key);
    }
  }
}

const everything = (): boolean => true;

function transition({ facts, is }: Entry, at: EpochMs, reason?: TransitionReason): Transition {
  return {
    ...facts,
    at,
    state: is.state,
    activeAt: is.activeAt,
    ...(is.state === "pending" ? {} : { firedAt: is.firedAt }),
    ...(reason === undefined ? {} : { reason }),
  };
}
