import { Views } from "../../src/app/views.ts";
import { renderExporterPage } from "../../src/outputs/exporter.ts";
import { readRecording } from "../../src/targets/read-recording.ts";
import { Telemetry } from "../../src/telemetry/telemetry.ts";
import { Bench, scrapeOf } from "../monitor/bench.ts";
import { labelsOfSynthetic } from "./synthetic.ts";

/** Seconds between two of our own pages; targets are scraped every second. */
export const PAGE_EVERY = 5;

/** What a Prometheus has of us after a while. */
export interface History {
  readonly openMetrics: string;
  /** Seconds since the epoch of the first and the last page. */
  readonly first: number;
  readonly last: number;
  readonly pages: number;
  /** Metrics that were made up because no page had them. */
  readonly madeUp: readonly string[];
}

interface Story {
  /** What the server gpu-7 shows: a recording of test/fixtures. */
  readonly recording: string;
  readonly seconds: number;
  /** From when on, in seconds, a second server, gpu-8, cannot be reached. */
  readonly down?: number;
}

/**
 * The history of a monitor that watched two servers: it runs here, on the recording's pages, and is scraped as time goes on.
 * What counts deliveries and the like is made up where the pages do not have it: nothing is delivered here.
 * @param metrics the metrics that have to be there
 */
export async function historyOf(story: Story, metrics: ReadonlySet<string>): Promise<History> {
  const pages = await pagesOf(story);
  const all = pages.map(({ text }) => text).join("");
  const madeUp = [...metrics].filter((metric) => !new RegExp(`^${metric}[{ ]`, "m").test(all)).sort();
  const lines: string[] = [];
  for (const [i, { at, text }] of pages.entries()) {
    const synthetic = madeUp.flatMap((metric) => {
      return labelsOfSynthetic(metric, text).map((labels) => `${metric}{${labels}} ${madeUpValue(metric, i, at)}`);
    });
    for (const line of [...text.split("\n"), ...synthetic]) {
      if (line !== "" && !line.startsWith("#")) lines.push(`${scraped(line)} ${at}`);
    }
  }
  // What a server that was taken over would write on its page, and a Prometheus that scrapes it as well would take in.
  for (const { at } of pages) lines.push(`triton_sentinel_alert_state{${FORGED}} 2 ${at}`);
  const [first, last] = [pages[0]!.at, pages.at(-1)!.at];
  return { openMetrics: `${lines.join("\n")}\n# EOF\n`, first, last, pages: pages.length, madeUp };
}

const FORGED =
  'alertname="Forged",severity="critical",category="abuse",target="x",target_job="triton",job="triton",instance="gpu-7:8002"';

/** A time is now, everything else grows. */
const madeUpValue = (metric: string, i: number, at: number): number => (metric.endsWith("_timestamp_seconds") ? at : i);

/** A sample line with the labels that whoever scrapes us adds; prom-client's NaN is "Nan". */
function scraped(line: string): string {
  const own = 'job="triton-sentinel",instance="sentinel:9464"';
  const [, name, labels, value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  return `${name}{${labels ? `${labels},` : ""}${own}} ${value === "Nan" ? "NaN" : value}`;
}

async function pagesOf({ recording, seconds, down }: Story): Promise<{ at: number; text: string }[]> {
  const telemetry = new Telemetry({
    version: "0.0.0",
    revision: "",
    logLevel: "error",
    logFormat: "logfmt",
    sink: { write: () => true },
  });
  telemetry.configLoaded(0);
  const evaluated = ({ name }: { readonly name: string }, took: number) => telemetry.ruleEvaluated(name, took);
  let clock = 0;
  const bench = new Bench({ probe: { now: () => ++clock / 1000, evaluated } });
  const views = new Views(bench.world);
  const pages: { at: number; text: string }[] = [];
  let second = 0;
  for await (const { outcome } of readRecording(`test/fixtures/recordings/${recording}.jsonl.gz`)) {
    if (outcome.kind !== "body" || second === seconds) continue;
    const text = Buffer.from(outcome.body.subarray(0, outcome.length)).toString();
    bench.now += 1000;
    const other = down !== undefined && second >= down ? undefined : text;
    const events = bench.give([
      scrapeOf("gpu-7:8002", text, bench.time),
      ...(down === undefined ? [] : [scrapeOf("gpu-8:8002", other, bench.time)]),
    ]);
    for (const event of events) views.tell(event);
    if (++second % PAGE_EVERY > 0) continue;
    telemetry.storeMeasured({ reachSeconds: second, bytes: bench.world.store.bytes, series: 1 });
    pages.push({ at: bench.now / 1000, text: renderExporterPage(await telemetry.metricsText(), views, 10_000) });
  }
  return pages;
}
