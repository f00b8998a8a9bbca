import type { Labels } from "../series/labels.ts";
import { matchesAll, metricNameOf } from "../series/matchers.ts";
import type { Reading } from "../series/reading.ts";
import type { Table } from "../series/table.ts";
import { type Interval, increase } from "./interval.ts";
import type { Selector, SeriesSignal } from "./types.ts";

/** No reading is larger: Triton's counters have 64 bits, and sums over a day of what a hostile page shows must stay finite. */
const MOST = 2 ** 64;

/** Seconds over which failed scrapes leave a rate a rate; over more, its mean hides a flood as well as an outage. */
const LONGEST_GAP = 600;

/** Whether a subject could be read; `absent`: its series are not there. `unknown`: they are, but say nothing usable. */
export type ReadOutcome = "read" | "unknown" | "absent";

/** One combination of the `by` labels on one target, and the columns its signal is computed from. */
export interface Subject {
  readonly labels: Labels;
  readonly numerator: number[];
  readonly denominator: number[];
  readonly minus: number[];
  /** Columns that say whether the subject is there at all: those of the signal's first selector. */
  readonly anchor: number[];
}

/**
 * A signal bound to the columns of one target's table. Columns are looked up again only when the table's shape changed;
 * reading a subject allocates nothing.
 */
export class SignalBinding {
  readonly #signal: SeriesSignal;
  readonly #by: readonly string[];
  readonly #table: Table;
  #shape = -1;
  #subjects: readonly Subject[] = [];

  constructor(signal: SeriesSignal, by: readonly string[], table: Table) {
    this.#signal = signal;
    this.#by = by;
    this.#table = table;
  }

  /** The subjects the table has columns for now; the same objects until the table's shape changes. */
  subjects(): readonly Subject[] {
    if (this.#shape !== this.#table.shape) this.#bind();
    return this.#subjects;
  }

  /**
   * Reads a subject over an interval into `out`. A subject is there while series of the signal's first selector are (of a
   * ratio: of the first `total`): Triton keeps the failure counters of a model that is gone, and those alone are no model
   * without traffic.
   */
  read(subject: Subject, interval: Interval, out: Reading): ReadOutcome {
    if (!subject.anchor.some((column) => this.#table.value(column, interval.row) !== undefined)) return "absent";
    out.at = this.#table.time(interval.row);
    out.seconds = interval.seconds;
    return this.#readable(subject, interval, out) ? "read" : "unknown";
  }

  #readable(subject: Subject, interval: Interval, out: Reading): boolean {
    const { kind } = this.#signal;
    if (kind === "level") return this.#level(subject, interval.row, out);
    if (interval.kind === "first" || interval.kind === "restart") return false;
    out.numerator = this.#grown(subject.numerator, interval) ?? (kind === "ratio" ? 0 : Number.NaN);
    if (kind === "rate") {
      out.denominator = interval.seconds;
      return (interval.kind === "plain" || interval.seconds <= LONGEST_GAP) && !Number.isNaN(out.numerator);
    }
    const whole = this.#grown(subject.denominator, interval) ?? Number.NaN;
    out.denominator = whole - (this.#grown(subject.minus, interval) ?? 0);
    return !Number.isNaN(out.numerator) && out.denominator >= 0;
  }

  #level(subject: Subject, row: number, out: Reading): boolean {
    out.numerator = this.#sum(subject.numerator, row);
    out.denominator =
      this.#signal.kind === "level" && this.#signal.of.length > 0 ? this.#sum(subject.denominator, row) : 1;
    // A bound of 0 is a gauge not filled yet: pinned memory shows 0 of 0 in a server's first second.
    return !Number.isNaN(out.numerator) && out.denominator > 0;
  }

  /** Growth of several counters together; undefined where none of them is there, NaN where one cannot be read. */
  #grown(columns: readonly number[], interval: Interval): number | undefined {
    let sum: number | undefined;
    for (const column of columns) {
      const grown = increase(this.#table, column, interval);
      if (grown !== undefined) sum = (sum ?? 0) + grown;
    }
    return sum === undefined ? undefined : Math.min(sum, MOST);
  }

  #sum(columns: readonly number[], row: number): number {
    let sum = Number.NaN;
    for (const column of columns) {
      const value = this.#table.value(column, row);
      if (value !== undefined && Number.isFinite(value)) sum = (Number.isNaN(sum) ? 0 : sum) + value;
    }
    return Math.max(-MOST, Math.min(sum, MOST));
  }

  #bind(): void {
    const found = new Map<string, Subject>();
    const [numerator, denominator, minus] = partsOf(this.#signal);
    const anchor = (this.#signal.kind === "ratio" ? denominator : numerator).slice(0, 1);
    const parts = [
      ["numerator", numerator],
      ["denominator", denominator],
      ["minus", minus],
      ["anchor", anchor],
    ] as const;
    // Most columns are of families this signal does not read; a page that renames its models has this done at each scrape.
    const names = new Set(selectorsOf(this.#signal).map(({ matchers }) => metricNameOf(matchers)));
    this.#table.columns.forEach((column, index) => {
      if (!column || !(names.has(undefined) || names.has(column.labels.metric))) return;
      for (const [part, selectors] of parts) {
        if (!selected(selectors, column.labels)) continue;
        const labels = column.labels.only(...this.#by);
        let subject = found.get(labels.key);
        if (!subject) {
          subject = { labels, numerator: [], denominator: [], minus: [], anchor: [] };
          found.set(labels.key, subject);
        }
        subject[part].push(index);
      }
    });
    this.#subjects = [...found.values()].filter((subject) => subject.numerator.length > 0 && subject.anchor.length > 0);
    this.#shape = this.#table.shape;
  }
}

/** The selectors of a signal: numerator, denominator, what is taken off the denominator. */
function partsOf(signal: SeriesSignal): readonly [readonly Selector[], readonly Selector[], readonly Selector[]] {
  switch (signal.kind) {
    case "ratio":
      return [signal.bad, signal.total, []];
    case "rate":
      return [signal.of, [], []];
    case "mean":
      return [signal.sum, signal.count, signal.minus];
    case "level":
      return [signal.value, signal.of, []];
  }
}

/** Every selector of a signal. */
export const selectorsOf = (signal: SeriesSignal): readonly Selector[] => partsOf(signal).flat();

const selected = (selectors: readonly Selector[], labels: Labels): boolean =>
  selectors.some(({ matchers }) => {
    const name = metricNameOf(matchers);
    return (name === undefined || name === labels.metric) && matchesAll(matchers, labels);
  });
