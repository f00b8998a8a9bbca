import type { MonitorEvent } from "../../monitor/events.ts";
import { step } from "../../monitor/step.ts";
import { World } from "../../monitor/world.ts";
import type { EpochMs } from "../../series/time.ts";
import { type Settings, worldOptions } from "../settings.ts";
import { type Difference, differenceOf } from "./difference.ts";
import { EpisodeBook } from "./episodes.ts";
import type { History, Tick } from "./history.ts";
import type { EpisodesOf } from "./totals.ts";
import { type SubjectTrack, Tracks } from "./tracks.ts";

/** What one set of rules made of one history. */
export interface Run extends EpisodesOf {
  /** What went wrong with rules, once each. */
  readonly problems: readonly string[];
  readonly tracks: readonly SubjectTrack[];
  /** Subjects of which there was no room for a chart. */
  readonly leftOut: number;
}

/** One history under one set of rules, or under two. */
export interface Backtested {
  readonly name: string;
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly spacing: number;
  readonly scrapes: number;
  readonly failedScrapes: number;
  readonly notes: readonly string[];
  readonly run: Run;
  readonly against: Run | undefined;
  /** Undefined without rules to compare with. */
  readonly difference: Difference | undefined;
}

/** How a backtest is done. */
export interface BacktestOptions {
  readonly rules: Settings;
  readonly against: Settings | undefined;
  /** Whether bands are wanted. */
  readonly charts: boolean;
  /** Told how far it has come. */
  readonly reached: (at: EpochMs) => void;
}

/** Problems of one run that are told. */
const MOST_PROBLEMS = 50;

/**
 * Lets rules live through a history, and where two sets are given both in one pass: what one sees the other sees.
 * @returns undefined where the history holds nothing
 * @throws UserMistake on rules or a history that cannot be used; Unreachable
 */
export async function backtest(history: History, options: BacktestOptions): Promise<Backtested | undefined> {
  const ours = await Side.make(options.rules, history, options.charts);
  const theirs = options.against && (await Side.make(options.against, history, options.charts));
  let start: EpochMs | undefined;
  let end: EpochMs | undefined;
  let scrapes = 0;
  let failedScrapes = 0;
  for await (const tick of history.ticks) {
    start ??= tick.now;
    end = tick.now;
    for (const input of tick.inputs) {
      if (input.kind !== "scrape") continue;
      scrapes++;
      if (input.outcome.kind !== "body") failedScrapes++;
    }
    ours.take(tick);
    theirs?.take(tick);
    options.reached(tick.now);
  }
  if (start === undefined || end === undefined) return undefined;
  const run = ours.run(end);
  const against = theirs?.run(end);
  return {
    name: history.name,
    start,
    end,
    spacing: history.spacing,
    scrapes,
    failedScrapes,
    notes: history.notes(),
    run,
    against,
    difference: against && differenceOf(run, against),
  };
}

/** One set of rules on its way through a history. */
class Side {
  readonly #world: World;
  readonly #book = new EpisodeBook();
  readonly #tracks: Tracks | undefined;
  readonly #problems = new Set<string>();

  private constructor(world: World, tracks: Tracks | undefined) {
    this.#world = world;
    this.#tracks = tracks;
  }

  static async make(settings: Settings, { spacing, span }: History, charts: boolean): Promise<Side> {
    const world = new World(await worldOptions(settings, spacing));
    return new Side(world, charts ? new Tracks(spacing, span) : undefined);
  }

  take(tick: Tick): void {
    for (const event of step(this.#world, tick.inputs, tick.now)) {
      if (event.kind === "transition") this.#book.note(event.rule, event.transition);
      const problem = problemOf(event);
      if (problem !== undefined && this.#problems.size < MOST_PROBLEMS) this.#problems.add(problem);
    }
    this.#book.observe(this.#world);
    this.#tracks?.observe(this.#world, tick);
  }

  run(end: EpochMs): Run {
    return {
      episodes: this.#book.episodes,
      end,
      problems: [...this.#problems],
      tracks: [...(this.#tracks?.all() ?? [])],
      leftOut: this.#tracks?.leftOut ?? 0,
    };
  }
}

function problemOf(event: MonitorEvent): string | undefined {
  if (event.kind === "bug") return `bug: ${String(event.error)}`;
  if (event.kind === "rule-failed") return `rule failed: ${event.rule}: ${event.why}`;
  if (event.kind === "alerts-cut") return `limit cuts off alerts: ${event.rule}`;
  return undefined;
}
