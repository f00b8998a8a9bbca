import { step } from "../../monitor/step.ts";
import { World } from "../../monitor/world.ts";
import { needsOf } from "../../promql/needs.ts";
import { PromqlError, parseQuery } from "../../promql/parse.ts";
import { DAY, durationMs, type EpochMs, epochMs } from "../../series/time.ts";
import { openRecording } from "../recorded-scrapes.ts";
import { type Settings, worldOptions } from "../settings.ts";
import { QueryViews } from "../views/query-views.ts";
import { positionOf } from "./evaluate-query.ts";
import { type Question, type Reply, usualStep } from "./question.ts";
import { RulesAndQuery } from "./rules-and-query.ts";

/** History kept where it is not known how long before its end a recording is asked about; memory bounds it too. */
const ALL = durationMs(365 * DAY);

/**
 * Runs a recording up to the moment that is asked about, with the rules of the settings, and evaluates over what was seen.
 * Everything that the expression reads is kept, whether a rule reads it or not.
 * @throws UserMistake where the recording or the rules cannot be used
 */
export async function askRecording(settings: Settings, path: string, question: Question): Promise<Reply> {
  const world = await worldAt(settings, path, question);
  if (typeof world === "string") return { kind: "refused", why: world };
  const end = world.lastTick ?? epochMs(0);
  // A clock that stands still: whoever waits for this answer waits for nothing else.
  const answer = await evaluated(new QueryViews({ world, now: () => end }), question, end);
  if (answer.kind !== "data") return { kind: "refused", why: answer.why };
  const { data: result, warnings = [], infos = [] } = answer;
  return { kind: "answer", result, notes: [...warnings, ...infos] };
}

function evaluated(views: QueryViews, question: Question, end: EpochMs): ReturnType<QueryViews["instant"]> {
  const { expression } = question;
  const bounds = { expression, limit: 0, timeout: ALL };
  if (question.kind === "instant") return views.instant({ ...bounds, at: question.at ?? end });
  const { from, to = end, step: every = usualStep(from, to) } = question;
  return views.range({ ...bounds, from, to, step: every });
}

/** The world as it stood then; a text where the expression is none. */
async function worldAt(settings: Settings, path: string, question: Question): Promise<World | string> {
  const until = question.kind === "instant" ? question.at : question.to;
  try {
    const { spacing, batches } = await openRecording(path);
    const options = await worldOptions(settings, spacing);
    const { lookback } = options.evaluation;
    const needs = needsOf(parseQuery(question.expression), lookback);
    const span =
      question.kind === "instant" ? durationMs(0) : until === undefined ? ALL : durationMs(until - question.from);
    const world = new World({ ...options, rules: new RulesAndQuery(options.rules, lookback, needs, span) });
    for await (const inputs of batches) {
      const { at } = inputs[0]!;
      if (until !== undefined && at > until) break;
      step(world, inputs, at);
    }
    return world;
  } catch (error) {
    if (error instanceof PromqlError) return `${positionOf(question.expression, error)}: ${error.message}`;
    throw error;
  }
}
