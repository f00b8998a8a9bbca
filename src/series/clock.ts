import type { DurationMs, EpochMs } from "./time.ts";

/** The time as those see it who wait for something; tests put in their own. */
export interface Clock {
  now(): EpochMs;
  /** Calls `run` once after `delay`; what it returns takes the call back. */
  setTimer(delay: DurationMs, run: () => void): () => void;
}
