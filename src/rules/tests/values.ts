/** What an input series has at one of its instants: a number, the mark that it ended, or nothing. */
export type Cell = number | "stale" | undefined;

/** Some values in a row: `first`, and each further one `step` more. */
interface Run {
  readonly first: Cell;
  readonly step: number;
  readonly count: number;
}

/** The values of an input series as they were written; `expand` makes them out. */
export interface SeriesValues {
  readonly runs: readonly Run[];
  /** How many instants they stand for. */
  readonly length: number;
}

/** A number without its sign. Hexadecimal is none here: `0x3` is four zeros. */
const NUMBER = "(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?|[iI][nN][fF]|[nN][aA][nN]";
const ITEM = new RegExp(`^(?:(_)|(stale)|([+-]?(?:${NUMBER})))([+-](?:${NUMBER}))?(?:x(\\d+))?$`);
/** A word swallows what follows it, so nothing repeats after one, as in Prometheus. */
const WORD_REPEATED = /(?:inf|nan|stale)x/i;

/** Values one series may stand for: a year of minutes and more. */
const MAX_LENGTH = 1_000_000;

const EXAMPLE = 'expected for example "1 2 _ stale", "0+10x5" (0 10 20 30 40 50) or "1x3" (1 1 1 1)';

/**
 * Reads the values of an input series in promtool's notation: numbers, `_` for no sample, `stale`; `axn` is a and n more of
 * it, `a+bxn` and `a-bxn` count on by b, `_xn` is n times nothing.
 * @throws RangeError at the item that is none, with its place in the text.
 */
export function parseValues(text: string): SeriesValues {
  const histogram = text.indexOf("{{");
  if (histogram >= 0) {
    throw mistake("{{…}}", histogram, histogram + 2, "native histograms are not supported, expected numbers");
  }
  const runs: Run[] = [];
  let length = 0;
  for (const { 0: item, index } of text.matchAll(/[^ \t\r\n]+/g)) {
    const run = readItem(item);
    if (run === undefined) throw mistake(item, index, index + item.length, EXAMPLE);
    length += run.count;
    if (length > MAX_LENGTH) {
      throw mistake(item, index, index + item.length, `expected at most ${MAX_LENGTH} values of a series`);
    }
    runs.push(run);
  }
  return { runs, length };
}

/** What each instant has. Counting on adds the step again and again, so that sums round as Prometheus' do. */
export function expand({ runs }: SeriesValues): readonly Cell[] {
  const cells: Cell[] = [];
  for (const { first, step, count } of runs) {
    let value = first;
    for (let i = 0; i < count; i++) {
      cells.push(value);
      if (typeof value === "number") value += step;
    }
  }
  return cells;
}

function readItem(item: string): Run | undefined {
  const [, none, stale, value, step, repeat] = ITEM.exec(item) ?? [];
  if (WORD_REPEATED.test(item) || (step !== undefined && repeat === undefined)) return undefined;
  const more = Number(repeat ?? 0);
  if (none !== undefined)
    return step === undefined ? { first: undefined, step: 0, count: Number(repeat ?? 1) } : undefined;
  if (stale !== undefined) return step === undefined ? { first: "stale", step: 0, count: 1 } : undefined;
  if (value === undefined) return undefined;
  return { first: numberOf(value), step: step === undefined ? 0 : numberOf(step), count: more + 1 };
}

/** The number a text is, sign included. */
function numberOf(text: string): number {
  const bare = text.replace(/^[+-]/, "");
  const value = /^inf$/i.test(bare) ? Number.POSITIVE_INFINITY : Number(bare);
  return text.startsWith("-") ? -value : value;
}

const mistake = (item: string, from: number, to: number, wanted: string): RangeError =>
  Object.assign(new RangeError(`Cannot read value ${JSON.stringify(item.slice(0, 60))}: ${wanted}`), { from, to });
