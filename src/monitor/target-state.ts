import { PageReader } from "../exposition/page-reader.ts";
import type { ModelEvent } from "../models/events.ts";
import { Inventory } from "../models/inventory.ts";
import { MetricsFacts } from "../models/metrics-facts.ts";
import { type Labels, METRIC_NAME } from "../series/labels.ts";
import type { Table } from "../series/table.ts";
import type { EpochMs } from "../series/time.ts";
import { type Interval, lastInterval } from "../signals/interval.ts";
import type { ScrapeProblem } from "./events.ts";
import { FrozenCounters, WORK } from "./frozen.ts";
import type { ScrapeFailure, ScrapeInput } from "./inputs.ts";
import type { PageRules } from "./options.ts";
import { type Families, PageSeries, relabelsAlike } from "./page-series.ts";
import { Regressions } from "./regressions.ts";
import { eachKindFirst } from "./scrape-problems.ts";

const NO_COLUMNS = new Int32Array(0);
const NO_VALUES = new Float64Array(0);

/** What a scrape came to. */
export type Look =
  | {
      readonly kind: "page";
      readonly interval: Interval;
      readonly events: readonly ModelEvent[];
      readonly samples: number;
      readonly series: number;
      readonly problems: readonly ScrapeProblem[];
    }
  | { readonly kind: ScrapeFailure; readonly why: string };

/** One Triton: its samples, its models, and what its last scrape came to. */
export class TargetState {
  readonly labels: Labels;
  readonly table: Table;
  inventory = new Inventory();
  /** The newest scrape failed: nothing is known of this target. */
  down = false;
  lastSuccess: EpochMs | undefined;
  readonly failures = new Map<ScrapeFailure, number>();
  #rules: PageRules;
  #reader: PageReader;
  readonly #series: PageSeries;
  readonly #facts: MetricsFacts;
  readonly #frozen = new FrozenCounters();
  readonly #regressions = new Regressions();
  readonly #own = new Map<string, { readonly labels: Labels; column: number }>();
  readonly #families: Families;
  #failed = 0;
  /** The pages to come call series by other names: no row before can be compared with one of theirs. */
  #renamed = false;
  /** How often models were refused by inventories before this one. */
  #refusedModels = 0;
  /** What happened to models and was not told yet: a bug after it was seen must not swallow it. */
  readonly #untold: ModelEvent[] = [];

  constructor(labels: Labels, table: Table, families: Families, rules: PageRules) {
    this.labels = labels;
    this.table = table;
    this.#families = families;
    this.#rules = rules;
    this.#facts = new MetricsFacts(table);
    this.#series = new PageSeries(labels, table, families, rules);
    this.#reader = this.#newReader(rules);
  }

