// What an expression costs: over the store, 1,000 models at a scrape every 15 s for two hours.
//   npm run build && node test/bench/promql.mjs            ms an evaluation and ns a sample, best of several repeats
//   node test/bench/promql.mjs DIST OTHER                  also how many times as fast DIST is as OTHER
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [dist = new URL("../../dist", import.meta.url).pathname, other] = process.argv.slice(2);
const MODELS = 1000;
const ROWS = 480;
const SCRAPE = 15_000;
const START = 1_700_000_000_000;
const REPEATS = 7;
const SECONDS = 0.2;

/** An expression, and how many samples one evaluation of it reads. */
const INSTANT = [
  ["requests_total", MODELS],
  ["rate(requests_total[5m])", MODELS * 20],
  ["sum by (team) (rate(requests_total[5m]))", MODELS * 20],
  ["rate(failures_total[5m]) / rate(requests_total[5m]) > 0.05", 2 * MODELS * 20],
  ["queue > on (model) group_left (team) 2 * avg_over_time(queue[1h])", MODELS * 241],
  ["topk(5, increase(requests_total[5m]))", MODELS * 20],
  ["stddev_over_time(queue[1h])", MODELS * 240],
  ["quantile_over_time(0.9, queue[1h])", MODELS * 240],
  ["max_over_time(sum by (team) (rate(requests_total[5m]))[30m:1m])", MODELS * 20 * 30],
  ["histogram_quantile(0.99, sum by (le) (rate(latency_bucket[5m])))", 1000 * 20],
];
/** Over 60 steps of a minute; a sample counts once for each window it is in. */
const RANGES = [
  ["sum by (team) (rate(requests_total[5m]))", 60 * MODELS * 20],
  ["avg_over_time(queue[30m])", 60 * MODELS * 120],
];

const ours = await load(dist);
const theirs = other === undefined ? undefined : await load(other);
console.log(["expression".padEnd(68), "ms", "ns/sample", "ratio"].map(cell).join(""));
for (const [text, samples] of INSTANT) report(text, samples, (engine) => engine.instant(text));
for (const [text, samples] of RANGES) report(`${text}, 60 steps`, samples, (engine) => engine.range?.(text));

function report(name, samples, prepare) {
  const mine = best(prepare(ours));
  if (mine === undefined) return;
  const before = theirs && best(prepare(theirs));
  const ratio = before === undefined ? "" : (before / mine).toFixed(2);
  console.log([name.padEnd(68), mine.toFixed(3), ((mine * 1e6) / samples).toFixed(1), ratio].map(cell).join(""));
}

/** The best time of one run in ms; undefined where there is nothing to run. */
function best(run) {
  if (run === undefined) return undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const start = performance.now();
    let done = 0;
    let elapsed = 0;
    do {
      run();
      done++;
      elapsed = performance.now() - start;
    } while (elapsed < (SECONDS * 1000) / REPEATS);
    least = Math.min(least, elapsed / done);
  }
  return least;
}

async function load(folder) {
  const from = (path) => import(pathToFileURL(resolve(folder, path)).href);
  const { evaluate, evaluateRange } = await from("promql/evaluate.js");
  const { parseExpr } = await from("promql/parse.js");
  const { SeriesStore } = await from("series/store.js");
  const { Labels } = await from("series/labels.js");
  const store = fill(new SeriesStore(1 << 30), Labels);
  const end = START + (ROWS - 1) * SCRAPE;
  /** An expression the engine does not know is not timed. */
  const parsed = (text) => {
    try {
      return parseExpr(text);
    } catch {
      return undefined;
    }
  };
  return {
    instant(text) {
      const expr = parsed(text);
      return expr && (() => evaluate(expr, store, end));
    },
    range(text) {
      const expr = parsed(text);
      return expr && evaluateRange && (() => evaluateRange(expr, store, end - 59 * 60_000, end, 60_000));
    },
  };
}

function fill(store, Labels) {
  store.reach = 2 * 3600 * 1000;
  const table = store.table(Labels.of({ instance: "gpu-1:8002" }));
  const columns = [];
  for (let i = 0; i < MODELS; i++) {
    const labels = { instance: "gpu-1:8002", model: `model_${i}`, version: "1", team: `team_${i % 20}` };
    for (const name of ["requests_total", "failures_total", "queue"]) {
      columns.push([table.column(Labels.of({ ...labels, __name__: name })), name, i]);
    }
    if (i >= MODELS / 10) continue;
    for (const [b, le] of ["1", "2", "5", "10", "20", "50", "100", "200", "500", "+Inf"].entries()) {
      columns.push([table.column(Labels.of({ ...labels, __name__: "latency_bucket", le })), "bucket", b]);
    }
  }
  const numbers = Int32Array.from(columns, ([column]) => column);
  for (let row = 0; row < ROWS; row++) {
    const values = Float64Array.from(columns, ([, name, i]) => sampleOf(name, i, row));
    table.append(START + row * SCRAPE, numbers, values, values.length, true);
  }
  return store;
}

function sampleOf(name, i, row) {
  if (name === "queue") return (i * 7 + row * 13) % 11;
  return row * (name === "failures_total" ? (i % 3) / 10 : 1 + (i % 17));
}

function cell(value, i) {
  return i === 0 ? value : String(value).padStart(12);
}
