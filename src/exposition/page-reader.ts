import { CARRIAGE_RETURN, isBlank, LINE_FEED } from "./ascii.ts";
import { DEFAULT_PAGE_LIMITS, type Intern, type Page, type PageLimits, type PageOutcome } from "./page.ts";
import { PageScan } from "./page-scan.ts";
import { SeriesCache } from "./series-cache.ts";
import { PageTemplate } from "./template.ts";

/**
 * Reads the pages of one target in Prometheus' text format 0.0.4.
 *
 * A page that says what the previous one said, but for its values, is read against that page and allocates nothing per
 * sample (but for numbers of more digits than a double holds); any other is read line by line, where a series seen before costs a look-up. Either way the outcome is the same.
 * Timestamps and exemplars are ignored. Lines that are no good are skipped and become problems; a page with problems is
 * always read line by line. A series that stands twice keeps its first sample, as in Prometheus.
 *
 * Not metrics at all: a body that is empty or blank, has comments only, has more malformed lines than samples (HTML, JSON,
 * binary rubbish), has too many samples, or does not end with a line feed. That last one is stricter than Prometheus on
 * purpose: Triton ends every page with one, so a body without was cut off, and `12` may have been `12345`.
 */
export class PageReader {
  readonly #cache: SeriesCache;
  readonly #scan: PageScan;
  readonly #template: PageTemplate;
  #columns = new Int32Array(0);
  #values = new Float64Array(0);
  #length = 0;
  #samples = 0;
  #shape = 0;

  constructor(intern: Intern, limits: PageLimits = DEFAULT_PAGE_LIMITS) {
    this.#cache = new SeriesCache(intern);
    this.#scan = new PageScan(this.#cache, limits);
    this.#template = new PageTemplate(limits.lineLength);
  }

  /**
   * Reads the first `length` bytes of `body`. Never throws for what a page says; what `intern` throws goes through, and the
   * page it happened on counts as never read.
   */
  read(body: Uint8Array, length: number = body.length): PageOutcome {
    const why = unreadable(body, length);
    if (why !== undefined) return { kind: "not-metrics", why };
    if (this.#template.read(body, length, this.#values)) return { kind: "page", page: this.#page(body) };
    return this.#readLines(length === body.length ? body : body.subarray(0, length));
  }

  /** After the set of wanted series changed: forgets all columns, so that `intern` is asked again for each series. */
  forget(): void {
    this.#cache.clear();
    this.#template.forget();
  }

  #readLines(body: Uint8Array): PageOutcome {
    const why = this.#scan.read(body);
    if (why !== undefined) return { kind: "not-metrics", why };
    this.#cache.settle();
    this.#writeColumns();
    this.#cache.evict();
    const { rows, problems } = this.#scan;
    if (problems.empty) this.#template.remember(body, rows);
    else this.#template.forget();
    return { kind: "page", page: this.#page(body) };
  }

  #writeColumns(): void {
    const { rows, problems } = this.#scan;
    this.#reserve(rows.length);
    let length = 0;
    let samples = 0;
    let moved = false;
    for (let row = 0; row < rows.length; row++) {
      const series = this.#cache.note(rows.spellings[row]!);
      if (series === undefined) {
        problems.add("duplicate", rows.lines[row]!, "the series was on the page before");
        continue;
      }
      samples++;
      rows.kept[row] = series.column < 0 ? 0 : 1;
      if (series.column < 0) continue;
      moved ||= this.#columns[length] !== series.column;
      this.#columns[length] = series.column;
      this.#values[length++] = rows.values[row]!;
    }
    if (moved || length !== this.#length) this.#shape++;
    this.#length = length;
    this.#samples = samples;
  }

  /** Room for one value more than there are rows: the template writes ahead. */
  #reserve(rows: number): void {
    if (this.#values.length > rows) return;
    const columns = new Int32Array(rows + 1 + (rows >> 1));
    columns.set(this.#columns);
    this.#columns = columns;
    this.#values = new Float64Array(columns.length);
  }

  #page(body: Uint8Array): Page {
    const { problems } = this.#scan;
    return {
      columns: this.#columns,
      values: this.#values,
      length: this.#length,
      samples: this.#samples,
      shape: this.#shape,
      problems: problems.list(body),
      problemCounts: problems.counts,
    };
  }
}

/** What can be told before reading; the answer is why the body is no page. */
function unreadable(body: Uint8Array, length: number): string | undefined {
  if (length === 0) return "the body is empty";
  for (let i = 0; i < length; i++) {
    const byte = body[i]!;
    if (byte === LINE_FEED || byte === CARRIAGE_RETURN || isBlank(byte)) continue;
    return body[length - 1] === LINE_FEED ? undefined : "the last line does not end: the body was cut off";
  }
  return "the body is blank";
}
