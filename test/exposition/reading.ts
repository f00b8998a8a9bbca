import type { MetricType, Page, PageLimits, PageOutcome } from "../../src/exposition/page.ts";
import { PageReader } from "../../src/exposition/page-reader.ts";
import type { Labels } from "../../src/series/labels.ts";

/** A reader that keeps every series and remembers their labels, so that a page can be looked at. */
export class WatchedReader {
  readonly interned: { readonly labels: Labels; readonly type: MetricType | undefined }[] = [];
  readonly reader: PageReader;
  #columns = new Map<string, number>();

  constructor(limits?: PageLimits, wanted: (labels: Labels) => boolean = () => true) {
    this.reader = new PageReader((labels, type) => {
      this.interned.push({ labels, type });
      const column = this.#columns.get(labels.key) ?? this.#columns.size;
      this.#columns.set(labels.key, column);
      return wanted(labels) ? column : -1;
    }, limits);
  }

  read(page: string | Uint8Array): PageOutcome {
    return this.reader.read(typeof page === "string" ? new TextEncoder().encode(page) : page);
  }

  /** Reads a page as [series, value] in page order, or why it is none. */
  series(page: string | Uint8Array): [series: string, value: string][] | string {
    const outcome = this.read(page);
    return outcome.kind === "page" ? this.seriesOf(outcome.page) : outcome.why;
  }

  /** The page just read as [series, value]. Values are told apart to the bit, but for NaN. */
  seriesOf({ columns, values, length }: Page): [series: string, value: string][] {
    const keys = [...this.#columns.keys()];
    return Array.from({ length }, (_, i) => [keys[columns[i]!]!, spell(values[i]!)]);
  }
}

/** What a page shows a fresh reader, with its problems but without what depends on the reader's past. */
export function readCold(page: string | Uint8Array, limits?: PageLimits) {
  const watched = new WatchedReader(limits);
  const outcome = watched.read(page);
  if (outcome.kind !== "page") return { series: outcome.why, samples: 0, problems: [], counts: undefined };
  const { samples, problems, problemCounts } = outcome.page;
  return { series: watched.seriesOf(outcome.page), samples, problems, counts: problemCounts };
}

/** The kinds of problems a page has, in line order. */
export function problemKinds(page: string): string[] {
  const outcome = new WatchedReader().read(page);
  return outcome.kind === "page" ? outcome.page.problems.map(({ kind, line }) => `${line} ${kind}`) : [outcome.why];
}

export const spell = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));
