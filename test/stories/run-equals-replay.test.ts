import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Transition } from "../../src/alerts/types.ts";
import { replay } from "../../src/app/replay.ts";
import { run } from "../../src/app/run.ts";
import { readSettings, type Settings } from "../../src/app/settings.ts";
import type { MonitorEvent } from "../../src/monitor/events.ts";
import type { Clock } from "../../src/series/clock.ts";
import { type DurationMs, durationMs, type EpochMs, epochMs } from "../../src/series/time.ts";
import { readRecording } from "../../src/targets/read-recording.ts";
import { RecordingWriter } from "../../src/targets/recording-writer.ts";
import { Telemetry } from "../../src/telemetry/telemetry.ts";
import { transitionsOf } from "../monitor/bench.ts";
import { FakeTriton } from "../support/fake-triton.ts";

const directory = mkdtempSync(join(tmpdir(), "run-equals-replay-"));
afterAll(() => rmSync(directory, { recursive: true }));

const INTERVAL = durationMs(1_000);

/** A clock that goes on when it is told to. */
class HandClock implements Clock {
  #now = Date.UTC(2026, 10, 23);
  #timers: { readonly at: number; readonly run: () => void }[] = [];
  #onSet = () => {};

  now(): EpochMs {
    return epochMs(this.#now);
  }

  setTimer(delay: DurationMs, run: () => void): () => void {
    const timer = { at: this.#now + delay, run };
    this.#timers.push(timer);
    // What only waits for scrapes that do not come is set for longer than an interval.
    if (delay <= INTERVAL) this.#onSet();
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Goes on to the next timer of the scraping, and runs it and those before it. */
  wake(): void {
    const next = Math.min(...this.#timers.filter(({ at }) => at <= this.#now + INTERVAL).map(({ at }) => at));
    const due = this.#timers.filter(({ at }) => at <= next).sort((a, b) => a.at - b.at);
    this.#timers = this.#timers.filter((timer) => !due.includes(timer));
    this.#now = next;
    for (const { run } of due) run();
  }

  /** Resolves when the scraping sets its next timer. */
  set(): Promise<void> {
    return new Promise((resolve) => {
      this.#onSet = resolve;
    });
  }
}

test.each(["explicit", "slow", "fuzz"])(
  "run over real sockets tells of the pages of %s what replay tells of them",
  async (name) => {
    const pages = new URL(`../fixtures/recordings/${name}.jsonl.gz`, import.meta.url).pathname;
    const live = await watched(pages);
    const scraped = live.flatMap((event) => (event.kind === "scraped" ? [event] : []));
    const file = await dated(pages, scraped);
    const replayed: MonitorEvent[] = [];
    await replay(await readSettings({ urls: [] }), [file], (event) => replayed.push(event));

    const [before, after] = [bySubject(transitionsOf(live)), bySubject(transitionsOf(replayed))];
    expect(states(before)).toEqual(states(after));
    expect(before.size).toBeGreaterThan(3);
    for (const [subject, transitions] of before) {
      for (const [i, { at }] of transitions.entries()) {
        expect(Math.abs(at - after.get(subject)![i]!.at), subject).toBeLessThan(INTERVAL);
      }
    }
  },
);

/** Runs the program against a server that shows a page of the recording at each scrape, until all were shown. */
async function watched(pages: string): Promise<readonly MonitorEvent[]> {
  let count = 0;
  for await (const _ of readRecording(pages)) count++;
  const triton = await FakeTriton.replay(pages, "a page a request");
  const clock = new HandClock();
  const events: MonitorEvent[] = [];
  const sink = { write: () => true };
  const telemetry = new Telemetry({ version: "1", revision: "", logLevel: "error", logFormat: "json", sink });
  const tell = (event: MonitorEvent) => void events.push(event);
  const settings = () => settingsFor(triton.url);
  const running = await run(await settings(), { clock, telemetry, version: "1", flags: {}, settings, tell });
  for (let i = 0; i < count; i++) {
    const arrived = clock.set().then(() => clock.set());
    clock.wake(); // The slot begins: the scrape starts, and a timer for the next slot is set.
    await arrived;
    clock.wake(); // What has arrived is delivered.
  }
  await running.stop();
  await triton.close();
  return events;
}

async function settingsFor(url: string): Promise<Settings> {
  const { config, rules } = await readSettings({ urls: [url] });
  const jobs = config.jobs.map((job) => ({ ...job, scrapeInterval: INTERVAL, scrapeTimeout: INTERVAL }));
  const web = { ...config.web, listenAddress: { host: "127.0.0.1", port: 0 } };
  return { config: { ...config, jobs, web }, rules };
}

/** The recording with the instants and the instance under which its pages were scraped. */
async function dated(pages: string, scraped: readonly Extract<MonitorEvent, { kind: "scraped" }>[]): Promise<string> {
  const file = join(directory, basename(pages, ".gz"));
  const writer = await RecordingWriter.create(file);
  let i = 0;
  for await (const scrape of readRecording(pages)) {
    const { at, target } = scraped[i++]!;
    await writer.write({ ...scrape, at, instance: target.get("instance") ?? "" });
  }
  await writer.close();
  return file;
}

function bySubject(transitions: readonly Transition[]): Map<string, Transition[]> {
  const subjects = new Map<string, Transition[]>();
  for (const transition of transitions) {
    const key = String(transition.labels);
    subjects.set(key, [...(subjects.get(key) ?? []), transition]);
  }
  return subjects;
}

const states = (subjects: ReadonlyMap<string, readonly Transition[]>): ReadonlyMap<string, readonly string[]> =>
  new Map([...subjects].sort().map(([key, transitions]) => [key, transitions.map(({ state }) => state)]));
