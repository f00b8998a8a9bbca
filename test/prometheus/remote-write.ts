import { request } from "undici";

/** A series with its samples: milliseconds since 1970, and the value. "stale" is where a scrape showed it no longer. */
export interface WrittenSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly (readonly [at: number, value: number | "stale"])[];
}

/** Bits of the NaN by which Prometheus marks that a series ended (model/value/value.go). */
const STALE_BITS = 0x7ff0000000000002n;

/** Writes series into a Prometheus that takes remote writes (prompb.WriteRequest, snappy's block format). */
export async function remoteWrite(url: string, series: readonly WrittenSeries[]): Promise<void> {
  const body = snappy(Buffer.concat(series.map((one) => bytesField(1, timeSeries(one)))));
  const reply = await request(`${url}/api/v1/write`, {
    method: "POST",
    headers: {
      "content-type": "application/x-protobuf",
      "content-encoding": "snappy",
      "x-prometheus-remote-write-version": "0.1.0",
    },
    body,
  });
  const said = await reply.body.text();
  if (reply.statusCode >= 300) throw new Error(`${reply.statusCode}: ${said}`);
}

function timeSeries({ labels, samples }: WrittenSeries): Buffer {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat([
    ...sorted.map(([name, value]) => bytesField(1, Buffer.concat([textField(1, name), textField(2, value)]))),
    ...samples.map(([at, value]) => bytesField(2, sample(at, value))),
  ]);
}

function sample(at: number, value: number | "stale"): Buffer {
  const bits = Buffer.alloc(8);
  if (value === "stale") bits.writeBigUInt64LE(STALE_BITS);
  else bits.writeDoubleLE(value);
  return Buffer.concat([Buffer.from([(1 << 3) | 1]), bits, Buffer.from([2 << 3]), varint(at)]);
}

const textField = (field: number, text: string): Buffer => bytesField(field, Buffer.from(text));

const bytesField = (field: number, bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from([(field << 3) | 2]), varint(bytes.length), bytes]);

function varint(n: number): Buffer {
  const bytes: number[] = [];
  let rest = n;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  bytes.push(rest);
  return Buffer.from(bytes);
}

/** Snappy without compressing: its length, then literals of at most 64 KiB. */
function snappy(bytes: Buffer): Buffer {
  const parts = [varint(bytes.length)];
  for (let at = 0; at < bytes.length; at += 65_536) {
    const literal = bytes.subarray(at, at + 65_536);
    const head = Buffer.from([61 << 2, 0, 0]);
    head.writeUInt16LE(literal.length - 1, 1);
    parts.push(head, literal);
  }
  return Buffer.concat(parts);
}
