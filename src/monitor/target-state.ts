import { DEFAULT_PAGE_LIMITS, type PageLimits } from "../exposition/page.ts";
import { PageReader } from "../exposition/page-reader.ts";
import type { ModelEvent } from "../models/events.ts";
import { Inventory } from "../models/inventory.ts";
import { MetricsFacts } from "../models/metrics-facts.ts";
import { Labels, METRIC_NAME } from "../series/labels.ts";
import type { Table } from "../series/table.ts";
import type { EpochMs } from "../series/time.ts";
import { type Interval, lastInterval } from "../signals/interval.ts";
import type { ScrapeProblem } from "./events.ts";
import { FrozenCounters, WORK } from "./frozen.ts";
import type { ScrapeFailure, ScrapeInput } from "./inputs.ts";
import { aliasNamespace } from "./namespace.ts";
import { Regressions } from "./regressions.ts";

/** Forged lines of a page that are told, and characters of each. */
const MOST_TOLD = 20;
const LONGEST_TOLD = 200;
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

/** What is known of metric families: whether anything reads one, and whether it is ours and no target's. */
export interface Families {
  wants(family: string): boolean;
  owns(family: string): boolean;
}

/** One Triton: its samples, its models, and what its last scrape came to. */
export class TargetState {
  readonly labels: Labels;
  readonly table: Table;
  readonly inventory = new Inventory();
  /** The newest scrape failed: nothing is known of this target. */
  down = false;
  lastSuccess: EpochMs | undefined;
  readonly failures = new Map<ScrapeFailure, number>();
  readonly #reader: PageReader;
  readonly #facts: MetricsFacts;
  readonly #frozen = new FrozenCounters();
  readonly #regressions = new Regressions();
  readonly #own = new Map<string, { readonly labels: Labels; column: number }>();
  readonly #families: Families;
  /** Which series of the page each column stands for: two of them must not end up in one. */
  readonly #interned = new Map<number, string>();
  /** Series of the newest page that take a name or a place that is not theirs; told once, when they appear. */
  #forged = 0;
  #forgeries: ScrapeProblem[] = [];
  #failed = 0;
  /** What happened to models and was not told yet: a bug after it was seen must not swallow it. */
  readonly #untold: ModelEvent[] = [];

  constructor(labels: Labels, table: Table, families: Families, limits: PageLimits = DEFAULT_PAGE_LIMITS) {
    this.labels = labels;
    this.table = table;
    this.#families = families;
    this.#facts = new MetricsFacts(table);
    this.#reader = new PageReader((series) => this.#intern(series), limits);
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
    if (this.table.reclaim() > 0) {
      this.#reader.forget();
      this.#interned.clear();
    }
    this.#forged = 0;
    this.#forgeries = [];
    if (outcome.kind !== "body") return this.miss(input, outcome.kind, outcome.why);
    const read = this.#reader.read(outcome.body, outcome.length);
    if (read.kind === "not-metrics") return this.miss(input, "not-metrics", read.why);
    const { page } = read;
    const row = this.table.append(at, page.columns, page.values, page.length, true);
    const facts = this.#facts.read(row);
    const events = this.inventory.observe(facts, at);
    this.#untold.push(...events);
    const interval = lastInterval(
      this.table,
      events.some((event) => event.kind === "restarted"),
    );
    this.#frozen.advance(this.table, interval);
    this.#failed = 0;
    this.#report(input, 1, page.samples);
    for (const [kind, count] of Object.entries(page.problemCounts)) {
      this.#put("triton_sentinel_scrape_problems", count, { kind });
    }
    this.#put("triton_sentinel_scrape_problems", this.#forged, { kind: "forged" });
    const serving = () => new Set(facts.models.filter((fact) => fact.serving).map((fact) => fact.id.key));
    const regressions = this.#regressions.count(this.table, interval, events, serving);
    this.#put("triton_sentinel_counter_regressions", regressions);
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
      problems: [...page.problems, ...this.#forgeries],
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

  /** The column of a series of the page; a label the target already has is kept as `exported_…`, as in Prometheus. */
  #intern(series: Labels): number {
    if (!this.#families.wants(series.metric)) return -1;
    if (this.#families.owns(series.metric)) return this.#refuse(series, "the name belongs to the monitor");
    const theirs = series.pairs.map(([name, value]) => {
      const own = this.labels.get(name) === undefined ? name : `exported_${name}`;
      return [own, name === "namespace" ? aliasNamespace(value) : value] as const;
    });
    const column = this.table.column(Labels.from([...theirs, ...this.labels.pairs]));
    const holder = this.#interned.get(column) ?? series.key;
    if (holder !== series.key) return this.#refuse(series, "another line stands for the same series");
    if (column >= 0) this.#interned.set(column, series.key);
    return column;
  }

  #refuse(series: Labels, why: string): -1 {
    this.#forged++;
    if (this.#forgeries.length < MOST_TOLD) {
      this.#forgeries.push({ kind: "forged", line: 0, text: String(series).slice(0, LONGEST_TOLD), why });
    }
    return -1;
  }
}
