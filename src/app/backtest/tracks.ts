import type { World } from "../../monitor/world.ts";
import { unitOf } from "../../rules/evidence.ts";
import type { AlertRule } from "../../rules/types.ts";
import { Labels } from "../../series/labels.ts";
import type { DurationMs, EpochMs } from "../../series/time.ts";
import { seriesDetectOf } from "../explain/verdict.ts";
import { fixedLabels } from "./episodes.ts";
import type { Tick } from "./history.ts";
import { MOST_SLOTS, TimeGrid, Track } from "./track.ts";

/** Subjects that are followed in one history: some 60 MB. Those that come later have no chart. */
const MOST_TRACKS = 2_000;

/** How one subject stood, and what to call it. */
export interface SubjectTrack {
  readonly alertname: string;
  readonly subject: Labels;
  /** What its values are counted in; see `quantity`. */
  readonly unit: string;
  readonly track: Track;
}

/** Follows every subject of the `detect:` rules through a history, for charts. */
export class Tracks {
  /** Milliseconds of the first slots. */
  readonly #slot: number;
  readonly #byRule = new Map<AlertRule, Map<string, SubjectTrack>>();
  #grid: TimeGrid | undefined;
  #count = 0;
  /** Subjects for which there was no room. */
  readonly #leftOut = new Set<string>();

  /** @param span how long the history is; without it charts find out as they go */
  constructor(spacing: DurationMs, span: DurationMs | undefined) {
    this.#slot = Math.max(spacing, (span ?? 0) / MOST_SLOTS);
  }

  get leftOut(): number {
    return this.#leftOut.size;
  }

  *all(): Iterable<SubjectTrack> {
    for (const subjects of this.#byRule.values()) yield* subjects.values();
  }

  /** Looks at the subjects of the targets that were just scraped; after each step. */
  observe(world: World, { now, inputs }: Tick): void {
    this.#grid ??= new TimeGrid(now, this.#slot);
    for (const input of inputs) {
      const target = input.kind === "scrape" ? world.targets.get(input.target.key) : undefined;
      const rules = target && !target.down ? world.targetRules.get(target) : undefined;
      for (const [rule, judge] of rules?.judges() ?? []) {
        judge.eachRead(({ watched, score, explanation }) => {
          const { track } = this.#trackOf(rule, watched.labels, this.#grid!) ?? {};
          if (track === undefined) return;
          const at = watched.reading.at as EpochMs;
          const bandWanted = track.add(watched.reading);
          if (explanation) track.setBand(explanation, at, score);
          else if (bandWanted) track.setBand(judge.explain(watched), at, score);
        });
      }
    }
  }

  #trackOf(rule: AlertRule, labels: Labels, grid: TimeGrid): SubjectTrack | undefined {
    const subjects = this.#byRule.get(rule) ?? new Map<string, SubjectTrack>();
    this.#byRule.set(rule, subjects);
    const known = subjects.get(labels.key);
    if (known) return known;
    if (this.#count >= MOST_TRACKS) {
      if (this.#leftOut.size < MOST_TRACKS) this.#leftOut.add(`${rule.name} ${labels.key}`);
      return undefined;
    }
    this.#count++;
    const detect = seriesDetectOf(rule);
    const subject = Labels.from([...labels.pairs, ...fixedLabels(rule)]);
    const unit = detect === undefined ? "level" : unitOf(detect);
    const made = { alertname: rule.name, subject, unit, track: new Track(grid) };
    subjects.set(labels.key, made);
    return made;
  }
}
