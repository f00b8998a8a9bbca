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

/** Scrapes looked at to find a recording's spacing. */
const SPACING_SAMPLE = 64;
const DEFAULT_SPACING = durationMs(15_000);

/** What a replay came to. */
export interface ReplaySummary {
  scrapes: number;
  failed_scrapes: number;
  samples: number;
  series: number;
  transitions: number;
  firing_at_end: number;
  /** Lines of sources this program does not read. */
  skipped: number;
}

/**
 * Feeds recordings through the same `step` as `run`, on the recordings' clock.
 * @param path a recording, or "-"
 * @param tell hears every event in order
 */
export async function replay(
  settings: Settings,
  paths: readonly string[],
  tell: (event: MonitorEvent) => void,
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
  const series = new Map<string, number>();
  const firing = new Set<string>();
  for (const path of paths) {
    const { spacing, scrapes } = await peek(readRecording(path));
    const world = new World(await worldOptions(settings, spacing));
    for await (const scrape of scrapes) {
      if (scrape.source !== "metrics") {
        summary.skipped++;
        continue;
      }
      const input = inputOf(scrape);
      summary.scrapes++;
      for (const event of step(world, [input], input.at)) {
        count(event, summary, firing);
        tell(event);
      }
    }
    for (const target of world.targets.values()) series.set(`${path} ${target.labels.key}`, target.table.size);
  }
  summary.firing_at_end = firing.size;
  summary.series = [...series.values()].reduce((sum, n) => sum + n, 0);
  return summary;
}

function count(event: MonitorEvent, summary: ReplaySummary, firing: Set<string>): void {
  if (event.kind === "scraped") {
    if (event.outcome === "page") summary.samples += event.samples;
    else summary.failed_scrapes++;
  }
  if (event.kind !== "transition") return;
  summary.transitions++;
  const { state, labels } = event.transition;
  if (state === "firing") firing.add(labels.key);
  else firing.delete(labels.key);
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

/** A transition as one JSON object: the replay contract, which others build on. */
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
