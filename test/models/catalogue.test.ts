import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CATALOGUE, seriesOf } from "../../src/models/catalogue.ts";

const folder = new URL("../golden/exposition/", import.meta.url);
/** Pages that a real Triton served. */
const PAGES = [
  "sample_metrics_cache.txt",
  "sample_metrics_explicit_end.txt",
  "sample_metrics_summary_hist.txt",
  "sample_metrics_summary_hist_nocounters.txt",
  "sample_metrics_used.txt",
];

describe.each(PAGES)("%s", (page) => {
  const text = readFileSync(new URL(page, folder), "utf8");

  test("every family is in the catalogue with its type", () => {
    const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]);
    expect(types.length).toBeGreaterThan(10);
    expect(types.map(([name]) => [name, CATALOGUE.get(name!)?.type])).toEqual(types);
  });

  test("every series has the labels the catalogue gives it, and no others", () => {
    const families = new Map([...CATALOGUE.values()].flatMap((one) => seriesOf(one).map((name) => [name, one])));
    for (const [, name = "", inner = ""] of text.matchAll(/^(nv_[a-z_]+)(?:\{(.*)\})? /gm)) {
      const labels = [...inner.matchAll(/(?:^|,)([a-z_]+)="/g)].map(([, label]) => label!);
      const { labels: always, optional, values } = families.get(name)!;
      const own = labels.filter((label) => label !== "le" && label !== "quantile");
      expect([...always, ...optional], name).toEqual(expect.arrayContaining(own));
      expect(own, name).toEqual(expect.arrayContaining([...always]));
      const reason = /reason="(\w+)"/.exec(inner)?.[1];
      if (reason !== undefined) expect(values["reason"]).toContain(reason);
    }
  });
});

test("a histogram has three series, a summary its quantiles and two more", () => {
  expect(seriesOf(CATALOGUE.get("nv_inference_first_response_histogram_ms")!)).toEqual([
    "nv_inference_first_response_histogram_ms_bucket",
    "nv_inference_first_response_histogram_ms_sum",
    "nv_inference_first_response_histogram_ms_count",
  ]);
  expect(seriesOf(CATALOGUE.get("nv_inference_queue_summary_us")!)).toHaveLength(3);
  expect(seriesOf(CATALOGUE.get("nv_cache_util")!)).toEqual(["nv_cache_util"]);
});

test("docs/triton-metrics.md lists every family as it is in the catalogue", () => {
  const page = readFileSync(new URL("../../docs/triton-metrics.md", import.meta.url), "utf8");
  const listed = [...page.matchAll(/^\| `([^`]+)` \| (.*) \|$/gm)].map(([, name, rest]) => `${name} | ${rest}`);
  const known = [...CATALOGUE.values()].map(({ name, type, labels, optional, unit = "", since, until }) => {
    const all = [...labels.map((label) => `\`${label}\``), ...optional.map((label) => `(\`${label}\`)`)].join(", ");
    const releases = [...(since ? [`since ${since}`] : []), ...(until ? [`until ${until}`] : [])].join(", ");
    return [name, type, all, unit, releases].join(" | ");
  });
  expect(listed.map((row) => row.replace(/\s*\|\s*/g, "|"))).toEqual(known.map((row) => row.replace(/\s*\|\s*/g, "|")));
});
