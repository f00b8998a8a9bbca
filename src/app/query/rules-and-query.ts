import { RuleSet } from "../../monitor/rule-set.ts";
import type { SeriesNeed } from "../../promql/needs.ts";
import { type Labels, METRIC_NAME } from "../../series/labels.ts";
import type { DurationMs } from "../../series/time.ts";
import { durationMs } from "../../series/time.ts";

/** Rules, and a query for whose sake more is kept than they read. */
export class RulesAndQuery extends RuleSet {
  override readonly reach: DurationMs;
  readonly #queried: readonly SeriesNeed[];

  /** @param span how long before the end of what is read the query is evaluated at most */
  constructor(rules: RuleSet, lookback: DurationMs, queried: readonly SeriesNeed[], span: DurationMs) {
    super(rules.groups, lookback);
    this.#queried = queried;
    this.reach = durationMs(Math.max(rules.reach, ...queried.map(({ reach }) => reach + span)));
  }

  override wants(family: string): boolean {
    return (
      super.wants(family) ||
      this.#queried.some(({ matchers }) => {
        return matchers.every((m) => m.name !== METRIC_NAME || m.matches(family));
      })
    );
  }

  override reads(known: Labels): boolean {
    return (
      super.reads(known) ||
      this.#queried.some(({ matchers }) => {
        return matchers.every((m) => known.get(m.name) === undefined || m.matches(known.get(m.name) ?? ""));
      })
    );
  }
}
