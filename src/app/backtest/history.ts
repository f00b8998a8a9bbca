import type { Input } from "../../monitor/inputs.ts";
import type { DurationMs, EpochMs } from "../../series/time.ts";

/** What reached the monitor at one instant. */
export interface Tick {
  readonly now: EpochMs;
  readonly inputs: readonly Input[];
}

/** Something that happened once, to be lived through again by rules. */
export interface History {
  /** What people call it. */
  readonly name: string;
  /** The usual time between two scrapes of one target. */
  readonly spacing: DurationMs;
  /** How long it is, where that is known beforehand. */
  readonly span?: DurationMs;
  /** In the order of time, read piece by piece: a history need not fit into memory. */
  readonly ticks: AsyncIterable<Tick>;
  /** How far it can be trusted, for people; complete once all ticks were read. */
  notes(): readonly string[];
}

/** A server of which the history was wanted cannot be reached: nobody's mistake. */
export class Unreachable extends Error {}
