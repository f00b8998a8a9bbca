import type { Transition } from "../alerts/types.ts";
import type { MonitorEvent } from "../monitor/events.ts";
import type { ScrapeInput } from "../monitor/inputs.ts";
import { step } from "../monitor/step.ts";
import { World } from "../monitor/world.ts";
import { Labels } from "../series/labels.ts";
import { type DurationMs, durationMs, type EpochMs } from "../series/time.ts";
import { readRecording } from "../targets/read-recording.ts";
import type { RecordedScrape } from "../targets/recording.ts";
import { type Settings, worldOptions } from "./settings.ts";
import { UserMistake } from "./user-mistake.ts";

/** Scrapes looked at to find a recording's spacing. */
const SPACING_SAMPLE = 64;
const DEFAULT_SPACING = durationMs(15_000);

/** What a replay came to. */
export interface ReplaySummary {
  scrapes: number;
  failed_scrapes: number;
  samples: number;
  /** Series held at the end of each recording, together. */
  series: number;
  transitions: number;
  firing_at_end: number;
  /** Lines of sources this program does not read. */
  skipped: number;
}

/**
 * Feeds recordings through the same `step` as `run`, on the recordings' clock; each into a world of its own.
 * @param path a recording, or "-"
 * @param tell hears every event in order
 * @param ended sees each recording's world at its end
 * @throws UserMistake on a recording or rules that cannot be used
 */
export async function replay(
  settings: Settings,
  paths: readonly string[],
  tell: (event: MonitorEvent) => void,
  ended: (world: World) => void = () => {},
): Promise<ReplaySummary> {
  const summary: ReplaySummary = {
    scrapes: 0,
    failed_scrapes: 0,
    samples: 0,
    series: 0,
    transitions: 0,
    firing_at_end: 0,
    skipped: 0,
  };
  for (const path of paths) {
    const { spacing, scrapes } = await peek(scrapesOf(path, () => summary.skipped++));
    const world = new World(await worldOptions(settings, spacing));
    for await (const together of batches(scrapes)) {
      for (const event of step(world, together.map(inputOf), together[0]!.at)) {
        count(event, summary);
        tell(event);
      }
    }
    for (const target of world.targets.values()) summary.series += target.table.size;
    for (const rule of world.ruleStates.values()) {
      for (const { is } of rule.alerts()) if (is.state === "firing") summary.firing_at_end++;
    }
    ended(world);
  }
  return summary;
}

function count(event: MonitorEvent, summary: ReplaySummary): void {
  if (event.kind === "transition") summary.transitions++;
  if (event.kind !== "scraped") return;
  summary.scrapes++;
  if (event.outcome === "page") summary.samples += event.samples;
  else summary.failed_scrapes++;
}

/**
 * The scrapes of a recording that this program reads.
 * @param skip told of each line of another source
 * @throws UserMistake where the file cannot be read, or a line of it
 */
async function* scrapesOf(path: string, skip: () => void): AsyncGenerator<RecordedScrape> {
  try {
    for await (const scrape of readRecording(path)) {
      if (scrape.source === "metrics") yield scrape;
      else skip();
    }
  } catch (error) {
    const { message } = error as Error;
    throw new UserMistake(error instanceof RangeError ? message : `Cannot read recording ${path}: ${message}`);
  }
}

/** Scrapes of one instant together, as `run` takes them: rules that look at several targets see all of them. */
async function* batches(scrapes: AsyncIterable<RecordedScrape>): AsyncGenerator<readonly RecordedScrape[]> {
  let together: RecordedScrape[] = [];
  for await (const scrape of scrapes) {
    const goesOn = together.every(({ at, instance }) => at === scrape.at && instance !== scrape.instance);
    if (!goesOn) {
      yield together;
      together = [];
    }
    together.push(scrape);
  }
  if (together.length > 0) yield together;
}

function inputOf(scrape: RecordedScrape): ScrapeInput {
  return {
    kind: "scrape",
    target: Labels.of({ job: "triton", instance: scrape.instance ?? "recording" }),
    at: scrape.at,
    seconds: (scrape.duration ?? 0) / 1000,
    outcome: scrape.outcome,
  };
}

/** The median time between a recording's first scrapes of one instance, and the recording from its beginning. */
async function peek(
  recording: AsyncIterable<RecordedScrape>,
): Promise<{ readonly spacing: DurationMs; readonly scrapes: AsyncIterable<RecordedScrape> }> {
  const rest = recording[Symbol.asyncIterator]();
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
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  }
  return { spacing: durationMs(gaps[Math.floor(gaps.length / 2)] ?? DEFAULT_SPACING), scrapes: all() };
}

/**
 * A transition as one JSON object: the replay contract, which others build on. JSON has no NaN and no infinities: there the
 * value is their name as text ("NaN", "Infinity", "-Infinity"), which `Number` reads back.
 */
export function transitionLine(transition: Transition): Record<string, unknown> {
  const { at, state, reason, labels, annotations, value, evidence } = transition;
  return {
    at: new Date(at).toISOString(),
    t: at,
    state,
    ...(reason !== undefined && { reason }),
    alertname: labels.get("alertname"),
    labels: labels.toJSON(),
    annotations,
    value: Number.isFinite(value) ? value : String(value),
    evidence,
  };
}
