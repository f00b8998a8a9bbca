// How fast pages are read: over the template, cold (a new reader for each page), line by line (known series in another
// order at each page), and by the library alone, all in one run so that the ratios hold on any machine.
//   npm run bench:parse                                   MB/s, best of several repeats
//   node --expose-gc test/bench/parse.mjs [DIST]          also bytes allocated per page on the template path
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import parseByLibrary from "parse-prometheus-text-format";

const dist = resolve(process.argv[2] ?? new URL("../../dist", import.meta.url).pathname);
const { PageReader } = await import(pathToFileURL(`${dist}/exposition/page-reader.js`).href);

const REPEATS = 7;
const SECONDS = 0.25;
const encoder = new TextEncoder();

const pages = [
  ...goldenPages(),
  ["20 models, 2 GPUs", generate(20, 2, 0), generate(20, 2, 1)],
  ["700 models, 2 GPUs", generate(700, 2, 0), generate(700, 2, 1)],
];

console.log("MB/s, best of", REPEATS, "(and how many times the library's speed)");
console.log(["page".padEnd(46), "kB", "samples", "template", "lines", "cold", "library"].map(cell).join(""));
for (const [name, first, second] of pages) report(name, [first, second]);

function report(name, texts) {
  const bodies = texts.map((text) => encoder.encode(text));
  const shuffled = [bodies[0], encoder.encode(swapFirstSamples(texts[1]))];
  const bytes = bodies[0].length;
  const warm = newReader();
  const samples = mustRead(warm, bodies[0]).samples;
  const byLines = newReader();
  const speeds = [
    measure(bytes, (i) => mustRead(warm, bodies[i & 1])),
    measure(bytes, (i) => mustRead(byLines, shuffled[i & 1])),
    measure(bytes, (i) => mustRead(newReader(), bodies[i & 1])),
    measure(bytes, (i) => parseByLibrary(texts[i & 1])),
  ];
  const slowest = speeds[3];
  const shown = speeds.map((speed) => `${speed.toFixed(0)} (${(speed / slowest).toFixed(1)})`);
  console.log([name.padEnd(46), (bytes / 1000).toFixed(0), samples, ...shown].map(cell).join(""));
  if (globalThis.gc) console.log(`  template path allocates ${allocated(warm, bodies).toFixed(0)} bytes a page`);
}

/** Reads only every sixth series, as a monitor does. */
function newReader() {
  let next = 0;
  return new PageReader(() => (next++ % 6 === 0 ? next : -1));
}

function mustRead(reader, body) {
  const outcome = reader.read(body);
  if (outcome.kind !== "page") throw new Error(outcome.why);
  return outcome.page;
}

/** Best MB/s of several repeats of `SECONDS` each. */
function measure(bytes, once) {
  let best = 0;
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const start = performance.now();
    let done = 0;
    let elapsed = 0;
    do {
      once(done++);
      elapsed = performance.now() - start;
    } while (elapsed < (SECONDS * 1000) / REPEATS || done < 2);
    best = Math.max(best, (done * bytes) / elapsed / 1000);
  }
  return best;
}

/** Few enough pages that no collection comes between. */
function allocated(reader, bodies) {
  const count = 200;
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < count; i++) mustRead(reader, bodies[i & 1]);
  return (process.memoryUsage().heapUsed - before) / count;
}

/** The recorded pages, each with a second one on which every counter moved on. */
function goldenPages() {
  const folder = new URL("../golden/exposition/", import.meta.url);
  const names = readdirSync(folder).filter((name) => /\.(prom|txt)$/.test(name));
  return names.map((name) => {
    const text = readFileSync(new URL(name, folder), "utf8");
    return [name, text, text.replace(/ (\d+)$/gm, (_, n) => ` ${Number(n) + 7}`)];
  });
}

/** Two neighbouring samples change places, so that the page cannot be read over the template. */
function swapFirstSamples(text) {
  const lines = text.split("\n");
  const first = lines.findIndex((line, i) => line && line[0] !== "#" && lines[i + 1] && lines[i + 1][0] !== "#");
  if (first >= 0) [lines[first], lines[first + 1]] = [lines[first + 1], lines[first]];
  else lines.push("extra 1", "");
  return lines.join("\n");
}

/** A page as Triton writes it, without summaries; `turn` moves every counter. */
function generate(models, gpus, turn) {
  let page = "";
  const family = (name, type, help, samples) => {
    page += `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
    for (const [labels, value] of samples) page += `${name}${labels} ${value}\n`;
  };
  const all = Array.from({ length: models }, (_, i) => [i, `model="model_${i}",version="1"`]);
  const each = (value) => all.map(([i, labels]) => [`{${labels}}`, value(i)]);
  const moved = (scale) => (i) => i * scale + turn * 977 * (i + 1);
  family("nv_inference_request_success", "counter", "Number of successful inference requests", each(moved(31)));
  const reasons = ["OTHER", "BACKEND", "CANCELED", "REJECTED"];
  const failures = all.flatMap(([i, labels]) =>
    reasons.map((reason) => [`{${labels.replace(",", `,reason="${reason}",`)}}`, i % 3]),
  );
  family("nv_inference_request_failure", "counter", "Number of failed inference requests", failures);
  const durations = ["request", "queue", "compute_input", "compute_infer", "compute_output"];
  family("nv_inference_count", "counter", "Number of inferences performed", each(moved(40)));
  family("nv_inference_exec_count", "counter", "Number of model executions performed", each(moved(22)));
  for (const name of durations) {
    family(`nv_inference_${name}_duration_us`, "counter", "Cumulative duration in microseconds", each(moved(48_611)));
  }
  for (const name of ["num_hits", "num_misses", "hit_duration", "miss_duration"]) {
    family(`nv_cache_${name}_per_model`, "counter", "Cache of the model", each(moved(3)));
  }
  family(
    "nv_inference_pending_request_count",
    "gauge",
    "Pending requests",
    each((i) => (i + turn) % 5),
  );
  family(
    "nv_model_load_duration_secs",
    "gauge",
    "Load time",
    each((i) => Number((0.002495416 + i / 7).toPrecision(16))),
  );
  const cards = Array.from({ length: gpus }, (_, i) => [`{gpu_uuid="GPU-b1f4-${i}"}`, 0.25 + turn / 8 + i]);
  for (const name of ["utilization", "memory_total_bytes", "memory_used_bytes", "power_usage", "power_limit"]) {
    family(`nv_gpu_${name}`, "gauge", "State of the GPU", cards);
  }
  family("nv_cpu_utilization", "gauge", "CPU utilization rate [0.0 - 1.0]", [["", turn ? 0.0006394769999999999 : 0.5]]);
  family("nv_cpu_memory_used_bytes", "gauge", "CPU used memory (RAM), in bytes", [["", 25_113_313_280 + turn]]);
  return page;
}

function cell(value, i) {
  return i === 0 ? value : String(value).padStart(i < 3 ? 8 : 14);
}
