import { open } from "node:fs/promises";
import { printable } from "../telemetry/printable.ts";
import { Unprepared } from "./unprepared.ts";

/**
 * Reads a file that is expected to be small: a secret, a certificate.
 * @throws Unprepared where it cannot be read or is larger than `maxBytes`
 */
export async function readSmallFile(path: string, maxBytes: number): Promise<string> {
  const text = await readBounded(path, maxBytes).catch((error: Error) => {
    throw new Unprepared(`Cannot read file ${named(path)}: ${printable(reason(error), 200)}`);
  });
  if (text === undefined) throw new Unprepared(`Cannot read file ${named(path)}: expected at most ${maxBytes} bytes`);
  return text;
}

/** A path as messages show it. */
export const named = (path: string): string => JSON.stringify(printable(path, 300));

async function readBounded(path: string, maxBytes: number): Promise<string | undefined> {
  const file = await open(path);
  try {
    const bytes = Buffer.alloc(maxBytes + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(bytes, length, bytes.length - length, null);
      length += bytesRead;
      if (length > maxBytes) return undefined;
      if (bytesRead === 0) return bytes.toString("utf8", 0, length);
    }
  } finally {
    await file.close();
  }
}

/** What the file system says, without the path that Node puts into its message. */
const reason = ({ message }: Error): string => message.replace(/, \w+( '.*')?$/, "");
