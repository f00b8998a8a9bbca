import type { Exception } from "../rules/types.ts";
import type { Labels } from "../series/labels.ts";
import { formatMatcher, matchesAll } from "../series/matchers.ts";
import type { EpochMs } from "../series/time.ts";

/** One exception of a rule at work. */
export interface ExceptionState {
  readonly exception: Exception;
  /** How many findings it kept from alerting, counted at each evaluation; another exception may have done so as well. */
  hits: number;
  /** Its time is over, and that was told. */
  over: boolean;
}

/** The exceptions of one rule, and how often each was needed. */
export class Exceptions {
  #states: readonly ExceptionState[];

  constructor(exceptions: readonly Exception[]) {
    this.#states = exceptions.map(begin);
  }

  [Symbol.iterator](): Iterator<ExceptionState> {
    return this.#states[Symbol.iterator]();
  }

  /** Goes on with other exceptions; those that match the same for the same reason keep their counts. */
  replace(exceptions: readonly Exception[]): void {
    const before = new Map(this.#states.map((state) => [identityOf(state.exception), state]));
    this.#states = exceptions.map((exception) => {
      const known = before.get(identityOf(exception));
      const isSame = known?.exception.until === exception.until;
      return { exception, hits: known?.hits ?? 0, over: isSame && (known?.over ?? false) };
    });
  }

  /** Whether any exception in force matches; each that does is counted. */
  cover(labels: Labels, at: EpochMs): boolean {
    let covered = false;
    for (const state of this.#states) {
      const { until, match } = state.exception;
      if ((until !== undefined && until <= at) || !matchesAll(match, labels)) continue;
      state.hits++;
      covered = true;
    }
    return covered;
  }

  /** The exceptions whose time is over, each once. */
  end(at: EpochMs): readonly Exception[] {
    const ended: Exception[] = [];
    for (const state of this.#states) {
      if (state.over || (state.exception.until ?? Number.POSITIVE_INFINITY) > at) continue;
      state.over = true;
      ended.push(state.exception);
    }
    return ended;
  }
}

const begin = (exception: Exception): ExceptionState => ({ exception, hits: 0, over: false });

const identityOf = ({ match, reason }: Exception): string => JSON.stringify([match.map(formatMatcher), reason]);
