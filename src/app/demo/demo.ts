import type { ScrapeInput } from "../../monitor/inputs.ts";
import type { Labels } from "../../series/labels.ts";
import { type DurationMs, durationMs, type EpochMs, epochMs, SECOND } from "../../series/time.ts";
import { type DemoRecording, readDemoRecordings } from "./demo-recording.ts";
import { type DemoServer, serveDemo } from "./demo-server.ts";

/** Two fake Tritons that play recordings of real ones, and what they did before. */
export interface Demo {
  /** What is watched: the address of each fake Triton and the instance it stands for. */
  readonly targets: readonly { readonly address: string; readonly instance: string }[];
  /**
   * What was to be seen of the targets until now, shifted in time so that it ends when the live part begins.
   * @param labels the labels of a target by its instance
   */
  history(labels: (instance: string) => Labels | undefined): Iterable<readonly ScrapeInput[]>;
  /** How long there is something to see. */
  readonly lasts: DurationMs;
  close(): Promise<void>;
}

/** What happens, in seconds after the start, for people to look at. */
export const DEMO_STORY = [
  "after   5 s  model resnet on triton-1 is reloaded at run time: other weights under the same name",
  "after  15 s  hostile requests reach triton-2: its models begin to fail",
  "after  50 s  a model nobody released, evil, is loaded on triton-1",
  "after  95 s  it is unloaded again",
] as const;

/** What is said when the recordings are over. */
export const DEMO_END =
  "demo: the recordings are over, from here on the servers stand still; start it again to see it again";

/** Starts the fake Tritons; their live part begins now. */
export async function startDemo(now: () => EpochMs): Promise<Demo> {
  const recordings = await readDemoRecordings();
  const began = now();
  const servers: DemoServer[] = [];
  for (const { pages, live } of recordings) servers.push(await serveDemo(pages, live, began, now));
  return {
    targets: recordings.map(({ instance }, i) => ({ address: servers[i]!.address, instance })),
    lasts: durationMs(Math.max(...recordings.map(({ pages, live }) => pages[pages.length - 1]!.at - live))),
    history: (labels) => historyOf(recordings, began, labels),
    close: async () => {
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

/** The quiet part of all recordings, in the order of time. */
function historyOf(
  recordings: readonly DemoRecording[],
  began: EpochMs,
  labels: (instance: string) => Labels | undefined,
): readonly (readonly ScrapeInput[])[] {
  const inputs = recordings.flatMap(({ instance, pages, live }) => {
    const target = labels(instance);
    if (target === undefined) return [];
    // The first live page is served at `began`: what was seen a second before is the newest that is history.
    const before = pages.filter(({ at }) => at < live - SECOND);
    return before.map(({ at, body }): ScrapeInput => {
      const outcome = { kind: "body", body, length: body.length } as const;
      return { kind: "scrape", target, at: epochMs(began + (at - live)), seconds: 0.02, outcome };
    });
  });
  return inputs.sort((a, b) => a.at - b.at).map((input) => [input]);
}
