import { Labels } from "../series/labels.ts";
import { relabel } from "../series/relabel.ts";
import type { Table } from "../series/table.ts";
import type { ScrapeProblem } from "./events.ts";
import { aliasNamespace } from "./namespace.ts";
import type { PageRules } from "./options.ts";
import { seriesProblem } from "./scrape-problems.ts";

/** Forged lines of a page that are told. */
const MOST_TOLD = 20;
/** What tells one target from another: no page chooses it, whatever is honoured and however it is relabelled. */
const TARGET_IDENTITY = ["job", "instance"] as const;

/** What is known of metric families: whether anything reads one, and whether it is ours and no target's. */
export interface Families {
  wants(family: string): boolean;
  owns(family: string): boolean;
}

/**
 * Gives the series of one target's pages their labels and their columns; asked once in a series' life, so relabelling costs
 * nothing a sample.
 *
 * Label values are a page's own choice, and a page may be hostile. Whatever `honor_labels` and relabelling do, a series keeps
 * the job and instance of the target it was read from: alerts, inventory and detectors go by them, so a page that chose them
 * could raise alerts in another server's name, hold the labels of another server's alert so that its rule fails there, or
 * have its own alerts end with another target. A page's own job and instance are there as `exported_…`. What such a series is
 * called in the end must not be a name that the monitor writes itself, whether or not anybody reads it, and no two lines may end up
 * as one series.
 */
export class PageSeries {
  readonly #target: Labels;
  readonly #identity: Labels;
  readonly #table: Table;
  readonly #families: Families;
  #rules: Omit<PageRules, "limits">;
  /** Which series of the page each column stands for: two of them must not end up in one. */
  readonly #holders = new Map<number, string>();
  /**
   * Series of the newest page that take a name or a place that is not theirs, of those this was asked about. A page after one that
   * had any has to be asked about anew, or what stands there for good would be counted once.
   */
  forged = 0;
  /** The first of them. */
  forgeries: ScrapeProblem[] = [];
  /** How often relabelling dropped a series that this was asked about. */
  dropped = 0;

  constructor(target: Labels, table: Table, families: Families, rules: Omit<PageRules, "limits">) {
    this.#target = target;
    this.#identity = target.only(...TARGET_IDENTITY);
    this.#table = table;
    this.#families = families;
    this.#rules = rules;
  }

  /** Forgets which columns mean what. @param rules how labels are treated from now on */
  forget(rules: Omit<PageRules, "limits"> = this.#rules): void {
    this.#rules = rules;
    this.#holders.clear();
  }

  /** A new page begins. */
  begin(): void {
    this.forged = 0;
    this.forgeries = [];
  }

  /** The column of a series of the page; −1 where nobody reads it or it may not be. */
  intern(series: Labels): number {
    const relabelled = this.#rules.metricRelabel.length > 0;
    // Most series of a page nobody reads: that is known before anything is made, unless they may get other names.
    if (!relabelled && this.#unread(series, series.metric)) return -1;
    const labels = this.#labels(series);
    if (labels === undefined || labels.metric === "") {
      this.dropped++;
      return -1;
    }
    if (relabelled && this.#unread(series, labels.metric)) return -1;
    const column = this.#table.column(labels);
    const holder = this.#holders.get(column) ?? series.key;
    if (holder !== series.key) return this.#refuse(series, "another line stands for the same series");
    if (column >= 0) this.#holders.set(column, series.key);
    return column;
  }

  /** Whether nobody reads what is called so in the end. A name of ours is refused, read or not: no Triton writes one. */
  #unread(series: Labels, metric: string): boolean {
    if (!this.#families.owns(metric)) return !this.#families.wants(metric);
    this.#refuse(series, "the name belongs to the monitor");
    return true;
  }

  /** A label that the target has too is kept as `exported_…`, or where it is honoured wins, as in Prometheus. */
  #labels(series: Labels): Labels | undefined {
    const { honorLabels, metricRelabel } = this.#rules;
    const yields = honorLabels ? this.#identity : this.#target;
    const theirs = series.pairs.map(([name, value]) => {
      const own = yields.get(name) === undefined ? name : `exported_${name}`;
      return [own, name === "namespace" ? aliasNamespace(value) : value] as const;
    });
    const ours = this.#target.pairs;
    const labels = Labels.from(honorLabels ? [...ours, ...theirs, ...this.#identity.pairs] : [...theirs, ...ours]);
    if (metricRelabel.length === 0) return labels;
    return relabel(labels, metricRelabel)?.with(this.#identity);
  }

  #refuse(series: Labels, why: string): -1 {
    this.forged++;
    if (this.forgeries.length < MOST_TOLD) this.forgeries.push(seriesProblem("forged", series, why));
    return -1;
  }
}

/** Whether labels are treated alike. */
export const relabelsAlike = (a: PageRules, b: PageRules): boolean => textOf(a) === textOf(b);

const textOf = ({ honorLabels, metricRelabel }: PageRules): string =>
  JSON.stringify([honorLabels, metricRelabel.map(({ regex, ...rule }) => [rule, regex.pattern(), regex.flags()])]);
