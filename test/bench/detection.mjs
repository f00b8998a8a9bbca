// How well the packaged rules detect, on simulated traffic with labelled attacks: the product's own detectors against the
// simulator's scoring, and slow ramps that try to drag the baseline along.
//   npm run bench:detection -- --seed N --n 20 [--hard] [--sig ratio,rate,latency,gauge] [--poison] [--sim DIR]
// Needs the simulator beside the repository (../shared/sim); without it this says so and ends.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const arg = (name, fallback) => {
  const i = process.argv.indexOf(`--${name}`);
  return i < 0 ? fallback : process.argv[i + 1];
};
const sim = resolve(arg("sim", "../shared/sim"));
const adapter = "test/bench/detection-adapter.mjs";
if (!existsSync(`${sim}/eval.mjs`)) {
  console.error(`bench:detection needs the traffic simulator: no eval.mjs in ${arg("sim", "../shared/sim")}`);
  process.exit(2);
}
if (process.argv.includes("--poison")) await poison();
else {
  const passed = process.argv.slice(2).filter((word, i, all) => word !== "--sim" && all[i - 1] !== "--sim");
  const run = spawnSync(process.execPath, [`${sim}/eval.mjs`, "--adapter", adapter, "--only", "candidate", ...passed], {
    stdio: "inherit",
  });
  process.exit(run.status ?? 1);
}

/**
 * Ramps over seven days that begin on the second day of the second week: the error ratio by three points, the rate times three.
 * Prints for each how many series are told of, and after which part of the ramp.
 */
async function poison() {
  const { makeSeries, WEEK, DAY } = await import(pathToFileURL(`${sim}/sim.mjs`).href);
  const make = await import("./detection-adapter.mjs");
  const seed = Number(arg("seed", 2));
  const count = Number(arg("n", 10));
  const hard = process.argv.includes("--hard");
  console.log(`slow ramps over seven days (seed ${seed}, ${count} series at each of 1, 10, 100, 1000 req/s)`);
  for (const [kind, name] of [
    ["poisonRatio", "ratio"],
    ["poisonRate", "rate"],
  ]) {
    const told = [];
    let falseAlarms = 0;
    for (const rate of [1, 10, 100, 1000]) {
      for (let j = 0; j < count; j++) {
        const series = makeSeries({ seed: seed * 1000 + j, rate, weeks: 3, attacks: false, poison: kind, hard });
        const ramp = series.att[0];
        const { first, before } = watchRamp(series, ramp, make[name](), WEEK);
        falseAlarms += before;
        told.push(first === undefined ? Number.POSITIVE_INFINITY : (first - ramp.a) / (7 * DAY));
      }
    }
    told.sort((a, b) => a - b);
    const share = (part) => told.filter((when) => when <= part).length;
    const at = (q) => `${(100 * told[Math.min(told.length - 1, Math.floor(q * told.length))]).toFixed(0)} %`;
    console.log(
      `${name}: told of ${told.filter(Number.isFinite).length} of ${told.length}; within 15 % of the ramp ${share(0.15)}, ` +
        `20 % ${share(0.2)}, 50 % ${share(0.5)}; median at ${at(0.5)}, 95th percentile at ${at(0.95)}; ` +
        `series that alarmed in the day before the ramp: ${falseAlarms}`,
    );
  }
}

/** The scrape at which an alarm first fires in the ramp, for an hour altogether as a blip is no discovery; 1 if any fired the day before. */
function watchRamp(series, ramp, monitor, week) {
  let [S, F, D] = [-1, 0, 0];
  let first;
  let fired = 0;
  let before = 0;
  for (let q = 0; q < series.t.length; q++) {
    const i = series.t[q];
    const [success, failure, duration] = [series.success[q], series.failure[q], series.dur[q]];
    const reset = S >= 0 && (success < S || failure < F || duration < D);
    [S, F, D] = [success, failure, duration];
    const on = monitor.step({ t: i * 15_000, success, failure, duration, mem: series.mem[q], reset });
    if (!on) continue;
    if (i >= week && i < ramp.a) before = 1;
    if (i >= ramp.a && ++fired >= 240 && first === undefined) first = i;
  }
  return { first, before };
}
