import { step } from "../../monitor/step.ts";
import { World } from "../../monitor/world.ts";
import { unitOf } from "../../rules/evidence.ts";
import type { Judge, Judged } from "../../rules/judge.ts";
import type { AlertRule } from "../../rules/types.ts";
import type { Watched } from "../../rules/watch.ts";
import type { Labels } from "../../series/labels.ts";
import { type Matcher, matchesAll } from "../../series/matchers.ts";
import { type EpochMs, epochMs, formatTime } from "../../series/time.ts";
import { printable } from "../../telemetry/printable.ts";
import { openRecording } from "../recorded-scrapes.ts";
import { type Settings, worldOptions } from "../settings.ts";
import { UserMistake } from "../user-mistake.ts";
import { ownLabels } from "../views/fingerprints.ts";
import { learningOf } from "../views/learning-views.ts";
import { showTolerances } from "../views/tolerance-views.ts";
import { chooseSubject, parseSubject } from "./choose-subject.ts";
import type { Asked, Explained, ExplainedPoint } from "./explained.ts";
import { statisticsNamed } from "./named-rules.ts";
import { seriesDetectOf, showTest, verdictOf } from "./verdict.ts";

/** Readings after the moment in question that are still shown. */
const AFTER = 60;
/** Readings kept of a subject; of a longer recording the oldest go. */
const MOST_POINTS = 50_000;
/** Subjects followed; whoever asks for one of more is told that several match. */
const MOST_FOLLOWED = 64;
/** A score that was never above it is no reason to look there rather than at the end. */
const QUIET = 0.05;

/** One subject over the recording. */
interface Track {
  readonly labels: Labels;
  readonly rule: AlertRule;
  readonly judge: Judge;
  /** Another one where the watch had forgotten it in between. */
  watched: Watched;
  points: ExplainedPoint[];
  /** How it stood at the moment in question, as far as that is known by now. */
  moment: Explained | undefined;
  /** The highest score so far. */
  peak: number;
  /** How it stood when the alarm began that is on. */
  began: Explained | undefined;
}

/**
 * Runs a recording and tells how a rule's detector saw one subject around a moment.
 * @throws UserMistake where the recording or the rules cannot be used, or not exactly one subject is meant
 */
export async function explainRecording(settings: Settings, path: string, asked: Asked): Promise<Explained> {
  const matchers = parseSubject(asked.subject);
  const { spacing, batches } = await openRecording(path);
  const world = new World(await worldOptions(settings, spacing));
  const follow = new Follow(world, statisticsNamed(world.rules.alertRules(), asked.rule), matchers);
  let left = AFTER;
  for await (const inputs of batches) {
    const { at } = inputs[0]!;
    if (asked.at !== undefined && at > asked.at) {
      if (left === AFTER) follow.takeMoment();
      if (left-- === 0) break;
    }
    step(world, inputs, at);
    for (const { target } of inputs) follow.look(target);
    follow.take(at, asked.at === undefined);
  }
  return answer(follow, { ...asked, matchers });
}

function answer({ seen, tracks, passed }: Follow, asked: Asked & { readonly matchers: readonly Matcher[] }): Explained {
  const { labels } = chooseSubject([...seen.values()], asked);
  const track = tracks.get(labels.key);
  const known = track && (track.moment ?? (passed ? undefined : momentOf(track)));
  if (!track || !known || track.points.length === 0) {
    const when = asked.at === undefined ? "" : ` before ${formatTime(asked.at)}`;
    throw new UserMistake(`Cannot explain ${printable(String(labels))}: nothing was read of it${when}`);
  }
  const quiet = asked.at === undefined && track.peak < QUIET;
  return { ...(quiet ? momentOf(track) : known), points: track.points };
}

