import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { evaluate } from "../../src/promql/evaluate.ts";
import { PromqlError, parseExpr } from "../../src/promql/parse.ts";
import { Labels } from "../../src/series/labels.ts";
import { epochMs } from "../../src/series/time.ts";
import { Generator, seeded } from "./generator.ts";
import { MemorySource, numberOf } from "./memory-source.ts";
import { type Answer, Prometheus, prometheusPresent } from "./prometheus.ts";

/** A multiple of the step, so that a sample 1 ms later never falls on the edge of a window: left-open is left-closed. */
const START = 1_700_000_010_000;
const STEP = 15_000;
const QUERIES = Number(process.env["PROMQL_QUERIES"] ?? 600);
const TIMES = [60 * 60, 47 * 60 + 8, 30 * 60, 3 * 60].map((seconds) => START / 1000 + seconds);

/** Counters that reset to values far from zero, gauges with NaN and infinities, gaps of both kinds. */
function synthetic(): MemorySource {
  const random = seeded(7);
  const source = new MemorySource();
  for (const metric of ["ctr_a", "ctr_b", "gauge_a", "gauge_b"]) {
    for (const x of ["1", "2", "3"]) {
      for (const y of ["a", "b", "bb"]) {
        if (random() < 0.2) continue;
        const series = source.at(Labels.of({ __name__: metric, x, y, ...(random() < 0.3 && { z: `z${x}` }) }));
        let value = 1e6 * random();
        for (let k = 0; k <= 240; k++) {
          const counter = metric.startsWith("ctr");
          if (counter) value = random() < 0.02 ? 1e5 + 1e4 * random() : value + Math.floor(20 * random());
          else value = random() < 0.3 ? value : Math.round(1000 * (random() - 0.5)) / 8;
          if (random() < 0.05 || (k > 100 && k < 130 && x === "2")) continue;
          const odd =
            !counter && random() < 0.01 ? [Number.NaN, Infinity, -Infinity][Math.floor(random() * 3)]! : value;
          series.samples.push([START + k * STEP + 1, odd]);
        }
      }
    }
  }
  return source;
}

function openMetrics(source: MemorySource): string {
  const lines: string[] = [];
  for (const { labels, samples } of source.series.values()) {
    for (const [time, value] of samples) {
      const text = String(value).replace("Infinity", "Inf");
      lines.push(`${String(labels).replaceAll(", ", ",")} ${text} ${(time / 1000).toFixed(3)}`);
    }
  }
  return `${lines.join("\n")}\n# EOF\n`;
}

const near = (a: number, b: number): boolean =>
  Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b), 1e-3);

/** How we differ from Prometheus' answer; undefined where we do not. */
function difference(query: string, source: MemorySource, seconds: number, theirs: Answer): string | undefined {
  let ours: ReturnType<typeof evaluate>;
  try {
    ours = evaluate(parseExpr(query), source, epochMs(seconds * 1000));
  } catch (error) {
    if (!(error instanceof PromqlError)) throw error;
    // Prometheus 2 let a filter hide this mistake, Prometheus 3 does not.
    const newer = error.message.startsWith("Cannot match many to one") && theirs.kind === "vector";
    return theirs.kind === "error" || newer ? undefined : `we say: ${error.message}`;
  }
  if (theirs.kind === "error") return `it says: ${theirs.why}`;
  if (ours.kind === "scalar" && theirs.kind === "scalar") {
    return near(ours.value, numberOf(theirs.value)) ? undefined : `${ours.value}, not ${theirs.value}`;
  }
  if (ours.kind !== "vector" || theirs.kind !== "vector") return `${ours.kind}, not ${theirs.kind}`;
  if (ours.samples.length !== theirs.samples.length)
    return `${ours.samples.length}, not ${theirs.samples.length} elements`;
  const found = new Map(ours.samples.map(({ labels, value }) => [labels.key, value]));
  for (const { metric, value } of theirs.samples) {
    const labels = Labels.of(metric);
    const mine = found.get(labels.key);
    if (mine === undefined || !near(mine, numberOf(value[1]))) return `${labels}: ${mine}, not ${value[1]}`;
  }
  return undefined;
}

describe.skipIf(!prometheusPresent)("a real Prometheus", () => {
  const source = synthetic();
  let prometheus: Prometheus;
  beforeAll(async () => {
    prometheus = await Prometheus.start(openMetrics(source));
  });
  afterAll(() => prometheus?.stop());

  test(`answers ${QUERIES} random queries as we do`, async () => {
    const generator = new Generator(seeded(Number(process.env["PROMQL_SEED"] ?? 42)));
    const counts = { vector: 0, empty: 0, scalar: 0, error: 0 };
    const different: string[] = [];
    for (let i = 0; i < QUERIES; i++) {
      const query = generator.vector(i % 4);
      const seconds = TIMES[i % TIMES.length]!;
      const theirs = await prometheus.ask(query, seconds);
      counts[theirs.kind === "vector" && theirs.samples.length === 0 ? "empty" : theirs.kind]++;
      const why = difference(query, source, seconds, theirs);
      if (why !== undefined) different.push(`${query} at ${seconds}: ${why}`);
    }
    process.stdout.write(`differential: ${JSON.stringify(counts)}\n`);
    expect(different).toEqual([]);
  });
});
