import type { Backtested, Run } from "./backtest.ts";
import { type Episode, isWatchdog } from "./episodes.ts";
import { type RuleTotal, totalsOf } from "./totals.ts";

/** Everything a backtest found, whatever it is shown as. */
export interface Report {
  /** What people call the rules, and those they are compared with. */
  readonly rules: string;
  readonly against: string | undefined;
  readonly histories: readonly Backtested[];
  /** It was ended before its time. */
  readonly interrupted: boolean;
}

/** The alerts of one name under both sets of rules; undefined where there are none. */
export interface ComparedTotal {
  readonly alertname: string;
  readonly ours: RuleTotal | undefined;
  readonly theirs: RuleTotal | undefined;
}

/** What alerts came to over all histories: in the order of our rules', then those that only the others have. */
export function comparedTotals({ histories }: Report): readonly ComparedTotal[] {
  const ours = totalsOf(histories.map(({ run }) => run));
  const theirs = totalsOf(histories.flatMap(({ against }) => against ?? []));
  const names = new Set([...ours, ...theirs].map(({ alertname }) => alertname));
  return [...names].map((alertname) => ({
    alertname,
    ours: ours.find((total) => total.alertname === alertname),
    theirs: theirs.find((total) => total.alertname === alertname),
  }));
}

/** Whether the rules raise an alert where those they are compared with raise none; watchdogs do not count. */
export const hasNewAlerts = ({ histories }: Report): boolean =>
  histories.some(({ difference }) => difference !== undefined && difference.added.length > 0);

/** The episodes of a run that anybody needs to hear of. */
export const heard = ({ episodes }: Pick<Run, "episodes">): readonly Episode[] =>
  episodes.filter((episode) => !isWatchdog(episode));