/** The subjects of some rules, as they come; those that are meant are followed. */
class Follow {
  /** All of them, by their labels. */
  readonly seen = new Map<string, { readonly labels: Labels }>();
  readonly tracks = new Map<string, Track>();
  /** The moment in question is over. */
  passed = false;
  readonly #world: World;
  readonly #rules: readonly AlertRule[];
  readonly #matchers: readonly Matcher[];
  readonly #known = new Map<AlertRule, WeakSet<Watched>>();

  constructor(world: World, rules: readonly AlertRule[], matchers: readonly Matcher[]) {
    this.#world = world;
    this.#rules = rules;
    this.#matchers = matchers;
  }

  /** Looks for new ones on a target. */
  look(target: Labels): void {
    const rules = this.#world.targetRules.get(this.#world.target(target));
    for (const rule of this.#rules) {
      const judge = rules?.judge(rule);
      const known = this.#known.get(rule) ?? new WeakSet();
      this.#known.set(rule, known);
      for (const watched of judge?.watch.subjects() ?? []) {
        if (!judge || known.has(watched)) continue;
        known.add(watched);
        this.#meet(rule, judge, watched);
      }
    }
  }

  #meet(rule: AlertRule, judge: Judge, watched: Watched): void {
    const labels = watched.labels.with(ownLabels(this.#world.rules, rule));
    this.seen.set(labels.key, { labels });
    const track = this.tracks.get(labels.key);
    if (track) track.watched = watched;
    else if (this.tracks.size < MOST_FOLLOWED && matchesAll(this.#matchers, labels)) {
      this.tracks.set(labels.key, {
        labels,
        rule,
        judge,
        watched,
        points: [],
        moment: undefined,
        peak: -1,
        began: undefined,
      });
    }
  }

  /**
   * Takes down what was read at an instant.
   * @param peaks whether the moment in question is that of the highest score: the beginning of its alarm, where there was one
   */
  take(at: EpochMs, peaks: boolean): void {
    for (const track of this.tracks.values()) {
      const { judge, watched, points } = track;
      if (watched.state !== "read" || watched.reading.at !== at) continue;
      const judged = judge.judgedOf(watched);
      points.push(pointOf(judged));
      if (points.length >= 2 * MOST_POINTS) track.points = points.slice(-MOST_POINTS);
      if (judged.state !== "anomalous") track.began = undefined;
      else if (peaks) track.began ??= momentOf(track);
      if (judged.score <= track.peak) continue;
      track.peak = judged.score;
      if (peaks) track.moment = track.began ?? momentOf(track);
    }
  }

  /** The moment in question is now. */
  takeMoment(): void {
    this.passed = true;
    for (const track of this.tracks.values()) if (track.points.length > 0) track.moment = momentOf(track);
  }
}

function pointOf({ watched, state, score, explanation }: Judged): ExplainedPoint {
  const { observed, expected, lower, upper, evidence, threshold } = explanation;
  return {
    at: epochMs(watched.reading.at),
    observed,
    ...(expected !== undefined && { expected }),
    ...(lower !== undefined && { lower }),
    ...(upper !== undefined && { upper }),
    ...{ score, state, evidence, threshold },
  };
}

/** How a subject stands now. */
function momentOf({ labels, rule, judge, watched }: Track): Explained {
  const judged = judge.judgedOf(watched);
  const detect = seriesDetectOf(rule)!;
  const { state, score, explanation, raise, tolerances } = judged;
  const learning = learningOf(judge.watch, watched, detect);
  return {
    rule: rule.name,
    labels: labels.toJSON(),
    unit: unitOf(detect),
    at: epochMs(watched.reading.at),
    ...{ state, score, verdict: verdictOf(detect, judge.watch, judged) },
    looked: showTest(explanation),
    tests: judge.watch.detector.tests(detect),
    ...(raise > 0 && { raise }),
    ...(learning && { learning }),
    ...(watched.prior && { prior: watched.prior.toJSON() }),
    ...(tolerances.length > 0 && { tolerated: showTolerances(judged) }),
    points: [],
  };
}
