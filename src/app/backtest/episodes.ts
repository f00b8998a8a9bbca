import type { Alert, Transition, TransitionReason } from "../../alerts/types.ts";
import type { World } from "../../monitor/world.ts";
import { unitOf } from "../../rules/evidence.ts";
import type { AlertRule } from "../../rules/types.ts";
import type { Labels } from "../../series/labels.ts";
import type { EpochMs } from "../../series/time.ts";
import { seriesDetectOf } from "../explain/verdict.ts";

/** Once that an alert fired, from its first firing to its end. */
export interface Episode {
  readonly alertname: string;
  /** What tells the alert from others of its name, without what the rule says of all its alerts. */
  readonly subject: Labels;
  readonly labels: Labels;
  readonly severity: string;
  readonly summary: string;
  /** When its condition began to hold. */
  readonly activeAt: EpochMs;
  readonly firedAt: EpochMs;
  /** Undefined where it fired to the end of the history. */
  readonly endedAt: EpochMs | undefined;
  readonly reason: TransitionReason | undefined;
  /** What its values are counted in, see `quantity`; undefined where no detector read them. */
  readonly unit: string | undefined;
  /** When it began to fire. */
  readonly value: number;
  /** The farthest the value went: the largest, or the smallest of one that fell. */
  readonly peakValue: number;
  /** The highest score of a detector. */
  readonly peakScore: number | undefined;
}

type Growing = { -readonly [K in keyof Episode]: Episode[K] };

/** Keeps what alerts did in one history as episodes. */
export class EpisodeBook {
  readonly #all: Growing[] = [];
  readonly #open = new Map<AlertRule, Map<string, Growing>>();

  /** In the order in which they began to fire. */
  get episodes(): readonly Episode[] {
    return this.#all;
  }

  /** Takes a step of an alert. */
  note(rule: AlertRule, transition: Transition): void {
    const { labels, state, at, reason } = transition;
    if (state === "firing") this.#begin(rule, transition);
    const open = this.#open.get(rule);
    const episode = open?.get(labels.key);
    if (state !== "resolved" || !open || !episode) return;
    episode.endedAt = at;
    episode.reason = reason;
    open.delete(labels.key);
    if (open.size === 0) this.#open.delete(rule);
  }

  /** Looks at how far the alerts that fire have gone; after each step. */
  observe(world: World): void {
    for (const [rule, open] of this.#open) {
      for (const alert of world.ruleStates.get(rule)?.alerts() ?? []) {
        const episode = alert.is.state === "firing" ? open.get(alert.labels.key) : undefined;
        if (episode) grow(episode, alert);
      }
    }
  }

  #begin(rule: AlertRule, { labels, annotations, value, evidence, at, activeAt, firedAt = at }: Transition): void {
    const detect = seriesDetectOf(rule);
    const episode: Growing = {
      alertname: rule.name,
      subject: subjectOf(rule, labels),
      labels,
      severity: labels.get("severity") ?? "",
      summary: annotations["summary"] ?? "",
      activeAt,
      firedAt,
      endedAt: undefined,
      reason: undefined,
      unit: detect && unitOf(detect),
      value,
      peakValue: value,
      peakScore: scoreOf(evidence["score"]),
    };
    this.#all.push(episode);
    const open = this.#open.get(rule) ?? new Map<string, Growing>();
    this.#open.set(rule, open);
    open.set(labels.key, episode);
  }
}

/** Whether nobody needs to hear of an alert: a watchdog always fires, and says so with its severity. */
export const isWatchdog = ({ severity }: Pick<Episode, "severity">): boolean => severity === "none";

function grow(episode: Growing, { value, evidence }: Alert): void {
  const score = scoreOf(evidence["score"]);
  if (score !== undefined && score > (episode.peakScore ?? -1)) episode.peakScore = score;
  const { expected } = evidence;
  const fell = typeof expected === "number" && value < expected;
  if (fell ? value < episode.peakValue : value > episode.peakValue) episode.peakValue = value;
}

const scoreOf = (score: unknown): number | undefined => (typeof score === "number" ? score : undefined);

/**
 * The labels of an alert but for its name and for those that classify the rule: with another severity it is the same alert.
 * A label of a rule that says what it is about (the resource of TritonResourceExhaustion) or that is computed stays.
 */
const subjectOf = (rule: AlertRule, labels: Labels): Labels =>
  labels.without("alertname", ...constantsOf(rule).flatMap(([name]) => (CLASSES.has(name) ? [name] : [])));

/** The labels that a rule writes the same on each of its alerts and that say what these are about. */
export const fixedLabels = (rule: AlertRule): readonly (readonly [name: string, value: string])[] =>
  constantsOf(rule).filter(([name]) => !CLASSES.has(name));

const constantsOf = ({ labels }: AlertRule): readonly (readonly [name: string, value: string])[] =>
  labels.flatMap(([name, { text, program }]) => (program === undefined ? [[name, text] as const] : []));

const CLASSES: ReadonlySet<string> = new Set(["severity", "category", "attack", "team", "priority"]);
