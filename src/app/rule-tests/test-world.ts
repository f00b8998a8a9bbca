import { GroupClock } from "../../monitor/group-clock.ts";
import { DEFAULT_EVALUATION, DEFAULT_WORLD } from "../../monitor/options.ts";
import { RuleSet } from "../../monitor/rule-set.ts";
import { World } from "../../monitor/world.ts";
import type { RuleTest } from "../../rules/tests/types.ts";
import type { RuleGroup } from "../../rules/types.ts";
import { type DurationMs, durationMs, type EpochMs } from "../../series/time.ts";

/** When groups run in a test. */
export type Schedule =
  /** All at `start` and every `interval` from then on, whatever interval of their own they have, as in promtool. */
  | { readonly kind: "grid"; readonly start: EpochMs; readonly interval: DurationMs }
  /** As in `replay`: after scrapes, or in slots of their own. */
  | { readonly kind: "scrapes"; readonly interval: DurationMs };

/** A group that says what the expressions of a test read. It never runs: it is there so that what they read is kept. */
class ReadByTest implements RuleGroup {
  readonly name = "";
  readonly file = "";
  readonly queryOffset = durationMs(0);
  readonly limit = 0;
  readonly rules;

  constructor({ samples }: RuleTest) {
    this.rules = samples.map(({ tree, text, place }) => {
      return { kind: "record", name: "", group: "", text, tree, labels: [], position: place } as const;
    });
  }
}

class TestClock extends GroupClock {
  readonly #schedule: Schedule;

  constructor(schedule: Schedule) {
    super(schedule.interval);
    this.#schedule = schedule;
  }

  override due(group: RuleGroup, now: EpochMs): EpochMs | undefined {
    if (group instanceof ReadByTest) return undefined;
    if (this.#schedule.kind === "scrapes") return super.due(group, now);
    return (now - this.#schedule.start) % this.#schedule.interval === 0 ? now : undefined;
  }
}

/** The world of one test: that of `run` with the defaults of a configuration, but for when groups run. */
export class TestWorld extends World {
  override readonly clock: GroupClock;

  /** @param horizon how far back of the newest evaluation expressions are evaluated once more, at the end */
  constructor(test: RuleTest, groups: readonly RuleGroup[], schedule: Schedule, horizon: DurationMs) {
    const rules = new RuleSet([...groups, new ReadByTest(test)]);
    super({
      ...DEFAULT_WORLD,
      rules,
      evaluation: { ...DEFAULT_EVALUATION, interval: schedule.interval },
      externalLabels: test.externalLabels,
      externalURL: test.externalURL,
    });
    this.clock = new TestClock(schedule);
    this.store.reach = durationMs(rules.reach + horizon);
  }
}
