import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { printable } from "../telemetry/printable.ts";
import { Unprepared } from "./unprepared.ts";

const CHUNK = 65_536;

/**
 * Reads a file that is expected to be small: a secret, a certificate.
 * @throws Unprepared where it cannot be read or is larger than `maxBytes`
 */
export async function readSmallFile(path: string, maxBytes: number): Promise<string> {
  return readBounded(path, maxBytes).catch((error: Error) => {
    throw new Unprepared(`Cannot read file ${named(path)}: ${printable(reason(error), 200)}`);
  });
}

/** A path as messages show it. */
export const named = (path: string): string => JSON.stringify(printable(path, 300));

/**
 * Reads a regular file as UTF-8. Anything else is not read: a pipe may have nobody at its other end, a device no end.
 * @throws RangeError where it is none or has more than `maxBytes`; what the file system says as it comes
 */
export async function readBounded(path: string, maxBytes: number): Promise<string> {
  // Without this flag opening a pipe waits for its writer, and nothing can call that off.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await file.stat();
    // A folder says so itself when it is read.
    if (!stat.isFile() && !stat.isDirectory()) throw new RangeError("expected a regular file");
    if (stat.isFile() && stat.size > maxBytes) throw tooBig(maxBytes);
    return await readAll(file, maxBytes);
  } finally {
    await file.close();
  }
}

/** The size a file has when it is opened is not trusted: it may grow, and those of /proc have none. */
async function readAll(file: FileHandle, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for (;;) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, null);
    if (bytesRead === 0) return Buffer.concat(chunks, length).toString("utf8");
    length += bytesRead;
    if (length > maxBytes) throw tooBig(maxBytes);
    chunks.push(buffer.subarray(0, bytesRead));
  }
}

const tooBig = (maxBytes: number): RangeError => new RangeError(`expected at most ${maxBytes} bytes`);

/** What the file system says, without the path that Node puts into its message. */
const reason = ({ message }: Error): string => message.replace(/, \w+( '.*')?$/, "");
