import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { PageReader } from "../../src/exposition/page-reader.ts";
import { modelsOn, type SeriesValue, visibility } from "../../src/models/visibility.ts";
import type { Labels } from "../../src/series/labels.ts";

function seriesOf(text: string): SeriesValue[] {
  const labels: Labels[] = [];
  const read = new PageReader((series) => labels.push(series) - 1).read(Buffer.from(text));
  if (read.kind !== "page") throw new Error(read.why);
  const { page } = read;
  return [...page.columns.subarray(0, page.length)].map((column, i) => ({
    labels: labels[column]!,
    value: page.values[i]!,
  }));
}

const golden = (name: string): SeriesValue[] =>
  seriesOf(readFileSync(new URL(`../golden/exposition/${name}`, import.meta.url), "utf8"));
const seen = (series: readonly SeriesValue[]): Record<string, string> =>
  Object.fromEntries(visibility(series).map(({ topic, seen }) => [topic, seen]));

describe("a real page", () => {
  test("of a server that was used shows counters, failures by reason, reloads and the queue", () => {
    expect(seen(golden("sample_metrics_used.txt"))).toMatchObject({
      models: "yes",
      "request counters": "yes",
      "failure reasons": "yes",
      "compute time": "yes",
      reloads: "yes",
      queue: "yes",
      GPUs: "no",
      host: "yes",
    });
  });

  test("of a server whose counters are switched off is not taken for that of a quiet one", () => {
    const series = golden("sample_metrics_summary_hist_nocounters.txt");
    const counters = visibility(series).find(({ topic }) => topic === "request counters");
    expect(counters).toMatchObject({ seen: "no" });
    expect(counters?.text).toContain("counter_latencies=false");
    expect(seen(series)).toMatchObject({ "failure reasons": "no", "compute time": "no" });
  });

  test("with summaries and a histogram says so", () => {
    expect(visibility(golden("sample_metrics_summary_hist.txt")).at(-1)).toMatchObject({
      seen: "yes",
      text: expect.stringContaining("histogram"),
    });
  });

  test("with a response cache shows it", () => {
    expect(seen(golden("sample_metrics_cache.txt"))["response cache"]).toBe("yes");
  });

  test("of an idle server leaves open whether its counters are on", () => {
    const idle = seriesOf(
      'nv_inference_request_success{model="m",version="1"} 0\nnv_model_load_duration_secs{model="m",version="1"} 0.1\n',
    );
    expect(seen(idle)["request counters"]).toBe("partly");
    const off = seriesOf('nv_inference_request_success{model="m"} 0\nnv_inference_request_failure{reason="OTHER"} 0\n');
    expect(seen(off)["failure reasons"]).toBe("partly");
  });
});

test("a page without a metric of Triton is no Triton's", () => {
  expect(seen(seriesOf("go_goroutines 7\n"))).toEqual({ Triton: "no" });
});

test("GPUs are counted by their identity", () => {
  const page =
    'nv_gpu_utilization{gpu_uuid="a"} 0\nnv_gpu_power_usage{gpu_uuid="a"} 1\nnv_gpu_utilization{gpu_uuid="b"} 0\n';
  expect(visibility(seriesOf(page)).find(({ topic }) => topic === "GPUs")?.text).toMatch(/^2:/);
});

test("models are listed once, in order", () => {
  const page =
    'nv_inference_request_success{model="b",version="2"} 0\nnv_inference_request_success{model="a",version="1"} 0\n' +
    'nv_model_load_duration_secs{model="a",version="1"} 1\n';
  expect(modelsOn(seriesOf(page))).toEqual(["a 1", "b 2"]);
});
