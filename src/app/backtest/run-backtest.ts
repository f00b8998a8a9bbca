import type { Clock } from "../../series/clock.ts";
import { type EpochMs, formatTime } from "../../series/time.ts";
import { readSettings, type Settings } from "../settings.ts";
import { UserMistake } from "../user-mistake.ts";
import { type Backtested, backtest } from "./backtest.ts";
import { describeRules } from "./describe-rules.ts";
import { type History, type Tick, Unreachable } from "./history.ts";
import { openSource, type PrometheusSource } from "./prometheus/source.ts";
import { recordingHistory } from "./recording-history.ts";
import type { Report } from "./report.ts";

/** Which rules and which configuration; neither means every default. */
export interface RuleFiles {
  readonly rules?: readonly string[];
  readonly config?: string;
}

/** Hears how far a walk through a span has come. */
interface ProgressTeller {
  reached(at: EpochMs): void;
  end(): void;
}

/** What is to be backtested. */
export interface BacktestPlan {
  readonly rules: RuleFiles;
  readonly against: RuleFiles | undefined;
  readonly recordings: readonly string[];
  readonly prometheus: PrometheusSource | undefined;
  readonly charts: boolean;
  /** Ends it; what was read until then is told. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly progress: (span: { readonly from: EpochMs; readonly to: EpochMs }) => ProgressTeller;
}

/** Ticks between two breaths: a person's Ctrl-C must be heard though files are read faster than that. */
const BREATH = 64;

/**
 * Runs rules over every history of a plan, one by one.
 * @throws UserMistake on what cannot be used, and where a history holds nothing; Unreachable
 */
export async function runBacktest(plan: BacktestPlan): Promise<Report> {
  const rules = await readSettings({ urls: [], ...plan.rules });
  const against = plan.against && (await readSettings({ urls: [], ...plan.against }));
  const sides = { rules, against };
  const histories: Backtested[] = [];
  for (const path of plan.recordings) {
    if (plan.signal.aborted) break;
    const done = await walk(await recordingHistory(path), sides, plan, undefined);
    if (done) histories.push(done);
    else if (!plan.signal.aborted) throw new UserMistake(`Cannot backtest ${path}: it holds no scrapes`);
  }
  if (plan.prometheus && !plan.signal.aborted) {
    const done = await overServer(plan.prometheus, sides, plan);
    if (done) histories.push(done);
  }
  if (histories.length === 0) throw new Unreachable("ended before anything was read");
  return {
    rules: describeRules(rules.rules),
    against: against && describeRules(against.rules),
    histories,
    interrupted: plan.signal.aborted,
  };
}

interface Sides {
  readonly rules: Settings;
  readonly against: Settings | undefined;
}

async function overServer(source: PrometheusSource, sides: Sides, plan: BacktestPlan): Promise<Backtested | undefined> {
  const settings = sides.against ? [sides.rules, sides.against] : [sides.rules];
  const { history, close } = await openSource(source, settings, plan);
  const progress = plan.progress(source);
  try {
    const done = await walk(history, sides, plan, progress);
    if (done || plan.signal.aborted) return done;
    const { from, to } = source;
    throw new UserMistake(`Cannot find history: no scrape between ${formatTime(from)} and ${formatTime(to)}`);
  } finally {
    progress.end();
    await close();
  }
}

const walk = (
  history: History,
  { rules, against }: Sides,
  { charts, signal }: BacktestPlan,
  progress: ProgressTeller | undefined,
): Promise<Backtested | undefined> =>
  backtest(
    { ...history, ticks: untilAborted(history, signal) },
    { rules, against, charts, reached: (at) => progress?.reached(at) },
  );

/** Ticks up to the moment somebody ends it. A request that was under way then is no failure. */
async function* untilAborted({ ticks }: History, signal: AbortSignal): AsyncGenerator<Tick> {
  let count = 0;
  try {
    for await (const tick of ticks) {
      if (signal.aborted) return;
      yield tick;
      if (++count % BREATH === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
