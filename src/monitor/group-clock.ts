import type { RuleGroup } from "../rules/types.ts";
import { type DurationMs, type EpochMs, epochMs } from "../series/time.ts";

/** Scrapes jitter by a few milliseconds; a tick this much too early still counts as the next one. */
const EARLY = 0.1;

/**
 * When groups of rules are due. A group without an interval follows the scrapes, at most once per evaluation interval. One
 * with an interval keeps Prometheus' slots: multiples of the interval, missed ones skipped and never run late in bulk.
 */
export class GroupClock {
  #interval: DurationMs;
  readonly #last = new Map<string, number>();

  constructor(interval: DurationMs) {
    this.#interval = interval;
  }

  /** Takes other groups; those that are known go on. */
  replace(interval: DurationMs, groups: readonly RuleGroup[]): void {
    this.#interval = interval;
    const known = new Set(groups.map(keyOf));
    for (const key of this.#last.keys()) if (!known.has(key)) this.#last.delete(key);
  }

  /** The instant a group is to be evaluated for at this tick; undefined while it is not due. */
  due(group: RuleGroup, now: EpochMs): EpochMs | undefined {
    const key = keyOf(group);
    const last = this.#last.get(key);
    const at = group.interval === undefined ? now : epochMs(now - (now % group.interval));
    const wait = group.interval ?? this.#interval * (1 - EARLY);
    if (last !== undefined && at - last < wait) return undefined;
    this.#last.set(key, at);
    // Slots begin one after the start, as in Prometheus.
    return group.interval !== undefined && last === undefined ? undefined : at;
  }
}

const keyOf = ({ file, name }: RuleGroup): string => JSON.stringify([file, name]);
