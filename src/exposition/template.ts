import { NumberReader } from "./number.ts";

/** Where the values of a page are and what becomes of them: sample i has its value in [starts[i], ends[i]). */
interface PageLayout {
  /** Samples on the page; the arrays may be longer. */
  readonly length: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** 1 where somebody reads the sample, else 0. */
  readonly kept: Uint8Array;
  /** Bytes of the longest line but for its value. */
  readonly longest: number;
}

/**
 * The previous page, against which the next one is read: a page is text, value, text, value, …, and from scrape to scrape
 * only the values move. Where all the text between values is byte for byte that of the template, a page means what the
 * template meant but for its values; where one byte differs it has to be read line by line. Only pages on which nothing was
 * wrong may become a template, so equal text means: still nothing is wrong.
 */
export class PageTemplate {
  readonly #lineLength: number;
  readonly #numbers = new NumberReader();
  #text = new Uint8Array(0);
  #view = new DataView(this.#text.buffer);
  #length = 0;
  #samples = -1;
  #starts = new Int32Array(0);
  #ends = new Int32Array(0);
  #kept = new Uint8Array(0);
  /** Bytes a value may have on any line without making it too long. */
  #room = 0;

  constructor(lineLength: number) {
    this.#lineLength = lineLength;
  }

  /** Takes a copy of a page. */
  remember(body: Uint8Array, layout: PageLayout): void {
    const length = body.length;
    if (this.#text.length < length || this.#text.length > 4 * length) {
      this.#text = new Uint8Array(length + (length >> 3));
      this.#view = new DataView(this.#text.buffer);
    }
    this.#text.set(body.subarray(0, length));
    this.#length = length;
    this.#samples = layout.length;
    this.#starts = layout.starts.slice(0, layout.length);
    this.#ends = layout.ends.slice(0, layout.length);
    this.#kept = layout.kept.slice(0, layout.length);
    this.#room = this.#lineLength - layout.longest;
  }

  forget(): void {
    this.#samples = -1;
  }

  /**
   * Writes the values of the kept samples in page order into `values`, which needs room for one more than there are. False
   * where the page is not the template's; `values` then holds rubbish. The body ends with a line feed.
   */
  read(body: Uint8Array, length: number, values: Float64Array): boolean {
    if (this.#samples < 0) return false;
    const view = new DataView(body.buffer, body.byteOffset, length);
    const numbers = this.#numbers;
    const starts = this.#starts;
    const ends = this.#ends;
    const kept = this.#kept;
    let text = 0;
    let at = 0;
    let row = 0;
    for (let i = 0; i < kept.length; i++) {
      const size = starts[i]! - text;
      if (at + size >= length || !this.#same(view, at, text, size)) return false;
      at += size;
      values[row] = numbers.read(body, at);
      row += kept[i]!;
      if (numbers.end < 0 || numbers.end - at > this.#room) return false;
      at = numbers.end;
      text = ends[i]!;
    }
    const rest = this.#length - text;
    return at + rest === length && this.#same(view, at, text, rest);
  }

  /** Whether `size` bytes of the page from `at` are those of the template from `text`; eight are compared at a time. */
  #same(page: DataView, at: number, text: number, size: number): boolean {
    const template = this.#view;
    const last = size - 8;
    if (last < 0) {
      for (let i = 0; i < size; i++) if (page.getUint8(at + i) !== template.getUint8(text + i)) return false;
      return true;
    }
    // The last eight overlap those before them where `size` is no multiple of eight.
    for (let i = 0; i < last; i += 8) {
      if (
        page.getInt32(at + i, true) !== template.getInt32(text + i, true) ||
        page.getInt32(at + i + 4, true) !== template.getInt32(text + i + 4, true)
      ) {
        return false;
      }
    }
    return (
      page.getInt32(at + last, true) === template.getInt32(text + last, true) &&
      page.getInt32(at + last + 4, true) === template.getInt32(text + last + 4, true)
    );
  }
}
