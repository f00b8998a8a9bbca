import { Labels } from "../../src/series/labels.ts";
import { seeded } from "./generator.ts";
import { MemorySource, STALE } from "./memory-source.ts";

/** A whole minute. Samples lie a millisecond after the grid. */
export const START = 1_700_000_040_000;
export const STEP = 15_000;
export const SAMPLES = 241;

const BOUNDS = ["-1", "0.1", "0.5", "1", "5", "+Inf"];

/**
 * A few hundred series, with label sets that differ in their name alone: `ctr_a` has gaps and stale markers, and where it
 * restarts it is negative; `ctr_b` restarts and has no gaps (counters that have both Prometheus 2 extrapolates otherwise);
 * gauges have everything, NaN and infinities too; buckets sometimes shrink. Values are multiples of an eighth, so that sums
 * are exact whatever their order.
 */
export function synthetic(): MemorySource {
  const random = seeded(7);
  const source = new MemorySource();
  for (const metric of ["ctr_a", "ctr_b", "gauge_a", "gauge_b"]) {
    for (const x of ["1", "2", "3", "4", "5", "6", "7"]) {
      for (const y of ["a", "b", "bb", "c", "ca", "d"]) {
        if (random() < 0.15) continue;
        for (const z of random() < 0.3 ? [`z${x}`, "zz"] : [""]) {
          addSeries(source, Labels.of({ __name__: metric, x, y, z }), random);
        }
      }
    }
  }
  for (const x of ["1", "2", "3"]) {
    for (const y of ["a", "b"]) {
      for (const le of [...BOUNDS, ...(x === "3" ? ["broken"] : [])]) addBucket(source, x, y, le, random);
    }
  }
  return source;
}

function addSeries(source: MemorySource, labels: Labels, random: () => number): void {
  const { samples } = source.at(labels);
  const { metric } = labels;
  const gauge = metric.startsWith("gauge");
  const negative = metric === "ctr_a" && Number(labels.get("x")) > 4;
  const restarts = metric === "ctr_b" || negative;
  let value = (gauge ? 0 : negative ? -1e7 : 1e7) + Math.floor(1e6 * random());
  for (let k = 0; k < SAMPLES; k++) {
    if (!gauge) value += restarts && random() < 0.02 ? -1000 : Math.floor(20 * random());
    else if (random() > 0.3) value = Math.round(1000 * (random() - 0.5)) / 8;
    const time = START + k * STEP + 1;
    if (metric === "ctr_b") samples.push([time, value]);
    else if (random() < 0.02) samples.push([time, STALE]);
    else if (random() < 0.05 || (k > 100 && k < 130 && labels.get("x") === "2")) continue;
    else if (gauge && random() < 0.01) samples.push([time, [Number.NaN, Infinity, -Infinity][k % 3]!]);
    else samples.push([time, value]);
  }
}

/** Each bucket counts on its own, so that one with a higher bound may lag behind. */
function addBucket(source: MemorySource, x: string, y: string, le: string, random: () => number): void {
  const { samples } = source.at(Labels.of({ __name__: "lat_bucket", x, y, le }));
  const weight = 1 + BOUNDS.indexOf(le);
  let value = 1e4;
  for (let k = 0; k < SAMPLES; k++) {
    value += Math.floor(4 * weight * random());
    if (random() > 0.02) samples.push([START + k * STEP + 1, value]);
  }
}
