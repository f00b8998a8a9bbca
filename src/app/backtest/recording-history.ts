import { printable } from "../../telemetry/printable.ts";
import { recordedInputs } from "../recorded-scrapes.ts";
import { UserMistake } from "../user-mistake.ts";
import type { History, Tick } from "./history.ts";

/**
 * A recording as a history: the same inputs at the same instants as in `replay`.
 * @param path a recording, or "-"
 * @throws UserMistake where it cannot be read; its ticks throw it too, on a line that is no scrape
 */
export async function recordingHistory(path: string): Promise<History> {
  let skipped = 0;
  const { spacing, batches } = await readable(path, () => recordedInputs(path, () => skipped++));
  async function* ticks(): AsyncGenerator<Tick> {
    const rest = batches[Symbol.asyncIterator]();
    for (;;) {
      const next = await readable(path, () => rest.next());
      if (next.done) return;
      yield { now: next.value[0]!.at, inputs: next.value };
    }
  }
  const notes = () => (skipped > 0 ? [`${skipped} lines of the recording are no metrics pages and were left out`] : []);
  return { name: path === "-" ? "standard input" : path, spacing, ticks: ticks(), notes };
}

async function readable<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const { message } = error as Error;
    const why = error instanceof RangeError ? message : `Cannot read recording ${path}: ${message}`;
    throw new UserMistake(printable(why));
  }
}
