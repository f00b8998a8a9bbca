import { readNumber } from "../../src/promql/literals.ts";
import type { Labels } from "../../src/series/labels.ts";
import { labelsOf, MemorySource, numberOf, STALE, valuesOf } from "./memory-source.ts";

/** One evaluation of a promqltest script, with the series it runs over. */
export interface Case {
  readonly line: number;
  readonly query: string;
  readonly source: MemorySource;
  /** Series that hold native histograms, which we do not. */
  readonly histograms: MemorySource;
  /** Evaluation times in ms; one for an instant evaluation. */
  readonly times: readonly number[];
  readonly ordered: boolean;
  readonly expected: Expected;
}

type Expected =
  | { readonly kind: "failure" }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "scalar"; readonly values: readonly (number | undefined)[] }
  | {
      readonly kind: "vector";
      readonly series: readonly { readonly labels: Labels; readonly values: readonly (number | undefined)[] }[];
    }
  /** Something we do not know: native histograms, range vectors. */
  | { readonly kind: "foreign" };

interface Storage {
  readonly source: MemorySource;
  readonly histograms: MemorySource;
}

const emptyStorage = (): Storage => ({ source: new MemorySource(), histograms: new MemorySource() });
const ms = (text: string): number =>
  Math.round((text.startsWith("-") ? -1 : 1) * readNumber(text.replace(/^-/, ""), NOWHERE) * 1000);
const NOWHERE = { from: 0, to: 0 };

/** Reads a script into its evaluations. */
export function readScript(text: string): readonly Case[] {
  const cases: Case[] = [];
  let storage = emptyStorage();
  for (const { line, lines } of blocks(text)) {
    const [head, ...body] = lines as [string, ...string[]];
    if (head === "clear") storage = emptyStorage();
    else if (head.startsWith("load")) storage = load(head, body, storage);
    else if (head.startsWith("eval")) cases.push(readEval(line, head, body, storage));
    else if (!head.startsWith("ignore")) throw new Error(`line ${line}: ${head}`);
  }
  return cases;
}

function blocks(text: string): { line: number; lines: string[] }[] {
  const found: { line: number; lines: string[] }[] = [];
  let open = false;
  text.split("\n").forEach((raw, i) => {
    const line = raw.trim();
    if (line.startsWith("#")) return;
    if (line === "") open = false;
    else if (/^(?:clear|load|load_with_nhcb|eval|eval_\w+)\b/.test(line)) {
      found.push({ line: i + 1, lines: [line] });
      open = true;
    } else if (open) found.at(-1)!.lines.push(line);
    else throw new Error(`line ${i + 1}: ${line}`);
  });
  return found;
}

/** Cuts a line into its series and the rest. */
function cut(line: string): [metric: string, rest: string] {
  let quote = "";
  let braces = 0;
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!;
    if (quote !== "") {
      if (char === "\\") i++;
      else if (char === quote) quote = "";
    } else if (char === '"' || char === "'" || char === "`") quote = char;
    else if (char === "{") braces++;
    else if (char === "}" && --braces === 0) return [line.slice(0, i + 1), line.slice(i + 1).trim()];
    else if (/\s/.test(char) && braces === 0 && !/^\s*\{(?!\{)/.test(line.slice(i)))
      return [line.slice(0, i), line.slice(i).trim()];
  }
  return [line, ""];
}

function load(head: string, body: readonly string[], before: Storage): Storage {
  const storage = emptyStorage();
  for (const kind of ["source", "histograms"] as const) {
    for (const series of before[kind].series.values()) storage[kind].at(series.labels).samples.push(...series.samples);
  }
  const step = ms(head.split(/\s+/)[1]!);
  for (const line of body) {
    const [metric, values] = cut(line);
    if (metric.startsWith("@")) continue;
    const labels = labelsOf(metric);
    if (values.includes("{{")) {
      storage.histograms.at(labels);
      continue;
    }
    const series = storage.source.at(labels);
    valuesOf(values).forEach((value, i) => {
      if (value !== undefined) series.samples.push([i * step, value]);
    });
    series.samples.sort((a, b) => a[0] - b[0]);
    const base = /^(.*)_(?:bucket|sum|count)$/.exec(labels.metric)?.[1];
    if (head.startsWith("load_with_nhcb") && base) storage.histograms.at(labels.without("le").with({ __name__: base }));
  }
  return storage;
}

function readEval(line: number, head: string, body: readonly string[], storage: Storage): Case {
  const instant = /^eval(?:_\w+)?\s+instant\s+(?:at\s+(\S+)\s+)?(.*)$/.exec(head);
  const range = /^eval(?:_\w+)?\s+range\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)\s+(.*)$/.exec(head);
  if (!instant && !range) throw new Error(`line ${line}: ${head}`);
  const times: number[] = [];
  if (instant) times.push(ms(instant[1] ?? "0"));
  else for (let at = ms(range![1]!); at <= ms(range![2]!); at += ms(range![3]!)) times.push(at);
  const fails = /^eval_fail/.test(head) || body.some((text) => /^expect\s+fail/.test(text));
  const expected: Expected = fails ? { kind: "failure" } : readExpected(body, times.length);
  const ordered = /^eval_ordered/.test(head) || body.some((text) => /^expect\s+ordered/.test(text));
  return { line, query: instant ? instant[2]! : range![4]!, ...storage, times, ordered, expected };
}

function readExpected(body: readonly string[], steps: number): Expected {
  if (body.some((line) => line.includes("{{") || /^expect\s+range/.test(line))) return { kind: "foreign" };
  const string = body.map((line) => /^expect\s+string\s+(.*)$/.exec(line)?.[1]).find((text) => text !== undefined);
  if (string !== undefined) return { kind: "string", value: string.slice(1, -1) };
  const lines = body.filter((line) => !/^expect\b/.test(line));
  const only = lines.length === 1 ? lines[0]! : "";
  if (/^[+-]?(?:[\d.]|inf|nan)[^{]*$/i.test(only)) return { kind: "scalar", values: known(only, steps) };
  const series = lines.map((line) => {
    const [metric, values] = cut(line);
    return { labels: labelsOf(metric), values: known(values, steps) };
  });
  return { kind: "vector", series };
}

function known(text: string, steps: number): (number | undefined)[] {
  const values =
    text.split(/\s+/).length === 1 && /^[+-]?(?:0x[\da-f]+|inf|nan)$/i.test(text) ? [numberOf(text)] : valuesOf(text);
  return Array.from({ length: steps }, (_, i) => (values[i] === STALE ? undefined : (values[i] as number | undefined)));
}
