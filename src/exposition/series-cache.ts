import type { Labels } from "../series/labels.ts";
import { bytesAsText } from "./ascii.ts";
import type { Intern, MetricType } from "./page.ts";
import { renderSeries } from "./render.ts";
import { decodeSeries, type SpelledSeries } from "./series-decoder.ts";

/** Pages a series may be away before it is forgotten; only pages that had to be read line by line count. */
const PAGES_KEPT = 3;

/** A series of the target. */
interface Series {
  readonly column: number;
  /** The last page it was on. */
  page: number;
}

/** One way a line can write a series; most series have only one. */
export class Spelling {
  readonly metric: string;
  /** Unknown until the page's new series are decoded. */
  series: Series | undefined;
  /** Whether equal series are recognised by this one; it lasts as long as the series, the others as long as they are seen. */
  canonical = false;
  /** The last page it was on. */
  page = 0;

  constructor(metric: string) {
    this.metric = metric;
  }
}

/** A never-seen spelling that waits for the end of the page. */
interface Waiting {
  readonly key: string;
  readonly spelling: Spelling;
  readonly spelled: SpelledSeries;
  readonly type: MetricType | undefined;
}

/**
 * Which series a line's text means, without decoding it again. Keys are the bytes of the line up to the end of the labels,
 * as one-to-one text. New spellings wait until the page is known to be good, are decoded in one batch and interned in page
 * order. What was not on the last pages is dropped: a server that invents series at each scrape costs the memory of a few
 * pages, not more.
 */
export class SeriesCache {
  readonly #intern: Intern;
  readonly #spellings = new Map<string, Spelling>();
  readonly #waiting = new Map<string, Waiting>();
  #page = 0;
  #onPage = 0;

  constructor(intern: Intern) {
    this.#intern = intern;
  }

  /** The spelling of this text if any page had it, or this page above. */
  find(key: string): Spelling | undefined {
    return this.#spellings.get(key) ?? (this.#waiting.size === 0 ? undefined : this.#waiting.get(key)?.spelling);
  }

  /** A spelling never seen before, to be decoded by `settle`. `key` must not be a slice of the page: it is kept. */
  add(key: string, spelled: SpelledSeries, type: MetricType | undefined): Spelling {
    const spelling = new Spelling(spelled.metric);
    this.#waiting.set(key, { key, spelling, spelled, type });
    return spelling;
  }

  /** Forgets what `add` was told since the last `settle`: the page was no good. */
  discard(): void {
    this.#waiting.clear();
  }

  /** Decodes and interns the new series of a good page and begins to note which series are on it. */
  settle(): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    const labels = decodeSeries(waiting.map(({ spelled }) => spelled));
    for (const [i, one] of waiting.entries()) this.#learn(one, labels[i]!);
    this.#page++;
    this.#onPage = 0;
  }

  /** Notes that a line of the page has this spelling; undefined where the series was on the page already. */
  note(spelling: Spelling): Series | undefined {
    const series = spelling.series!;
    if (spelling.page !== this.#page) {
      spelling.page = this.#page;
      this.#onPage++;
    }
    if (series.page === this.#page) return undefined;
    series.page = this.#page;
    return series;
  }

  /** Drops what has been away for too long. */
  evict(): void {
    if (this.#spellings.size === this.#onPage) return;
    for (const [key, spelling] of this.#spellings) {
      const last = spelling.canonical ? spelling.series!.page : spelling.page;
      if (last <= this.#page - PAGES_KEPT) this.#spellings.delete(key);
    }
  }

  clear(): void {
    this.#spellings.clear();
    this.#waiting.clear();
  }

  /** Equal series have equal canonical texts, whatever their lines look like. */
  #learn({ key, spelling, spelled, type }: Waiting, labels: Labels): void {
    const rendered = renderSeries(spelled.metric, labels);
    const canonical = rendered === key ? key : bytesAsText(utf8.encode(rendered));
    const known = this.#spellings.get(canonical);
    spelling.series = known?.series ?? { column: this.#intern(labels, type), page: 0 };
    this.#spellings.set(key, spelling);
    if (known !== undefined) return;
    const recognised = canonical === key ? spelling : new Spelling(spelled.metric);
    recognised.series = spelling.series;
    recognised.canonical = true;
    this.#spellings.set(canonical, recognised);
  }
}

const utf8 = new TextEncoder();
