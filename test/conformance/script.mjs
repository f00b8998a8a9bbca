// Reads a promqltest script into its evaluations and the series each of them runs over.
import { cut, HISTOGRAM, isNumber, labelsOf, numberOf, STALE, valuesOf } from "./notation.mjs";

/** Series in memory, as the evaluator's source. */
class Storage {
  series = new Map();

  at(labels) {
    let found = this.series.get(labels.key);
    if (!found) {
      found = new Series(labels);
      this.series.set(labels.key, found);
    }
    return found;
  }

  copy() {
    const copy = new Storage();
    for (const { labels, samples, native } of this.series.values()) {
      const series = copy.at(labels);
      series.samples.push(...samples);
      series.native = native;
    }
    return copy;
  }

  select(matchers) {
    return [...this.series.values()].filter(({ labels }) => matchers.every((m) => m.matches(labels.get(m.name) ?? "")));
  }
}

class Series {
  samples = [];
  /** Whether it holds native histograms. */
  native = false;

  constructor(labels) {
    this.labels = labels;
  }

  latest(at, lookback, out) {
    const found = this.samples.findLast(([time]) => time <= at);
    if (!found || found[0] <= at - lookback || found[1] === STALE) return false;
    [out.time, out.value] = found;
    return true;
  }

  range(from, to, out) {
    for (const [time, value] of this.samples) if (time > from && time <= to && value !== STALE) out.push(time, value);
  }
}

/** The evaluations of a script, in its order; what cannot be read is among them, as `broken`. */
export function readScript(text, engine) {
  const cases = [];
  let storage = new Storage();
  for (const { line, head, body } of blocks(text)) {
    try {
      if (head === "clear") storage = new Storage();
      else if (head.startsWith("load")) storage = load(head, body, storage, engine);
      else if (head.startsWith("eval")) cases.push({ line, storage, ...readEval(head, body, engine) });
      else if (!head.startsWith("ignore")) throw new Error("no command");
    } catch (error) {
      cases.push({ line, query: head, broken: `cannot be read: ${error.message}` });
    }
  }
  return cases;
}

/** Cuts a script into commands and the lines below them; comments are nowhere. */
function blocks(text) {
  const found = [];
  let open = false;
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line.startsWith("#")) continue;
    if (line === "") open = false;
    else if (/^(?:clear|ignore|load|load_\w+|eval|eval_\w+)(?:\s|$)/.test(line)) {
      found.push({ line: i + 1, head: line, body: [] });
      open = true;
    } else if (open) found.at(-1).body.push(line);
    else found.push({ line: i + 1, head: line, body: [] });
  }
  return found;
}

const ms = (text, { readNumber }) => {
  const sign = text.startsWith("-") ? -1 : 1;
  return Math.round(sign * readNumber(text.replace(/^[+-]/, ""), { from: 0, to: text.length }) * 1000);
};

function load(head, body, before, engine) {
  const storage = before.copy();
  const step = ms(head.split(/\s+/)[1], engine);
  for (const line of body) {
    // Start timestamps concern native histograms and experiments alone.
    if (line.startsWith("@")) continue;
    const [metric, values] = cut(line);
    const labels = labelsOf(metric, engine);
    const series = storage.at(labels);
    for (const [i, value] of valuesOf(values).entries()) {
      if (value === HISTOGRAM) series.native = true;
      else if (value !== undefined) series.samples.push([i * step, value]);
    }
    series.samples.sort((a, b) => a[0] - b[0]);
    const base = /^(.*)_(?:bucket|sum|count)$/.exec(labels.metric)?.[1];
    if (head.startsWith("load_with_nhcb") && base) {
      storage.at(labels.without("le").with({ __name__: base })).native = true;
    }
  }
  return storage;
}

function readEval(head, body, engine) {
  const [, command, rest] = /^(eval\S*)\s+(.*)$/.exec(head);
  const instant = /^instant\s+(?:at\s+(\S+)\s+)?(.*)$/.exec(rest);
  const range = /^range\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)\s+(.*)$/.exec(rest);
  if (!instant && !range) throw new Error("neither instant nor range");
  const time = (text) => ms(text, engine);
  const when = instant
    ? { kind: "instant", at: time(instant[1] ?? "0") }
    : { kind: "range", from: time(range[1]), to: time(range[2]), step: time(range[3]) };
  const { query, lines } = completed(instant ? instant[2] : range[4], body, engine);
  const says = new Set(lines.flatMap((text) => /^expect\s+(\w+)/.exec(text)?.[1] ?? []));
  const suffix = command.slice("eval_".length);
  if (suffix !== "") says.add(suffix);
  return { query, when, says, expected: readExpected(lines, says, when, engine) };
}

/** A query may go on in the lines below it. */
function completed(first, body, { parseQuery }) {
  let query = first;
  const lines = [...body];
  while (lines.length > 0 && !lines[0].startsWith("expect") && endsEarly(query, parseQuery))
    query += `\n${lines.shift()}`;
  return { query, lines };
}

function endsEarly(query, parseQuery) {
  try {
    parseQuery(query);
    return false;
  } catch (error) {
    return error.message === "Cannot parse expression: it ends too early";
  }
}

function readExpected(lines, says, when, engine) {
  if (says.has("fail")) return { kind: "failure" };
  if (lines.some((line) => line.includes("{{"))) return { kind: "native" };
  const string = lines.map((line) => /^expect\s+string\s+(.*)$/.exec(line)?.[1]).find((text) => text !== undefined);
  if (string !== undefined) return { kind: "string", value: engine.readString(string, { from: 0, to: string.length }) };
  const grid = lines.map((line) => /^expect\s+range\s+vector\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)/.exec(line));
  const [, from, , step] = grid.find((found) => found !== null) ?? [];
  const series = lines.filter((line) => !/^(?:expect\s|expected_fail)/.test(line));
  if (when.kind === "instant" && series.length === 1 && isNumber(series[0])) {
    return { kind: "scalar", value: numberOf(series[0]) };
  }
  const start = from === undefined ? (when.from ?? when.at) : ms(from, engine);
  const apart = step === undefined ? (when.step ?? 1) : ms(step, engine);
  return {
    kind: from !== undefined || when.kind === "range" ? "matrix" : "vector",
    rows: series.map((line) => {
      const [metric, values] = cut(line);
      const samples = valuesOf(values).flatMap((value, i) => (value === undefined ? [] : [[start + i * apart, value]]));
      return { labels: labelsOf(metric, engine), samples };
    }),
  };
}
