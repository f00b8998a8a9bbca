// How well the packaged rules detect, on simulated traffic with labelled attacks: the product's own detectors against the
// simulator's scoring, and slow ramps that try to drag the baseline along.
//   npm run bench:detection -- --seed N --n 20 [--hard] [--sig ratio,rate,latency,gauge] [--sim DIR]
//   npm run bench:detection -- --seeds 200,201,202 --n 20     the mean over several seeds, two at a time
//   npm run bench:detection -- --poison --seed N --n 10
// Needs the simulator beside the repository (../shared/sim); without it this says so and ends.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
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
const OURS = ["--sim", "--seeds"];
const passed = process.argv.slice(2).filter((word, i, all) => !OURS.includes(word) && !OURS.includes(all[i - 1]));
const command = [`${sim}/eval.mjs`, "--adapter", adapter, "--only", "candidate", ...passed];
if (process.argv.includes("--poison")) await poison();
else if (process.argv.includes("--seeds")) await pooled(arg("seeds", "").split(",").map(Number));
else process.exit(spawnSync(process.execPath, command, { stdio: "inherit" }).status ?? 1);

/** Runs every seed and prints the mean of each figure; all seeds have the same number of series, so that weighs them alike. */
async function pooled(seeds) {
  const dir = mkdtempSync(join(tmpdir(), "bench-detection-"));
  const left = [...seeds];
  const tables = new Map();
  const work = async () => {
    for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
      const out = join(dir, `${seed}.md`);
      const run = spawn(process.execPath, [...command, "--seed", String(seed), "--out", out], { stdio: "ignore" });
      const status = await new Promise((done) => run.on("exit", done));
      if (status !== 0) throw new Error(`seed ${seed}: the simulator's scoring ended with ${status}`);
      tables.set(seed, tablesOf(readFileSync(out, "utf8")));
    }
  };
  await Promise.all([work(), work()]);
  rmSync(dir, { recursive: true });
  for (const signal of tables.get(seeds[0]).keys()) {
    console.log(`\n${signal}, mean over seeds ${seeds.join(", ")} (least to most)`);
    for (const column of tables.get(seeds[0]).get(signal).keys()) {
      const values = seeds.map((seed) => tables.get(seed).get(signal).get(column)).filter(Number.isFinite);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      console.log(`  ${column.padEnd(34)} ${mean.toFixed(3)}  (${Math.min(...values)} to ${Math.max(...values)})`);
    }
  }
}

/** The figures of the scoring's tables: signal → column → number. A cell may hold recall, recall of the detectable, delays. */
function tablesOf(text) {
  const found = new Map();
  for (const part of text.split("\n### ").slice(1)) {
    const lines = part.split("\n");
    const row = (line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim());
    const [heads, cells] = [row(lines[1]), row(lines[3])];
    const figures = new Map();
    heads.forEach((head, i) => {
      const name = head.split(" (")[0];
      const hit = /^(\d+)(?: \[(\d+)\])? \((\S+)\/(\S+)\)$/.exec(cells[i]);
      if (hit) {
        figures.set(name, Number(hit[1]));
        if (hit[2]) figures.set(`${name} of detectable`, Number(hit[2]));
        figures.set(`${name.split(" ")[0]} median delay, scrapes`, Number(hit[3]));
      } else if (i > 0) figures.set(name, Number(cells[i]));
    });
    const levels = lines.findIndex((line) => line.startsWith("by traffic level"));
    row(lines[levels + 1])
      .slice(1)
      .forEach((level, i) => {
        const [recalls, alarms] = row(lines[levels + 3])[i + 1].split(" ; ");
        figures.set(`at ${level}: FP`, Number(alarms));
        for (const [k, recall] of recalls.split("/").entries())
          figures.set(`at ${level}: recall ${k + 1}`, Number(recall));
      });
    found.set(part.split(/\s/)[0], figures);
  }
  return found;
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
    const known = [];
    let falseAlarms = 0;
    for (const rate of [1, 10, 100, 1000]) {
      for (let j = 0; j < count; j++) {
        const series = makeSeries({ seed: seed * 1000 + j, rate, weeks: 3, attacks: false, poison: kind, hard });
        const ramp = series.att[0];
        known.push(ratioRampNats(series, ramp, 0.15 * 7 * DAY, DAY));
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
    if (kind === "poisonRatio")
      console.log(
        `  who knew the true ratio, its noise, and when and how fast the ramp climbs would have 5 nats at 15 % of it in ` +
          `${known.filter((nats) => nats >= 5).length} of ${known.length}, 3 nats in ${known.filter((nats) => nats >= 3).length}`,
      );
  }
}

/**
 * What a matched filter gathers on average by a time into a ratio ramp, in nats: the integral of (what was added)² / (2 D), D being
 * the noise per time of all frequencies far below the drift's own: drift, over-dispersion and counts. The limit of any method.
 */
function ratioRampNats({ c, base, rate }, ramp, scrapes, day) {
  const seconds = 86_400 / day;
  let nats = 0;
  for (let i = 1; i < scrapes; i++) {
    const ratio = base[ramp.a + i];
    const added = (0.03 * i) / (7 * day);
    const relative = seconds * (2 * c.pAr ** 2 * c.pTau + c.pCv ** 2);
    nats += (added ** 2 * seconds) / (2 * (ratio ** 2 * relative + (ratio + added) / rate));
  }
  return nats;
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
