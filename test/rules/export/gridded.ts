import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** One scrape of a recording: its page, or none where it failed. */
export type Scrape = { readonly page: string } | undefined;

/** The scrapes of a packed recording, every n-th of them. */
export function scrapesOf(name: string, every = 1): readonly Scrape[] {
  const packed = readFileSync(new URL(`../../fixtures/recordings/${name}.jsonl.gz`, import.meta.url));
  const lines = gunzipSync(packed).toString().trimEnd().split("\n");
  return lines
    .filter((_, i) => i % every === 0)
    .map((line) => JSON.parse(line) as { status: number; body?: string; source?: string })
    .filter(({ source }) => source === undefined || source === "metrics")
    .map(({ status, body }) => (status === 200 && body !== undefined ? { page: body } : undefined));
}

/** The scrapes as a recording of ours, one every `seconds` from a round time on. */
export function asRecording(scrapes: readonly Scrape[], seconds: number): string {
  const lines = scrapes.map((scrape, i) => {
    const t = START + i * seconds * 1000;
    return JSON.stringify(scrape ? { t, status: 200, body: scrape.page } : { t, status: 0, kind: "unreachable" });
  });
  return `${lines.join("\n")}\n`;
}

export const START = 1_700_000_000_000;

/** The scrapes as input series of promtool: what Prometheus stores of them, staleness and `up` included. */
export function asInputSeries(scrapes: readonly Scrape[]): readonly { series: string; values: string }[] {
  const columns = new Map<string, string[]>();
  const present = new Set<string>();
  scrapes.forEach((scrape, i) => {
    const samples = new Map<string, string>([[`up{${TARGET}}`, scrape ? "1" : "0"]]);
    for (const line of (scrape?.page ?? "").split("\n")) {
      const [, name, labels = "", value = ""] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      if (name) samples.set(`${name}{${labels === "" ? "" : `${labels},`}${TARGET}}`, value);
    }
    for (const [series, value] of samples) {
      const column = columns.get(series) ?? [];
      columns.set(series, column);
      while (column.length < i) column.push("_");
      column.push(value);
      present.add(series);
    }
    for (const series of present) {
      if (samples.has(series)) continue;
      present.delete(series);
      columns.get(series)!.push("stale");
    }
  });
  return [...columns].map(([series, values]) => ({ series, values: values.join(" ") }));
}

const TARGET = 'job="triton",instance="recording"';
