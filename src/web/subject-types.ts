import type { ApiTolerance } from "./feedback-types.ts";
import type { ApiRaise } from "./sensitivity-types.ts";

export interface ApiSubjects {
  readonly subjects: readonly ApiSubject[];
}

/** One combination of labels that a `detect:` rule watches, as it stands. */
export interface ApiSubject {
  /** Names the subject in paths: the fingerprint of rule and labels. */
  readonly id: string;
  readonly rule: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly signal: "ratio" | "rate" | "mean" | "level";
  readonly state: "learning" | "normal" | "anomalous" | "unknown";
  readonly score: number;
  readonly observed?: number;
  readonly expected?: number;
  readonly lower?: number;
  readonly upper?: number;
  /** What people called normal of it, as far as it holds now. */
  readonly tolerated?: readonly ApiTolerance[];
  /** By how much its threshold is higher than its detector's own; absent where it is not. */
  readonly raised?: ApiRaise;
  /** Its own alarms raised it. */
  readonly noisy?: boolean;
  /** What is missing until it is judged by what was learned; absent once nothing is. */
  readonly learning?: ApiLearning;
  /** The sibling whose normal it began with. */
  readonly prior?: Readonly<Record<string, string>>;
}

/** A subject over the history held: columns of equal length, null where nothing is known. */
export interface ApiSubjectHistory extends ApiSubject {
  /** The kind of signal, or "duration" where values are microseconds. */
  readonly unit: string;
  /** How it stands, in one sentence. */
  readonly verdict: string;
  readonly looked: ApiTest;
  readonly history: {
    /** Unix seconds. */
    readonly at: readonly number[];
    readonly observed: readonly (number | null)[];
    readonly expected: readonly (number | null)[];
    readonly lower: readonly (number | null)[];
    readonly upper: readonly (number | null)[];
    readonly score: readonly (number | null)[];
  };
}

/** What a detector lacks of a subject until it judges by what it learned. */
export interface ApiLearning {
  readonly seconds: number;
  readonly scrapes: number;
  /** Requests of a ratio, events of a rate, blocks of a mean or a level. */
  readonly events: number;
  /** "learning, about 40 s more". */
  readonly text: string;
}

/** How loudly the loudest test of a detector speaks. */
export interface ApiTest {
  /** For example "60s window". */
  readonly test: string;
  readonly windowSeconds: number;
  readonly numerator: number;
  readonly denominator: number;
  readonly evidenceNats: number;
  readonly thresholdNats: number;
}
