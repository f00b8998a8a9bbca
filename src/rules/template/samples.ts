import { compareUtf8, Labels } from "../../series/labels.ts";
import type { RunContext } from "./run-context.ts";
import { asText, List, Struct, typeName, type Value } from "./values.ts";

/** Longer queries are refused, as are answers with more samples. */
const MAX_QUERY = 10_000;
const MAX_SAMPLES = 1_000;

/** Runs PromQL at the moment of the evaluation. */
export function query([text]: readonly Value[], run: RunContext): List {
  const expr = asText("query", text);
  if (run.query === undefined || run.at === undefined) throw new RangeError("Cannot call query: nothing to ask here");
  if (expr.length > MAX_QUERY) throw new RangeError(`Cannot call query: it is longer than ${MAX_QUERY} characters`);
  run.count("query", 1);
  const found = run.query(expr, run.at);
  if (found.length > MAX_SAMPLES) {
    throw new RangeError(`Cannot call query: the answer has more than ${MAX_SAMPLES} samples`);
  }
  run.count("step", found.length);
  return new List(
    found.map(({ labels, value }) => {
      return new Struct("template.sample", true, [
        ["Labels", labels],
        ["Value", value],
      ]);
    }),
  );
}

/** The first sample of an answer. */
export function first([list]: readonly Value[]): Struct {
  const [found] = asList("first", list).items;
  if (found === undefined) throw new RangeError("Cannot call first: the query found nothing");
  return found;
}

/** A label of a sample, "" where it has none. */
export const label = ([name, sample]: readonly Value[]): string =>
  labelsOf("label", sample).get(asText("label", name)) ?? "";

/** The value of a sample. */
export const sampleValue = ([sample]: readonly Value[]): Value => asSample("value", sample).get("Value")!;

/** The label `__value__`, in which consoles kept a text. */
export const strvalue = ([sample]: readonly Value[]): string => labelsOf("strvalue", sample).get("__value__") ?? "";

/** The answer in the order of a label's values; samples with equal ones stay as they were. */
export function sortByLabel([name, list]: readonly Value[]): List {
  const by = asText("sortByLabel", name);
  const keyed = asList("sortByLabel", list).items.map((sample) => {
    return { sample, key: labelsOf("sortByLabel", sample).get(by) ?? "" };
  });
  return new List(keyed.sort((a, b) => compareUtf8(a.key, b.key)).map(({ sample }) => sample));
}

function asList(name: string, value: Value | undefined): List {
  if (value instanceof List) return value;
  if (value === null) return new List([]);
  throw new RangeError(`Cannot call ${name}: expected a query's answer, got ${typeName(value!)}`);
}

function asSample(name: string, value: Value | undefined): Struct {
  if (value instanceof Struct && value.isPointer) return value;
  throw new RangeError(`Cannot call ${name}: expected a sample, got ${typeName(value!)}`);
}

function labelsOf(name: string, value: Value | undefined): Labels {
  const labels = asSample(name, value).get("Labels");
  return labels instanceof Labels ? labels : Labels.EMPTY;
}
