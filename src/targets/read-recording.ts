import { createReadStream } from "node:fs";
import { stdin } from "node:process";
import type { Readable } from "node:stream";
import { constants, createGunzip } from "node:zlib";
import { printable } from "../telemetry/printable.ts";
import { parseRecorded, type RecordedScrape } from "./recording.ts";

const MAX_LINE_BYTES = 67_108_864;
const NEWLINE = 0x0a;

/**
 * Reads the scrapes of a recording one after the other, however large it is: a `.jsonl` file, a `.jsonl.gz` file, or "-" for
 * the standard input (plain). A last line that a kill has torn is left out, and so is a missing end of the gzip stream.
 * @throws RangeError naming file and line where a line is no scrape or longer than 64 MiB; errors of the file system as they come
 */
export async function* readRecording(path: string): AsyncGenerator<RecordedScrape, void, undefined> {
  let line = 0;
  for await (const { bytes, ended } of linesOf(open(path), () => mistake(path, line + 1, "longer than 64 MiB"))) {
    line++;
    if (bytes.length === 0) continue;
    const scrape = parse(bytes.toString());
    if (!(scrape instanceof RangeError)) yield scrape;
    else if (ended || line === 1) throw mistake(path, line, scrape.message);
  }
}

function parse(line: string): RecordedScrape | RangeError {
  try {
    return parseRecorded(line);
  } catch (error) {
    if (error instanceof RangeError) return error;
    throw error;
  }
}

function open(path: string): Readable {
  if (path === "-") return stdin;
  const file = createReadStream(path, { highWaterMark: 262_144 });
  if (!path.endsWith(".gz")) return file;
  const inflated = createGunzip({ chunkSize: 262_144, finishFlush: constants.Z_SYNC_FLUSH });
  file.on("error", (error) => inflated.destroy(error));
  inflated.on("close", () => file.destroy());
  return file.pipe(inflated);
}

/** The lines of a stream without their line ends; `ended` is false for a last line that has none. */
async function* linesOf(input: Readable, tooLong: () => Error): AsyncGenerator<{ bytes: Buffer; ended: boolean }> {
  let pieces: Buffer[] = [];
  let length = 0;
  for await (const chunk of input as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      pieces.push(chunk.subarray(start, end));
      yield { bytes: Buffer.concat(pieces), ended: true };
      pieces = [];
      length = 0;
      start = end + 1;
    }
    pieces.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > MAX_LINE_BYTES) throw tooLong();
  }
  if (length > 0) yield { bytes: Buffer.concat(pieces), ended: false };
}

const mistake = (path: string, line: number, what: string): RangeError =>
  new RangeError(`Cannot read recording ${printable(path)}:${line}: ${what}`);
