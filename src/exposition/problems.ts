import { LINE_FEED } from "./ascii.ts";
import type { PageProblem, PageProblemKind, ProblemCounts } from "./page.ts";

const LONGEST_TEXT = 120;
const NO_PROBLEMS: readonly PageProblem[] = Object.freeze([]);
const NO_COUNTS: ProblemCounts = Object.freeze({
  malformed: 0,
  duplicate: 0,
  "conflicting-type": 0,
  "outside-family": 0,
  "over-limit": 0,
});

interface Found {
  readonly kind: PageProblemKind;
  /** Offset of the line's first byte. */
  readonly at: number;
  readonly why: string;
}

/** What is wrong with one page: everything counted, the first of each kind kept. */
export class ProblemLog {
  readonly #limit: number;
  #counts = { ...NO_COUNTS };
  #total = 0;
  #found: Found[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get empty(): boolean {
    return this.#total === 0;
  }

  get counts(): ProblemCounts {
    return this.empty ? NO_COUNTS : this.#counts;
  }

  clear(): void {
    if (this.empty) return;
    this.#counts = { ...NO_COUNTS };
    this.#total = 0;
    this.#found = [];
  }

  add(kind: PageProblemKind, at: number, why: string): void {
    this.#total++;
    if (++this.#counts[kind] <= this.#limit) this.#found.push({ kind, at, why });
  }

  /** The first problems of the page in line order, with the lines they are about. */
  list(body: Uint8Array): readonly PageProblem[] {
    if (this.#found.length === 0) return NO_PROBLEMS;
    const first = this.#found.sort((a, b) => a.at - b.at).slice(0, this.#limit);
    let line = 1;
    let counted = 0;
    return first.map(({ kind, at, why }) => {
      for (
        let feed = body.indexOf(LINE_FEED, counted);
        feed >= 0 && feed < at;
        feed = body.indexOf(LINE_FEED, counted)
      ) {
        counted = feed + 1;
        line++;
      }
      return { kind, line, text: excerpt(body, at), why };
    });
  }
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** The start of the line at `at`, fit to be shown: at most 120 characters, none of which moves the cursor or turns text. */
function excerpt(body: Uint8Array, at: number): string {
  const room = body.subarray(at, at + 4 * LONGEST_TEXT);
  const end = room.indexOf(LINE_FEED);
  const line = [...utf8.decode(end < 0 ? room : room.subarray(0, end))];
  const shown = line.slice(0, LONGEST_TEXT).map(visible).join("");
  return line.length > LONGEST_TEXT ? `${shown}…` : shown;
}

/** Control, format, private and unassigned characters, and separators other than the space, by their code points. */
function visible(char: string): string {
  return /^[\p{C}\p{Zl}\p{Zp}]$/u.test(char) ? `\\u{${char.codePointAt(0)!.toString(16)}}` : char;
}
