import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readCold, WatchedReader } from "./reading.ts";
import { referenceReading } from "./reference-reading.ts";

const golden = new URL("../golden/exposition/", import.meta.url);
const pages = readdirSync(golden).filter((name) => /\.(prom|txt)$/.test(name));
const shared = new URL("../../../shared/", import.meta.url);
const recordings = new URL("recordings/", shared);
const haveRecordings = existsSync(recordings);

describe("a page of a real Triton", () => {
  test.each(pages)("%s reads as the reference does, without a problem", (name) => {
    const text = readFileSync(new URL(name, golden), "utf8");
    const { series, samples, problems } = readCold(text);
    expect(series).toEqual(referenceReading(text));
    expect(samples).toBe(series.length);
    expect(problems).toEqual([]);
  });

  test("knows the type of the family, for parts of histograms and summaries too", () => {
    const watched = new WatchedReader();
    watched.read(readFileSync(new URL("golden_summary_hist.prom", golden)));
    const typeOf = (metric: string) => watched.interned.find(({ labels }) => labels.metric === metric)?.type;
    expect(typeOf("nv_inference_count")).toBe("counter");
    expect(typeOf("nv_cpu_utilization")).toBe("gauge");
    expect(typeOf("nv_inference_first_response_histogram_ms_bucket")).toBe("histogram");
    expect(typeOf("nv_inference_first_response_histogram_ms_count")).toBe("histogram");
    expect(typeOf("nv_inference_queue_summary_us_sum")).toBe("summary");
    expect(typeOf("nv_inference_queue_summary_us")).toBe("summary");
  });
});

describe.skipIf(!haveRecordings)("a recording of a real Triton", () => {
  const names = haveRecordings ? readdirSync(recordings).filter((name) => !name.includes(".")) : [];
  test.each(names)("%s has no problem on any page and reads warm as the reference does", (name) => {
    const lines = gunzipSync(readFileSync(new URL(`${name}/metrics.jsonl.gz`, recordings)))
      .toString()
      .trim()
      .split("\n");
    const watched = new WatchedReader();
    for (const line of lines) {
      const { status, body } = JSON.parse(line) as { status: number; body?: string };
      if (status !== 200 || body === undefined) continue;
      const outcome = watched.read(body);
      expect(outcome).toMatchObject({ kind: "page", page: { problems: [] } });
      expect(watched.series(body)).toEqual(referenceReading(body));
    }
  });
});
