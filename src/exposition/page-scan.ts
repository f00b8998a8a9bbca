import { bytesAsText, CARRIAGE_RETURN, HASH, skipBlanks } from "./ascii.ts";
import { readComment } from "./comment.ts";
import { Families, type Misplacement } from "./families.ts";
import { SampleLine } from "./line.ts";
import type { PageLimits } from "./page.ts";
import { ProblemLog } from "./problems.ts";
import { SampleRows } from "./sample-rows.ts";
import type { SeriesCache, Spelling } from "./series-cache.ts";

/**
 * Reads a page line by line: what the template cannot. Every line goes through the strict grammar; a series seen on an
 * earlier page then costs one look-up by its text. CRLF line ends and blanks before a line are accepted, which Prometheus
 * 2.42 does not do.
 */
export class PageScan {
  readonly rows = new SampleRows();
  readonly problems: ProblemLog;
  readonly #limits: PageLimits;
  readonly #cache: SeriesCache;
  readonly #line: SampleLine;
  readonly #families = new Families();

  constructor(cache: SeriesCache, limits: PageLimits) {
    this.#cache = cache;
    this.#limits = limits;
    this.#line = new SampleLine(limits);
    this.problems = new ProblemLog(limits.problems);
  }

  /**
   * Fills `rows` and `problems`, or answers why the page is no page of metrics; then both are empty. The last byte is a
   * line feed.
   */
  read(body: Uint8Array): string | undefined {
    this.#clear();
    const why = this.#readLines(body);
    if (why !== undefined) this.#clear();
    return why;
  }

  #readLines(body: Uint8Array): string | undefined {
    // One to one, so that offsets in it are offsets in the body.
    const text = bytesAsText(body);
    const most = this.#limits.samples;
    for (let at = 0; at < body.length; ) {
      const feed = text.indexOf("\n", at);
      const end = feed > at && body[feed - 1] === CARRIAGE_RETURN ? feed - 1 : feed;
      const start = skipBlanks(body, at);
      if (start < end) {
        if (body[start] === HASH) this.#readComment(body, at, start, end);
        else this.#readSample(body, text, at, start, end);
        if (this.rows.length > most) return `the page has more than ${most} samples`;
        if (this.#families.size > most) return `the page declares more than ${most} families`;
        if (this.problems.counts.malformed > most) break;
      }
      at = feed + 1;
    }
    return this.#verdict(body);
  }

  #clear(): void {
    this.rows.clear();
    this.problems.clear();
    this.#families.clear();
    this.#cache.discard();
  }

  #verdict(body: Uint8Array): string | undefined {
    const good = this.rows.length;
    const { malformed } = this.problems.counts;
    if (good > 0 && malformed <= good) return undefined;
    const first = this.problems.list(body)[0];
    if (first === undefined) return "the page has comments only, no samples";
    const share = good === 0 ? "the page has no sample that can be read" : "more lines are malformed than can be read";
    return `${share}; line ${first.line} ${JSON.stringify(first.text)}: ${first.why}`;
  }

  #readComment(body: Uint8Array, at: number, start: number, end: number): void {
    if (end - at > this.#limits.lineLength) return;
    const comment = readComment(body, start, end);
    if (comment.kind === "malformed") this.problems.add("malformed", at, comment.why);
    else if (comment.kind === "help") this.#judge(at, this.#families.help(comment.family));
    else if (comment.kind === "type") this.#judge(at, this.#families.declare(comment.family, comment.type));
  }

  #readSample(body: Uint8Array, text: string, at: number, start: number, end: number): void {
    if (end - at > this.#limits.lineLength) {
      this.problems.add("over-limit", at, "the line is too long");
      return;
    }
    const flaw = this.#line.read(body, start, end);
    if (flaw !== undefined) {
      this.problems.add(flaw.kind, at, flaw.why);
      return;
    }
    const known = this.#cache.find(text.slice(start, this.#line.seriesEnd));
    if (known !== undefined) this.#judge(at, this.#families.sample(known.metric));
    const spelling = known ?? this.#meet(body, at, start);
    if (spelling !== undefined) this.rows.push(at, end, spelling, this.#line);
  }

  /** Takes in a series no page had before; undefined where its labels are flawed. */
  #meet(body: Uint8Array, at: number, start: number): Spelling | undefined {
    // A copy: a slice of the page's text would keep the whole page in memory.
    const key = bytesAsText(body.subarray(start, this.#line.seriesEnd));
    const spelled = this.#line.spell(body, key);
    if ("kind" in spelled) {
      this.problems.add(spelled.kind, at, spelled.why);
      return undefined;
    }
    this.#judge(at, this.#families.sample(spelled.metric));
    return this.#cache.add(key, spelled, this.#families.type);
  }

  #judge(at: number, misplaced: Misplacement | undefined): void {
    if (misplaced !== undefined) this.problems.add(misplaced.kind, at, misplaced.why);
  }
}