  /**
   * After a reload: how pages are read from now on. Series nobody wants any more go at once, so that none of them looks as if
   * it had vanished from the page.
   * @param sameFamilies whether the same families are wanted, and ours, as before
   */
  install(rules: PageRules, sameFamilies: boolean): void {
    const before = this.#rules;
    this.#rules = rules;
    const renamed = !relabelsAlike(before, rules);
    const sameLimits = JSON.stringify(before.limits) === JSON.stringify(rules.limits);
    if (sameFamilies && sameLimits && !renamed) return;
    const ours = new Set([...this.#own.values()].map((own) => own.labels.key));
    const stays = ({ metric, key }: Labels) =>
      this.#families.wants(metric) && (ours.has(key) || !(renamed || this.#families.owns(metric)));
    this.table.keep(stays);
    this.#series.forget(rules);
    this.#reader = this.#newReader(rules);
    if (!renamed) return;
    this.#renamed = true;
    this.#refusedModels += this.inventory.refused;
    this.inventory = new Inventory();
  }

  /** How often a model was refused because the server showed too many. */
  get refusedModels(): number {
    return this.#refusedModels + this.inventory.refused;
  }

  /** How often relabelling dropped a series; counted when it appears. */
  get droppedSeries(): number {
    return this.#series.dropped;
  }

  /** Whether a scrape is newer than the newest one taken. */
  isNews({ at }: ScrapeInput): boolean {
    return this.table.newest < 0 || at > this.table.time(this.table.newest);
  }

  /**
   * Takes a scrape: reads its text, adds a row, and compares models.
   * @throws whatever a bug throws; the caller then calls `miss`
   */
  look(input: ScrapeInput): Look {
    const { outcome, at } = input;
    // What was refused is asked about again: it must count on every page that it is on, and a series is interned once in its life.
    if (this.table.reclaim() > 0 || this.#series.forged > 0) {
      this.#reader.forget();
      this.#series.forget();
    }
    this.#series.begin();
    if (outcome.kind !== "body") return this.miss(input, outcome.kind, outcome.why);
    const read = this.#reader.read(outcome.body, outcome.length);
    if (read.kind === "not-metrics") return this.miss(input, "not-metrics", read.why);
    const { page } = read;
    const row = this.table.append(at, page.columns, page.values, page.length, true);
    const facts = this.#facts.read(row);
    const events = this.inventory.observe(facts, at);
    this.#untold.push(...events);
    const interval = this.#interval(events);
    this.#frozen.advance(this.table, interval);
    this.#failed = 0;
    this.#report(input, 1, page.samples);
    for (const [kind, count] of Object.entries(page.problemCounts)) {
      this.#put("triton_sentinel_scrape_problems", count, { kind });
    }
    this.#put("triton_sentinel_scrape_problems", this.#series.forged, { kind: "forged" });
    const serving = () => new Set(facts.models.filter((fact) => fact.serving).map((fact) => fact.id.key));
    const regressed = this.#regressions.find(this.table, interval, events, serving);
    this.#put("triton_sentinel_counter_regressions", regressed.count);
    for (const work of WORK) this.#put("triton_sentinel_counters_frozen_seconds", this.#frozen.seconds(work), { work });
    this.down = false;
    this.lastSuccess = at;
    const told = this.#untold.splice(0);
    return {
      kind: "page",
      interval,
      events: told,
      samples: page.samples,
      series: page.length,
      problems: eachKindFirst([...page.problems, ...this.#series.forgeries, ...regressed.first]),
    };
  }

  /**
   * The target could not be read: a row without samples, so that every series of it is stale. Where a bug showed only after
   * the page's samples were in, they stay, and `up` says that nothing was concluded from them.
   */
  miss(input: ScrapeInput, kind: ScrapeFailure, why: string): Look {
    if (this.isNews(input)) this.table.append(input.at, NO_COLUMNS, NO_VALUES, 0, false);
    this.#failed++;
    this.#report(input, 0, 0);
    this.inventory.miss();
    this.down = true;
    this.failures.set(kind, (this.failures.get(kind) ?? 0) + 1);
    return { kind, why };
  }

  #newReader({ limits }: PageRules): PageReader {
    return new PageReader((series) => this.#series.intern(series), limits);
  }

  #interval(events: readonly ModelEvent[]): Interval {
    const restarted = events.some((event) => event.kind === "restarted");
    const interval = lastInterval(this.table, restarted);
    if (!this.#renamed) return interval;
    this.#renamed = false;
    return { ...interval, kind: "first" };
  }

  /** The series Prometheus adds to every scrape, and how many scrapes in a row failed up to this one. */
  #report(input: ScrapeInput, up: 0 | 1, samples: number): void {
    this.#put("up", up);
    this.#put("triton_sentinel_failed_scrapes_in_a_row", this.#failed);
    this.#put("scrape_duration_seconds", input.seconds);
    this.#put("scrape_samples_scraped", samples);
  }

  #put(name: string, value: number, labels: Readonly<Record<string, string>> = {}): void {
    if (!this.#families.wants(name)) return;
    const key = `${name} ${Object.values(labels).join()}`;
    let own = this.#own.get(key);
    if (!own) {
      own = { labels: this.labels.with({ ...labels, [METRIC_NAME]: name }), column: -1 };
      this.#own.set(key, own);
    }
    // Its column may have been given to another series since.
    if (this.table.columns[own.column]?.labels !== own.labels) own.column = this.table.column(own.labels);
    if (own.column >= 0) this.table.put(own.column, value);
  }
}
