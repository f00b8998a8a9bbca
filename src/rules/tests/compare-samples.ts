import type { Labels } from "../../series/labels.ts";
import { formatDuration } from "../../series/time.ts";
import { shownText } from "./show.ts";
import type { Difference, ExpectedSample, SampleExpectation } from "./types.ts";

/** Samples of one kind that a difference lists; the rest is counted. */
const MAX_SHOWN = 10;

/** How what an expression gave differs from what was expected; undefined where it does not. The order does not matter. */
export function compareSamples(
  { text, at, samples: expected }: SampleExpectation,
  came: readonly ExpectedSample[],
  fuzzy: boolean,
): Difference | undefined {
  const rest = new Map<string, { readonly labels: Labels; readonly value: number }[]>();
  for (const sample of came) {
    const alike = rest.get(sample.labels.key);
    if (alike) alike.push(sample);
    else rest.set(sample.labels.key, [sample]);
  }
  const details: string[] = [];
  for (const { labels, value } of expected) {
    const alike = rest.get(labels.key) ?? [];
    const found = alike.findIndex((sample) => same(sample.value, value, fuzzy));
    const [taken] = alike.splice(Math.max(found, 0), 1);
    if (taken === undefined) details.push(`missing   ${labels} ${value}`);
    else if (found < 0)
      details.push(`differs   ${labels}: expected ${value}, came ${taken.value}${hint(value, taken.value)}`);
  }
  for (const { labels, value } of [...rest.values()].flat()) details.push(`unexpected ${labels} ${value}`);
  if (details.length === 0) return undefined;
  const more = details.length - 2 * MAX_SHOWN;
  const shown = more > 0 ? [...details.slice(0, 2 * MAX_SHOWN), `and ${more} more`] : details;
  const counts = `expected ${counted(expected.length)}, came ${came.length}`;
  return { summary: `expression ${shownText(text)} at ${formatDuration(at)}: ${counts}`, details: shown };
}

const counted = (n: number): string => (n === 0 ? "no sample" : `${n} sample${n === 1 ? "" : "s"}`);

/** NaN equals nothing, as in promtool. */
function hint(expected: number, came: number): string {
  if (Number.isNaN(expected) && Number.isNaN(came)) {
    return "; NaN equals nothing, as in promtool: test x != x instead";
  }
  return adjacent(expected, came) ? "; fuzzy_compare takes them for equal" : "";
}

const same = (a: number, b: number, fuzzy: boolean): boolean => a === b || (fuzzy && adjacent(a, b));

/** Whether no double lies between two. */
function adjacent(a: number, b: number): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return false;
  const gap = rank(a) - rank(b);
  return gap >= -1n && gap <= 1n;
}

/** The place of a double in the order of all doubles. */
function rank(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigInt64(0);
  return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
}
