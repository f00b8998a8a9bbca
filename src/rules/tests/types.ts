import type { Place } from "../../documents/source.ts";
import type { Expr } from "../../promql/ast.ts";
import type { Labels } from "../../series/labels.ts";
import type { DurationMs, EpochMs } from "../../series/time.ts";
import type { SeriesValues } from "./values.ts";

/** A file of rule tests, read and checked by itself; whether it fits its rules is another question. */
export interface RuleTestFile {
  readonly file: string;
  readonly ruleFiles: readonly Placed<string>[];
  readonly packagedRules: boolean;
  /** Undefined where the file does not say. */
  readonly evaluationInterval: DurationMs | undefined;
  readonly groupOrder: readonly Placed<string>[];
  /** Values that differ in the last bit are equal. */
  readonly fuzzy: boolean;
  readonly tests: readonly RuleTest[];
}

/** Something a file says, and where. */
export interface Placed<T> {
  readonly value: T;
  readonly place: Place;
}

/** One item of `tests`: what is seen, and what is expected of the rules. */
export interface RuleTest {
  readonly name: string;
  readonly place: Place;
  readonly input: TestInput;
  readonly alerts: readonly AlertExpectation[];
  readonly samples: readonly SampleExpectation[];
  /** Alerts that may not fire at any time. */
  readonly quiet: readonly Placed<string>[];
  readonly externalLabels: Labels;
  readonly externalURL: string;
}

/** What the rules of a test are given: series, a value an interval from `start` on, or recorded scrapes. */
export type TestInput =
  | {
      readonly kind: "series";
      readonly interval: DurationMs;
      readonly start: EpochMs;
      readonly series: readonly InputSeries[];
    }
  | { readonly kind: "recording"; readonly path: string; readonly place: Place };

/** One line of `input_series`. */
export interface InputSeries {
  readonly labels: Labels;
  readonly values: SeriesValues;
  readonly place: Place;
}

export const EXPECTED_STATES = ["firing", "pending", "learning"] as const;
/** What alerts are expected to be; `learning`: what subjects of a detector are. */
export type ExpectedState = (typeof EXPECTED_STATES)[number];

/** Which alerts of a name there are at a time: these and no others. */
export interface AlertExpectation {
  readonly place: Place;
  /** Since the start. */
  readonly at: DurationMs;
  readonly alertname: string;
  readonly state: ExpectedState;
  /** The labels and annotations given need not be all there are. */
  readonly subset: boolean;
  readonly alerts: readonly ExpectedAlert[];
}

/** One alert as it is expected. Names are any text, so these are maps; a value may be expected to be empty. */
export interface ExpectedAlert {
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
}

/** What an expression gives at a time. */
export interface SampleExpectation {
  readonly place: Place;
  readonly at: DurationMs;
  readonly text: string;
  readonly tree: Expr;
  readonly samples: readonly ExpectedSample[];
}

/** One sample as it is expected. */
export interface ExpectedSample {
  readonly labels: Labels;
  readonly value: number;
}

/** How what came differs from what was expected, for a person: one line, and what there is to say below it. */
export interface Difference {
  readonly summary: string;
  readonly details: readonly string[];
}
