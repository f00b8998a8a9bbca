import type { ScrapeInput } from "../monitor/inputs.ts";
import { Labels } from "../series/labels.ts";
import { type DurationMs, durationMs, type EpochMs } from "../series/time.ts";
import { readRecording } from "../targets/read-recording.ts";
import type { RecordedScrape } from "../targets/recording.ts";
import { printable } from "../telemetry/printable.ts";
import { UserMistake } from "./user-mistake.ts";

/** Scrapes looked at to find a recording's spacing. */
const SPACING_SAMPLE = 64;
const DEFAULT_SPACING = durationMs(15_000);

/** A recording from its beginning: the scrapes of one instant together, as `run` takes them. */
export interface RecordedInputs {
  /** The median time between its first scrapes of one instance. */
  readonly spacing: DurationMs;
  readonly batches: AsyncIterable<readonly ScrapeInput[]>;
}

/**
 * Reads a recording for `step`.
 * @param skip told of each line of another source than metrics pages
 * @throws RangeError on a line that is no scrape, while it is read; errors of the file system as they come
 */
export async function recordedInputs(path: string, skip: () => void = () => {}): Promise<RecordedInputs> {
  const rest = metricsOf(path, skip);
  const first: RecordedScrape[] = [];
  const last = new Map<string, EpochMs>();
  const gaps: number[] = [];
  while (gaps.length < SPACING_SAMPLE && first.length < SPACING_SAMPLE * 16) {
    const next = await rest.next();
    if (next.done) break;
    first.push(next.value);
    const instance = next.value.instance ?? "";
    const before = last.get(instance);
    if (before !== undefined && next.value.at > before) gaps.push(next.value.at - before);
    last.set(instance, next.value.at);
  }
  gaps.sort((a, b) => a - b);
  async function* all(): AsyncGenerator<RecordedScrape> {
    yield* first;
    yield* rest;
  }
  return { spacing: durationMs(gaps[Math.floor(gaps.length / 2)] ?? DEFAULT_SPACING), batches: together(all()) };
}

/**
 * `recordedInputs` for commands: whatever is wrong with the file is its user's mistake.
 * @throws UserMistake where the file cannot be read, or on a line that is no scrape; `batches` throws it too
 */
export async function openRecording(path: string, skip?: () => void): Promise<RecordedInputs> {
  const { spacing, batches } = await recordedInputs(path, skip).catch((error: unknown) => refuse(path, error));
  return { spacing, batches: refusing(path, batches) };
}

/** Only what reading throws is caught: nothing thrown by who takes the batches comes by here. */
async function* refusing(path: string, batches: RecordedInputs["batches"]): RecordedInputs["batches"] {
  try {
    yield* batches;
  } catch (error) {
    refuse(path, error);
  }
}

function refuse(path: string, error: unknown): never {
  const { message, code } = error as NodeJS.ErrnoException;
  if (error instanceof RangeError) throw new UserMistake(message);
  if (code === undefined) throw error;
  throw new UserMistake(`Cannot read recording ${printable(path)}: ${printable(message)}`);
}

async function* metricsOf(path: string, skip: () => void): AsyncGenerator<RecordedScrape, void, undefined> {
  for await (const scrape of readRecording(path)) {
    if (scrape.source === "metrics") yield scrape;
    else skip();
  }
}

async function* together(scrapes: AsyncIterable<RecordedScrape>): AsyncGenerator<readonly ScrapeInput[]> {
  let batch: RecordedScrape[] = [];
  for await (const scrape of scrapes) {
    if (!batch.every(({ at, instance }) => at === scrape.at && instance !== scrape.instance)) {
      yield batch.map(inputOf);
      batch = [];
    }
    batch.push(scrape);
  }
  if (batch.length > 0) yield batch.map(inputOf);
}

const inputOf = ({ instance, at, duration, outcome }: RecordedScrape): ScrapeInput => ({
  kind: "scrape",
  target: Labels.of({ job: "triton", instance: instance ?? "recording" }),
  at,
  seconds: (duration ?? 0) / 1000,
  outcome,
});
