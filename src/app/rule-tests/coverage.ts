import type { MonitorEvent } from "../../monitor/events.ts";
import type { World } from "../../monitor/world.ts";
import type { Position, Rule, RuleGroup } from "../../rules/types.ts";
import type { Verdict } from "../../rules/verdict.ts";
import { watchesSeries } from "../../rules/watch.ts";

/** States of a detector's subjects, in the order of their life. */
export const SUBJECT_STATES = ["learning", "normal", "anomalous", "unknown"] as const;
type SubjectState = Verdict["state"];

/** What the tests saw of one rule. */
export interface RuleCoverage {
  readonly name: string;
  readonly kind: "alert" | "record";
  readonly position: Position;
  /** An alert of it fired, or it recorded a sample. */
  readonly fired: boolean;
  /** The states its subjects were in; undefined where it has no detector of series. */
  readonly states: readonly SubjectState[] | undefined;
}

interface Seen {
  readonly rule: Rule;
  fired: boolean;
  readonly states: Set<SubjectState> | undefined;
}

/** What tests saw of rules, over all worlds they were run in. Rules are told apart by where they stand. */
export class Coverage {
  readonly #seen = new Map<string, Seen>();

  /** These rules are under test. */
  expect(groups: readonly RuleGroup[]): void {
    for (const { rules } of groups) for (const rule of rules) this.#of(rule);
  }

  /** Looks at a world after a step. */
  note(world: World, events: readonly MonitorEvent[]): void {
    for (const event of events) {
      if (event.kind === "transition" && event.transition.state === "firing") this.#of(event.rule).fired = true;
    }
    for (const [rule, { written }] of world.recordStates) if (written.size > 0) this.#of(rule).fired = true;
    for (const [target, rules] of world.targetRules) {
      for (const [rule, judge] of rules.judges()) {
        const { states } = this.#of(rule);
        if (states === undefined || states.size === SUBJECT_STATES.length) continue;
        if (target.down) {
          if (judge.watch.size > 0) states.add("unknown");
          continue;
        }
        judge.eachRead(({ state }) => states.add(state));
        for (const { state } of judge.watch.subjects()) if (state === "unknown") states.add("unknown");
      }
    }
  }

  /** In the order in which rules came under test. */
  result(): readonly RuleCoverage[] {
    return [...this.#seen.values()].map(({ rule, fired, states }) => ({
      name: rule.name,
      kind: rule.kind,
      position: rule.position,
      fired,
      states: states && SUBJECT_STATES.filter((state) => states.has(state)),
    }));
  }

  #of(rule: Rule): Seen {
    const { file, line, column } = rule.position;
    const key = JSON.stringify([file, line, column]);
    let seen = this.#seen.get(key);
    if (!seen) {
      const detects = rule.kind === "alert" && rule.condition.kind === "detect" && watchesSeries(rule.condition.detect);
      seen = { rule, fired: false, states: detects ? new Set() : undefined };
      this.#seen.set(key, seen);
    }
    return seen;
  }
}
