import type { Labels } from "./labels.ts";
import { type Matcher, matchesAll, metricNameOf } from "./matchers.ts";
import { RecordedSeries } from "./recorded-series.ts";
import type { SeriesView } from "./source.ts";
import { type DurationMs, durationMs, type EpochMs, MINUTE } from "./time.ts";

/** What the recorder holds at most; what does not fit is refused and counted, or reaches back less far. */
export interface RecorderLimits {
  readonly series: number;
  readonly bytes: number;
}

const DEFAULT_RECORDER_LIMITS: RecorderLimits = { series: 200_000, bytes: 256 * 1024 * 1024 };
const PRUNE_EVERY = MINUTE;
/** Series of one target above which the past of those that ended is forgotten: it would take the place of others. */
const CROWD = 8_000;

/** The series we write ourselves, bounded in number and memory. Those rules can no longer read are forgotten. */
export class Recorder {
  /** By metric name and key. */
  readonly #series = new Map<string, Map<string, RecordedSeries>>();
  readonly #limits: RecorderLimits;
  /** Series by the target they speak of, and when it was last seen to have too many. */
  readonly #counts = new Map<string, number>();
  readonly #thinned = new Map<string, EpochMs>();
  #reach = durationMs(0);
  #pruned = Number.NEGATIVE_INFINITY;
  #size = 0;
  #bytes = 0;
  /** Changes whenever a series comes or goes. */
  shape = 0;
  /** How often a sample was refused because there were too many series. */
  refused = 0;

  constructor(limits: RecorderLimits = DEFAULT_RECORDER_LIMITS) {
    this.#limits = limits;
  }

  /** How far back rules read these series. */
  set reach(reach: DurationMs) {
    this.#reach = reach;
  }

  /** Writes a sample; one that is not newer than the series' last is left out, but for one at the same time, which takes its place. */
  record(labels: Labels, at: EpochMs, value: number): void {
    if (at - this.#pruned >= PRUNE_EVERY) this.#prune(at);
    const series = this.#find(labels) ?? this.#make(labels, at);
    if (!series) return;
    const before = series.bytes;
    series.push(at, value, this.#bytes + before <= this.#limits.bytes ? this.#reach : durationMs(0));
    this.#bytes += series.bytes - before;
  }

  /** From this instant on the series has no value, until its next sample. */
  stale(labels: Labels, at: EpochMs): void {
    const series = this.#find(labels);
    if (!series) return;
    const before = series.bytes;
    series.stale(at, this.#reach);
    this.#bytes += series.bytes - before;
  }

  /** Forgets series at once, their past too. */
  forget(gone: (series: Labels) => boolean): void {
    this.#forget((series) => gone(series.labels));
  }

  /** The series whose labels satisfy all matchers, in a stable order. */
  views(matchers: readonly Matcher[]): SeriesView[] {
    const metric = metricNameOf(matchers);
    const views: SeriesView[] = [];
    for (const family of metric === undefined ? this.#series.values() : [this.#series.get(metric)]) {
      for (const series of family?.values() ?? []) if (matchesAll(matchers, series.labels)) views.push(series);
    }
    return views;
  }

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  #find(labels: Labels): RecordedSeries | undefined {
    return this.#series.get(labels.metric)?.get(labels.key);
  }

  #make(labels: Labels, at: EpochMs): RecordedSeries | undefined {
    const made = new RecordedSeries(labels);
    const full = () => this.#size >= this.#limits.series || this.#bytes + made.bytes > this.#limits.bytes;
    if (full() && at > this.#pruned) this.#prune(at);
    const instance = labels.get("instance") ?? "";
    if (instance !== "" && (this.#counts.get(instance) ?? 0) >= CROWD) this.#thin(instance, at);
    if (full()) {
      this.refused++;
      return undefined;
    }
    let family = this.#series.get(labels.metric);
    if (!family) {
      family = new Map();
      this.#series.set(labels.metric, family);
    }
    family.set(labels.key, made);
    this.#size++;
    this.#counts.set(instance, (this.#counts.get(instance) ?? 0) + 1);
    this.#bytes += made.bytes;
    this.shape++;
    return made;
  }

  /** Forgets the series of which rules can read nothing any more. */
  #prune(at: EpochMs): void {
    this.#pruned = at;
    this.#forget((series) => series.lastAt < at - this.#reach);
  }

  /** Forgets the series of a target that ended; once a scrape, for all of them may be there. */
  #thin(instance: string, at: EpochMs): void {
    if (this.#thinned.get(instance) === at) return;
    this.#thinned.set(instance, at);
    this.#forget((series) => series.ended && series.labels.get("instance") === instance);
  }

  #forget(goes: (series: RecordedSeries) => boolean): void {
    for (const [metric, family] of this.#series) {
      for (const [key, series] of family) {
        if (!goes(series)) continue;
        family.delete(key);
        this.#size--;
        const instance = series.labels.get("instance") ?? "";
        const left = (this.#counts.get(instance) ?? 0) - 1;
        if (left > 0) this.#counts.set(instance, left);
        else if (this.#counts.delete(instance)) this.#thinned.delete(instance);
        this.#bytes -= series.bytes;
        this.shape++;
      }
      if (family.size === 0) this.#series.delete(metric);
    }
  }
}
