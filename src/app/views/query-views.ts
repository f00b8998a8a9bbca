import type { World } from "../../monitor/world.ts";
import { MAX_STEPS } from "../../promql/budget.ts";
import { LimitError, PromqlError } from "../../promql/error.ts";
import type { EvalOptions } from "../../promql/evaluate.ts";
import type { Note } from "../../promql/notes.ts";
import { parseQuery, parseSelector } from "../../promql/parse.ts";
import type { Labels } from "../../series/labels.ts";
import { type DurationMs, durationMs, type EpochMs } from "../../series/time.ts";
import { printable } from "../../telemetry/printable.ts";
import type { ApiLabels } from "../../web/api-types.ts";
import { type Answer, data } from "../../web/envelope.ts";
import type { InstantQuery, RangeQuery, SamplesPort, SeriesQuery } from "../../web/ports.ts";
import type { ApiMetadata, ApiQueryResult } from "../../web/query-types.ts";
import {
  type Evaluated,
  evaluateAt,
  evaluateOver,
  notByStep,
  positionOf,
  type QueryWork,
} from "../query/evaluate-query.ts";
import { heldSeries, labelNamesOf, labelValuesOf } from "../query/held-series.ts";
import { showMetadata } from "../query/metadata.ts";
import { Pace } from "../query/pace.ts";
import { AnswerSize, TooLarge } from "../query/show-value.ts";
import { Turns } from "../query/turns.ts";

const DEFAULT_TIMEOUT = durationMs(2_000);
const LONGEST_TIMEOUT = durationMs(10_000);
/** Queries under way at a time, and how many more may wait for their turn: as many as a dashboard asks at once. */
const AT_A_TIME = 2;
const WAITING = 64;
/** Characters of a message: it may repeat what was asked. */
const LONGEST_MESSAGE = 500;
/** Prometheus' own words, which its clients look for. */
const TRUNCATED = "results truncated due to limit";

/** What queries are answered from. */
export interface QuerySources {
  readonly world: World;
  /** The instant meant where none is given; also measures how long queries take. */
  now(): EpochMs;
}

/** PromQL over the samples of a world. Queries take turns with each other and with the rest of the program. */
export class QueryViews implements SamplesPort {
  readonly #from: QuerySources;
  readonly #turns = new Turns(AT_A_TIME, WAITING);

  constructor(from: QuerySources) {
    this.#from = from;
  }

  instant({ at = this.#from.now(), ...query }: InstantQuery): Promise<Answer<ApiQueryResult>> {
    return this.#ask(query.expression, query.timeout, async (pace) => {
      return answerOf(query, evaluateAt(this.#work(query, pace), at));
    });
  }

  async range({ from, to, step, ...query }: RangeQuery): Promise<Answer<ApiQueryResult>> {
    if (to < from) return bad("Cannot use parameter end: expected a time that is not before start");
    if ((to - from) / step >= MAX_STEPS) {
      return bad(`Cannot use parameter step: expected at most ${MAX_STEPS} steps, or a longer one`);
    }
    return this.#ask(query.expression, query.timeout, async (pace) => {
      const work = this.#work(query, pace);
      const why = notByStep(work.expr);
      return why === undefined ? answerOf(query, await evaluateOver(work, { from, to, step })) : bad(why);
    });
  }

  series(query: SeriesQuery): Promise<Answer<readonly ApiLabels[]>> {
    return this.#list(query, (found) => {
      const size = new AnswerSize();
      const shown: ApiLabels[] = [];
      for (const labels of found) {
        size.add(labels, 0);
        shown.push(labels.toJSON());
      }
      return shown;
    });
  }

  labelNames(query: SeriesQuery): Promise<Answer<readonly string[]>> {
    return this.#list(query, labelNamesOf);
  }

  labelValues(name: string, query: SeriesQuery): Promise<Answer<readonly string[]>> {
    return this.#list(query, (found) => labelValuesOf(found, name));
  }

  metadata(metric: string | undefined, limit: number): ApiMetadata {
    return showMetadata(metric, limit);
  }

  #list<T>(query: SeriesQuery, gather: (found: Iterable<Labels>) => readonly T[]): Promise<Answer<readonly T[]>> {
    return this.#ask(query.selectors.join(" "), query.timeout, async (pace) => {
      const selectors = query.selectors.map((text) => parsed(parseSelector, text));
      const all = gather(heldSeries(this.#from.world.store, { ...query, selectors }, pace));
      if (query.limit === 0 || all.length <= query.limit) return data(all);
      return { kind: "data", data: all.slice(0, query.limit), warnings: [TRUNCATED] };
    });
  }

  /** @throws PromqlError on an expression that is none */
  #work({ expression, lookback }: Pick<InstantQuery, "expression" | "lookback">, pace: Pace): QueryWork {
    const { store: source, options } = this.#from.world;
    const { lookback: usual, interval: subqueryStep } = options.evaluation;
    const evaluation: EvalOptions = { lookback: lookback ?? usual, subqueryStep };
    return { expr: parsed(parseQuery, expression), source, options: evaluation, pace };
  }

  /** Answers when it is the query's turn; what goes wrong because of the query is an answer too. */
  async #ask<T>(
    text: string,
    timeout: DurationMs = DEFAULT_TIMEOUT,
    answers: (pace: Pace) => Promise<Answer<T>>,
  ): Promise<Answer<T>> {
    const pace = new Pace(() => this.#from.now(), durationMs(Math.min(timeout, LONGEST_TIMEOUT)));
    const done = await this.#turns.take();
    if (!done) return { kind: "unavailable", why: "Cannot evaluate: too many queries wait already, try again later" };
    try {
      await pace.breathe();
      return await answers(pace);
    } catch (error) {
      return failed(text, error);
    } finally {
      done();
    }
  }
}

/** A mistake found while parsing, which is the asker's; one found while evaluating may be one of the data. */
class Unparsed extends Error {}

function parsed<T>(parse: (text: string) => T, text: string): T {
  try {
    return parse(text);
  } catch (error) {
    throw error instanceof PromqlError ? new Unparsed(placed(text, error)) : error;
  }
}

const placed = (text: string, error: PromqlError): string => `${positionOf(text, error)}: ${error.message}`;

function failed(text: string, error: unknown): Answer<never> {
  if (error instanceof Unparsed) return bad(error.message);
  if (error instanceof TooLarge) return { kind: "execution", why: error.message };
  if (error instanceof LimitError)
    return { kind: error.limit === "time" ? "timeout" : "execution", why: error.message };
  if (error instanceof PromqlError) {
    return { kind: "execution", why: printable(placed(text, error), LONGEST_MESSAGE) };
  }
  throw error;
}

const bad = (why: string): Answer<never> => ({ kind: "bad_data", why: printable(why, LONGEST_MESSAGE) });

function answerOf(
  { expression, limit }: Pick<InstantQuery, "expression" | "limit">,
  { shown, notes }: Evaluated,
): Answer<ApiQueryResult> {
  const cut =
    limit > 0 && (shown.resultType === "vector" || shown.resultType === "matrix") && shown.result.length > limit;
  const kept = cut ? ({ ...shown, result: shown.result.slice(0, limit) } as ApiQueryResult) : shown;
  const told = (level: Note["level"]) =>
    notes
      .filter((note) => note.level === level)
      .map((note) => `PromQL ${level}: ${printable(note.message, LONGEST_MESSAGE)} (${positionOf(expression, note)})`);
  return { kind: "data", data: kept, warnings: [...(cut ? [TRUNCATED] : []), ...told("warning")], infos: told("info") };
}
