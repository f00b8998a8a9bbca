import { openRecording } from "../recorded-scrapes.ts";
import type { History, Tick } from "./history.ts";

/**
 * A recording as a history: the same inputs at the same instants as in `replay`.
 * @param path a recording, or "-"
 * @throws UserMistake where it cannot be read; its ticks throw it too, on a line that is no scrape
 */
export async function recordingHistory(path: string): Promise<History> {
  let skipped = 0;
  const { spacing, batches } = await openRecording(path, () => skipped++);
  async function* ticks(): AsyncGenerator<Tick> {
    for await (const inputs of batches) yield { now: inputs[0]!.at, inputs };
  }
  const notes = () => (skipped > 0 ? [`${skipped} lines of the recording are no metrics pages and were left out`] : []);
  return { name: path === "-" ? "standard input" : path, spacing, ticks: ticks(), notes };
}
