import type { Clock } from "../series/clock.ts";
import { Labels } from "../series/labels.ts";
import type { DurationMs } from "../series/time.ts";
import { RecordingWriter } from "../targets/recording-writer.ts";
import { ScrapeSchedule } from "../targets/schedule.ts";
import { Scraper, type ScrapeTarget } from "../targets/scraper.ts";
import { UserMistake } from "./user-mistake.ts";

/** What to record, and into which file. */
export interface RecordPlan {
  readonly targets: readonly (ScrapeTarget & { readonly instance: string })[];
  readonly interval: DurationMs;
  readonly file: string;
  readonly version: string;
}

/** A recording under way. */
export interface Recording {
  /** Scrapes written so far, and how many of them brought a page. */
  readonly written: () => { readonly scrapes: number; readonly pages: number };
  stop(): Promise<void>;
}

/**
 * Scrapes targets on their slots and writes every outcome, failures too, into a recording.
 * @param fail told when the file cannot be written any more
 * @throws UserMistake where the file cannot be made
 */
export async function record(plan: RecordPlan, clock: Clock, fail: (error: unknown) => void): Promise<Recording> {
  const writer = await RecordingWriter.create(plan.file).catch((error: NodeJS.ErrnoException) => {
    throw new UserMistake(`Cannot record into ${JSON.stringify(plan.file)}: ${whyNot(error)}`);
  });
  let scrapes = 0;
  let pages = 0;
  let last = Promise.resolve();
  const schedule = new ScrapeSchedule<ReturnType<typeof watch>>(clock, (results) => {
    for (const { target, at, duration, outcome } of results) {
      // The page is valid until this returns, and writing takes longer.
      const kept = outcome.kind === "body" ? { ...outcome, body: outcome.body.slice(0, outcome.length) } : outcome;
      const line = { at, source: "metrics", duration, outcome: kept, instance: target.instance };
      last = last
        .then(() => writer.write(line))
        .then(() => {
          scrapes++;
          if (kept.kind === "body") pages++;
        });
      last.catch(fail);
    }
  });
  const watch = (target: RecordPlan["targets"][number]) => {
    const scraper = new Scraper(target, `triton-sentinel/${plan.version}`);
    const labels = Labels.of({ job: "triton", instance: target.instance });
    return { labels, instance: target.instance, interval: plan.interval, scraper, scrape: () => scraper.scrape() };
  };
  const watched = plan.targets.map(watch);
  schedule.replace(watched);
  return {
    written: () => ({ scrapes, pages }),
    stop: async () => {
      schedule.stop();
      await Promise.all(watched.map(({ scraper }) => scraper.close()));
      await last.catch(() => undefined);
      await writer.close();
    },
  };
}

function whyNot({ code, message }: NodeJS.ErrnoException): string {
  if (code === "EEXIST") return "there is such a file already, and none is overwritten";
  return code === "ENOENT" ? "there is no such folder" : message;
}
