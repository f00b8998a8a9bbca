import type { SampleLine } from "./line.ts";
import type { Spelling } from "./series-cache.ts";

/** The valid sample lines of one page, a row each; the columns grow on demand and are reused from page to page. */
export class SampleRows {
  length = 0;
  /** Bytes of the longest line but for its value. */
  longest = 0;
  /** Offset of each line's first byte. */
  lines = new Int32Array(64);
  /** Offsets of each value. */
  starts = new Int32Array(64);
  ends = new Int32Array(64);
  values = new Float64Array(64);
  /** 1 where somebody reads the series; filled by whoever knows. */
  kept = new Uint8Array(64);
  readonly spellings: Spelling[] = [];

  clear(): void {
    this.length = 0;
    this.longest = 0;
    // The rows would keep evicted series in memory.
    this.spellings.length = 0;
  }

  /** Adds the sample line last read, which stands in [line, end). */
  push(line: number, end: number, spelling: Spelling, { valueStart, valueEnd, value }: SampleLine): void {
    if (this.length === this.lines.length) this.#grow();
    const row = this.length++;
    this.lines[row] = line;
    this.starts[row] = valueStart;
    this.ends[row] = valueEnd;
    this.values[row] = value;
    this.spellings.push(spelling);
    this.longest = Math.max(this.longest, end - line - (valueEnd - valueStart));
  }

  #grow(): void {
    const size = 2 * this.lines.length;
    this.lines = grown(this.lines, new Int32Array(size));
    this.starts = grown(this.starts, new Int32Array(size));
    this.ends = grown(this.ends, new Int32Array(size));
    this.values = grown(this.values, new Float64Array(size));
    this.kept = new Uint8Array(size);
  }
}

function grown<T extends Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
