import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { childrenOf, typeOf } from "../../src/promql/ast.ts";
import { evaluate, evaluateRange } from "../../src/promql/evaluate.ts";
import { PromqlError, parseExpr } from "../../src/promql/parse.ts";
import { Labels } from "../../src/series/labels.ts";
import { durationMs, epochMs } from "../../src/series/time.ts";
import { Generator, seeded } from "./generator.ts";
import { numberOf } from "./memory-source.ts";
import { type Answer, Prometheus, prometheusPresent, type When } from "./prometheus.ts";
import { SAMPLES, START, STEP, synthetic } from "./synthetic.ts";

// Against a real Prometheus 2.42. What it has not, or has otherwise, is not generated, and is covered by other tests:
// numbers with underscores and as durations; histogram_fraction() of classic histograms; the variance of an infinity (0, now
// NaN); dates of times beyond 64 bits; windows closed on their left (samples lie off the grid, subqueries begin off it);
// topk() of equal values; counters that would reach zero in a gap before their first sample; names kept by atan2; native histograms and all that is experimental. What it has wrong, 3 as well: predict_linear() and
// timestamp() where `@` fixes their window (it moves, or forgets its offset), a parameter of topk() that changes over the
// steps of a vector that does not (it is taken once), and `@` in nested subqueries with offsets.

const QUERIES = Number(process.env["PROMQL_QUERIES"] ?? 4000);
const AT_ONCE = 16;
/** Seconds after `START`, off every grid. */
const TIMES = [60 * 60, 47 * 60 + 8, 36 * 60, 25 * 60].map((seconds) => START / 1000 + seconds + 0.217);
const PIN = START / 1000 + 25 * 60;

const source = synthetic();

interface Question {
  readonly query: string;
  readonly when: When;
}

function questions(): readonly Question[] {
  const random = seeded(Number(process.env["PROMQL_SEED"] ?? 42));
  const generator = new Generator(random, PIN);
  return Array.from({ length: QUERIES }, (_, i): Question => {
    const query = generator.vector(i % 4);
    const end = TIMES[i % TIMES.length]!;
    if (i % 3 !== 0) return { query, when: { kind: "instant", time: end } };
    const step = [15, 40, 60][Math.floor(random() * 3)]!;
    return { query, when: { kind: "range", start: end - 12 * step, end, step } };
  });
}

const near = (a: number, b: number): boolean =>
  Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b), 1e-3);

/** Series by the key of their labels, values by their time in ms. */
type Rows = ReadonlyMap<string, ReadonlyMap<number, number>>;

function ours({ query, when }: Question): number | Rows {
  const expr = parseExpr(query);
  if (when.kind === "range") {
    const ms = [when.start, when.end].map((seconds) => epochMs(Math.round(seconds * 1000)));
    const { series } = evaluateRange(expr, source, ms[0]!, ms[1]!, durationMs(when.step * 1000));
    return new Map(
      series.map(({ labels, times, values }) => [labels.key, new Map(Array.from(times, (at, i) => [at, values[i]!]))]),
    );
  }
  const at = Math.round(when.time * 1000);
  const value = evaluate(expr, source, epochMs(at));
  if (value.kind === "scalar") return value.value;
  if (value.kind !== "vector") throw new Error(value.kind);
  return new Map(value.samples.map((sample) => [sample.labels.key, new Map([[at, sample.value]])]));
}

/** Mistakes that Prometheus 2 lets a filter hide: of two that meet one element, the one that is dropped. */
const HIDDEN_ONCE = /^Cannot (?:match many to one|build the result)/;
/** Series of a range query that have no step in common are one series in Prometheus 3. */
const MERGED_NOW = "vector cannot contain metrics with the same labelset";

/** How we differ from Prometheus' answer; undefined where we do not. */
function difference(question: Question, theirs: Answer): string | undefined {
  let mine: ReturnType<typeof ours>;
  try {
    mine = ours(question);
  } catch (error) {
    if (!(error instanceof PromqlError)) throw error;
    const newer = HIDDEN_ONCE.test(error.message) && /[<>=!]/.test(question.query);
    return theirs.kind === "error" || newer ? undefined : `we say: ${error.message}`;
  }
  if (theirs.kind === "error") {
    const merged = question.when.kind === "range" && theirs.why.includes(MERGED_NOW);
    return merged ? undefined : `it says: ${theirs.why}`;
  }
  if (theirs.kind === "scalar" || typeof mine === "number") {
    const same = typeof mine === "number" && theirs.kind === "scalar" && near(mine, numberOf(theirs.value));
    return same ? undefined : `${mine}, not ${JSON.stringify(theirs)}`;
  }
  return differentRows(mine, theirs.rows, /^sort/.test(question.query) && question.when.kind === "instant");
}

function differentRows(
  mine: Rows,
  theirs: (Answer & { kind: "vector" })["rows"],
  ordered: boolean,
): string | undefined {
  if (mine.size !== theirs.length) return `${mine.size}, not ${theirs.length} series`;
  const inOrder = [...mine.values()];
  for (const [n, { metric, values }] of theirs.entries()) {
    const labels = Labels.of(metric);
    const row = mine.get(labels.key);
    if (row?.size !== values.length) return `${labels}: ${row?.size}, not ${values.length} values`;
    for (const [seconds, text] of values) {
      const at = Math.round(seconds * 1000);
      const value = row.get(at);
      if (value === undefined || !near(value, numberOf(text))) return `${labels} at ${at}: ${value}, not ${text}`;
      if (ordered && !near(inOrder[n]!.get(at)!, numberOf(text))) return `${labels} is not in its place`;
    }
  }
  return undefined;
}

describe.skipIf(!prometheusPresent)("a real Prometheus", () => {
  let prometheus: Prometheus;
  beforeAll(async () => {
    prometheus = await Prometheus.start();
    const span = 40 * STEP;
    for (let from = START; from < START + SAMPLES * STEP; from += span) {
      await prometheus.write(source.series.values(), from, from + span);
    }
  });
  afterAll(() => prometheus?.stop());

  const compare = async (question: Question): Promise<string | undefined> =>
    difference(question, await prometheus.ask(question.query, question.when));

  /** The smallest part of a query that still differs. */
  async function shrunk(question: Question, why: string): Promise<string> {
    const { query, when } = question;
    for (const part of childrenOf(parseExpr(query))) {
      if (typeOf(part) === "string" || typeOf(part) === "range") continue;
      const smaller = { query: query.slice(part.from, part.to), when };
      const still = await compare(smaller);
      if (still !== undefined) return shrunk(smaller, still);
    }
    return `${query} ${JSON.stringify(when)}: ${why}`;
  }

  test(`answers ${QUERIES} random queries as we do`, { timeout: 300_000 }, async () => {
    const counts = { empty: 0, error: 0, scalar: 0, vector: 0, matrix: 0 };
    const different: string[] = [];
    const left = [...questions()];
    const work = async (): Promise<void> => {
      for (let question = left.pop(); question; question = left.pop()) {
        const theirs = await prometheus.ask(question.query, question.when);
        counts["rows" in theirs && theirs.rows.length === 0 ? "empty" : theirs.kind]++;
        const why = difference(question, theirs);
        if (why !== undefined) different.push(await shrunk(question, why));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    process.stdout.write(`differential over ${source.series.size} series: ${JSON.stringify(counts)}\n`);
    expect(different).toEqual([]);
  });
});
