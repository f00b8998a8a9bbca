import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Report } from "../../src/app/backtest/report.ts";
import { runBacktest } from "../../src/app/backtest/run-backtest.ts";
import { systemClock } from "../../src/app/system-clock.ts";
import { DEFAULT_PAGE_LIMITS } from "../../src/exposition/page.ts";
import { PageReader } from "../../src/exposition/page-reader.ts";
import type { Labels } from "../../src/series/labels.ts";
import { durationMs, epochMs } from "../../src/series/time.ts";
import { readRecording } from "../../src/targets/read-recording.ts";
import { prometheusMissing, type RunningPrometheus, startPrometheus } from "./prometheus.ts";
import { remoteWrite } from "./remote-write.ts";

const recording = (name: string) => `test/fixtures/recordings/${name}.jsonl.gz`;

/** A recording as the samples that Prometheus would have kept of it, stale markers and `up` among them. */
async function samplesOf(path: string, target: Readonly<Record<string, string>>) {
  const series = new Map<string, { labels: Record<string, string>; samples: [number, number | "stale"][] }>();
  const put = (labels: Record<string, string>, at: number, value: number | "stale") => {
    const key = JSON.stringify(labels);
    const known = series.get(key) ?? { labels, samples: [] };
    series.set(key, known);
    known.samples.push([at, value]);
  };
  const known: Labels[] = [];
  const reader = new PageReader((labels) => known.push(labels) - 1, DEFAULT_PAGE_LIMITS);
  let before = new Set<number>();
  let [from, to] = [Number.POSITIVE_INFINITY, 0];
  for await (const { at, source, outcome } of readRecording(path)) {
    if (source !== "metrics") continue;
    from = Math.min(from, at);
    to = Math.max(to, at);
    const now = new Set<number>();
    const read = outcome.kind === "body" ? reader.read(outcome.body, outcome.length) : undefined;
    if (read?.kind === "page") {
      const { columns, values, length } = read.page;
      for (let i = 0; i < length; i++) {
        now.add(columns[i]!);
        put({ ...known[columns[i]!]!.toJSON(), ...target }, at, values[i]!);
      }
    }
    for (const column of before) if (!now.has(column)) put({ ...known[column]!.toJSON(), ...target }, at, "stale");
    before = now;
    put({ __name__: "up", ...target }, at, read?.kind === "page" ? 1 : 0);
  }
  return { series: [...series.values()], from, to };
}

const asked = {
  rules: {},
  against: undefined,
  charts: false,
  signal: new AbortController().signal,
  clock: systemClock,
};
const progress = () => ({ reached: () => {}, end: () => {} });

const told = ({ histories }: Report) =>
  histories[0]!.run.episodes.map(({ alertname, subject, firedAt, endedAt, value }) => ({
    alertname,
    subject: subject.without("job", "instance").toString(),
    firedAt,
    endedAt,
    value,
  }));

describe.skipIf(prometheusMissing)("over what a real Prometheus holds", () => {
  let prometheus: RunningPrometheus;

  beforeAll(async () => {
    prometheus = await startPrometheus("global: {}\n", {}, ["--web.enable-remote-write-receiver"]);
  });
  afterAll(() => prometheus?.stop());

  test.each(["fuzz", "explicit", "restart"])(
    "the rules raise the same alerts at the same instants as over the recording %s",
    { timeout: 120_000 },
    async (name) => {
      const target = { job: `triton-${name}`, instance: "gpu-7:8002", cluster: "c1" };
      const { series, from, to } = await samplesOf(recording(name), target);
      await remoteWrite(prometheus.url, series);
      const source = {
        url: prometheus.url,
        from: epochMs(from),
        to: epochMs(to + 1000),
        step: durationMs(500),
        match: [`{job="triton-${name}"}`],
        headers: [],
        userAgent: "test",
      };
      const plan = { ...asked, progress };
      const recorded = await runBacktest({ ...plan, recordings: [recording(name)], prometheus: undefined });
      const kept = await runBacktest({ ...plan, recordings: [], prometheus: source });
      const { scrapes, failedScrapes, spacing } = recorded.histories[0]!;
      expect(kept.histories[0]).toMatchObject({ scrapes, failedScrapes, spacing });
      const withoutCluster = (episodes: ReturnType<typeof told>) =>
        episodes.map((one) => ({ ...one, subject: one.subject.replace(/cluster="c1"(, )?/, "") }));
      expect(withoutCluster(told(kept))).toEqual(told(recorded));
      expect(told(recorded).length).toBeGreaterThan(2);
    },
  );
});
