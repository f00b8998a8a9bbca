import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type EpochMs, epochMs } from "../../series/time.ts";
import { readRecording } from "../../targets/read-recording.ts";

/** One page of a recorded Triton. */
export interface RecordedPage {
  readonly at: EpochMs;
  readonly body: Uint8Array;
}

/** A recorded Triton of the demo. */
export interface DemoRecording {
  /** Its instance label in the demo. */
  readonly instance: string;
  readonly pages: readonly RecordedPage[];
  /** Before this instant nothing happened: that part is history. After it, it is served live. */
  readonly live: EpochMs;
}

const FOLDER = resolve(fileURLToPath(import.meta.url), "../../../../docs/demo");

/** The recordings shipped, and when things begin to happen in each (a few seconds after). */
const SHIPPED = [
  { instance: "triton-1", live: "2026-11-22T12:56:03Z" },
  { instance: "triton-2", live: "2026-11-22T13:07:25Z" },
] as const;

/** Reads the shipped recordings of real Tritons. */
export async function readDemoRecordings(): Promise<readonly DemoRecording[]> {
  return Promise.all(
    SHIPPED.map(async ({ instance, live }) => {
      const pages: RecordedPage[] = [];
      for await (const { at, outcome } of readRecording(resolve(FOLDER, `${instance}.jsonl.gz`))) {
        if (outcome.kind === "body") pages.push({ at, body: outcome.body.slice(0, outcome.length) });
      }
      return { instance, pages, live: epochMs(Date.parse(live)) };
    }),
  );
}
