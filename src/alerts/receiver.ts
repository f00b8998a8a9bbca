import type { Matcher } from "../series/matchers.ts";
import type { DurationMs } from "../series/time.ts";

/** Which alerts a receiver is told of, and how they are put together; Alertmanager's terms. */
export interface ReceiverOptions {
  readonly name: string;
  /** All must match; empty takes every alert but those of severity none. */
  readonly match: readonly Matcher[];
  readonly sendResolved: boolean;
  /** `["..."]` gives every alert a group of its own. */
  readonly groupBy: readonly string[];
  readonly groupWait: DurationMs;
  readonly groupInterval: DurationMs;
  readonly repeatInterval: DurationMs;
}
