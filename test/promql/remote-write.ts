import type { MemorySeries } from "./memory-source.ts";
import { STALE } from "./memory-source.ts";

/** Bytes of a protocol buffer, gathered from their end points on. */
class Writer {
  #bytes = Buffer.alloc(1 << 16);
  length = 0;

  varint(value: number | bigint): this {
    let rest = BigInt(value);
    this.#reserve(10);
    while (rest > 127n) {
      this.#bytes[this.length++] = Number(rest & 127n) | 128;
      rest >>= 7n;
    }
    this.#bytes[this.length++] = Number(rest);
    return this;
  }

  /** A field of bytes. */
  field(number: number, bytes: Uint8Array): this {
    this.varint(number * 8 + 2).varint(bytes.length);
    return this.raw(bytes);
  }

  raw(bytes: Uint8Array): this {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
    return this;
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  #reserve(more: number): void {
    if (this.length + more <= this.#bytes.length) return;
    const grown = Buffer.alloc(2 * (this.length + more));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

/** The NaN that marks a series as stale, as eight bytes. */
const STALE_NAN = Buffer.from("020000000000f07f", "hex");

function sample([time, value]: MemorySeries["samples"][number]): Uint8Array {
  const bytes = Buffer.from(STALE_NAN);
  if (value !== STALE) bytes.writeDoubleLE(value as number);
  return new Writer().varint(9).raw(bytes).varint(16).varint(time).bytes();
}

function timeSeries(series: MemorySeries, from: number, to: number): Uint8Array {
  const writer = new Writer();
  for (const [name, value] of series.labels.pairs) {
    writer.field(1, new Writer().field(1, Buffer.from(name)).field(2, Buffer.from(value)).bytes());
  }
  for (const one of series.samples) if (one[0] >= from && one[0] < to) writer.field(2, sample(one));
  return writer.bytes();
}

/** A remote-write request for the samples of a time span: protocol buffers in a snappy block that compresses nothing. */
export function remoteWrite(series: Iterable<MemorySeries>, from: number, to: number): Uint8Array {
  const body = new Writer();
  for (const one of series) body.field(1, timeSeries(one, from, to));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length - 1);
  return new Writer()
    .varint(body.length)
    .raw(Uint8Array.of(63 << 2))
    .raw(length)
    .raw(body.bytes())
    .bytes();
}
