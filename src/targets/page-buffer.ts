const FIRST = 32_768;
const KEEP = 1_048_576;

/** The bytes of one target's page; grows by doubling and is used again for the next page. */
export class PageBuffer {
  bytes = new Uint8Array(FIRST);
  length = 0;

  /** Empties the buffer. One that a single huge page has blown up is given back, so that a fleet's memory follows its pages. */
  clear(): void {
    if (this.bytes.length > KEEP && this.length < this.bytes.length / 4) this.bytes = new Uint8Array(FIRST);
    this.length = 0;
  }

  append(chunk: Uint8Array): void {
    const needed = this.length + chunk.length;
    if (needed > this.bytes.length) this.#grow(needed);
    this.bytes.set(chunk, this.length);
    this.length = needed;
  }

  #grow(needed: number): void {
    const bytes = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    bytes.set(this.bytes.subarray(0, this.length));
    this.bytes = bytes;
  }
}
