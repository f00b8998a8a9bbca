import { constants } from "node:buffer";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { Dispatcher } from "undici";
import { printable } from "../telemetry/printable.ts";
import { codeOf, Failed, messageOf } from "./failure.ts";

type Response = Dispatcher.ResponseData;

const NEWLINE = 0x0a;
const inflate = promisify(gunzip);

/**
 * Reads the body of a response, inflated where it was sent as gzip.
 * @param limit bytes it may have, as sent and as inflated
 * @throws Failed where it has more or cannot be decoded; what the connection says as it comes
 */
export async function readBody({ headers, body }: Response, limit: number): Promise<Buffer> {
  const encoding = String(headers["content-encoding"] ?? "identity").toLowerCase();
  const gzip = encoding === "gzip" || encoding === "x-gzip";
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) throw tooBig("the answer", limit);
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks, length);
  if (encoding === "identity" || encoding === "" || length === 0) return bytes;
  if (gzip) return inflated(bytes, limit);
  const why = `the answer is encoded as "${printable(encoding, 40)}": expected gzip or none`;
  throw new Failed({ kind: "unreachable", why });
}

async function inflated(bytes: Buffer, limit: number): Promise<Buffer> {
  try {
    return await inflate(bytes, { maxOutputLength: Math.min(limit, constants.MAX_LENGTH) });
  } catch (error) {
    if (codeOf(error) === "ERR_BUFFER_TOO_LARGE") throw tooBig("the inflated answer", limit);
    throw new Failed({ kind: "unreachable", why: `the answer is not valid gzip: ${messageOf(error)}` });
  }
}

/**
 * The lines of a body as they arrive, without their line ends; what follows the last line end is left out, for it may be torn.
 * @throws Failed where a line has more than `limit` bytes; what the connection says as it comes
 */
export async function* readLines(body: AsyncIterable<Buffer>, limit: number): AsyncGenerator<Buffer, void, undefined> {
  let pieces: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      if (length + end - start > limit) throw tooBig("a line", limit);
      yield Buffer.concat([...pieces, chunk.subarray(start, end)]);
      pieces = [];
      length = 0;
      start = end + 1;
    }
    pieces.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > limit) throw tooBig("a line", limit);
  }
}

const tooBig = (what: string, limit: number): Failed =>
  new Failed({ kind: "too-big", why: `${what} exceeds the limit of ${limit} bytes` });
