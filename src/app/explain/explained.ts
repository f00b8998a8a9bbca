import type { DetectorTest } from "../../detectors/detector.ts";
import type { EpochMs } from "../../series/time.ts";
import type { ApiTolerance } from "../../web/feedback-types.ts";
import type { ApiLearning, ApiTest } from "../../web/subject-types.ts";

/** What is to be explained. */
export interface Asked {
  readonly rule: string;
  /** Which of the rule's subjects, as it was written. */
  readonly subject: string;
  /** The moment in question; absent: in a recording when the loudest alarm began, of a running program now. */
  readonly at?: EpochMs;
}

/** How a subject stood after one scrape; values are absent where nothing was known. */
export interface ExplainedPoint {
  readonly at: EpochMs;
  readonly observed?: number;
  readonly expected?: number;
  readonly lower?: number;
  readonly upper?: number;
  readonly score: number;
  readonly state?: string;
  readonly evidence?: number;
  readonly threshold?: number;
}

/** A detector's view of one subject around a moment. */
export interface Explained {
  readonly rule: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The kind of signal, or "duration" where values are microseconds. */
  readonly unit: string;
  readonly at: EpochMs;
  readonly state: string;
  readonly score: number;
  /** In one sentence how it stood, and what would not have fired; empty where only the point is known. */
  readonly verdict: string;
  /** The test that spoke loudest; absent where a running program is asked of the past. */
  readonly looked?: ApiTest;
  /** Every test the detector has: seconds it spans (0: one scrape), nats at which it fires; empty where that is not known. */
  readonly tests: readonly DetectorTest[];
  /** Nats by which the thresholds were higher than the detector's own. */
  readonly raise?: number;
  /** What was missing until it was judged by what was learned. */
  readonly learning?: ApiLearning;
  readonly prior?: Readonly<Record<string, string>>;
  /** What people called normal of it, as far as it held. */
  readonly tolerated?: readonly ApiTolerance[];
  /** Oldest first; around the moment, and as far as it is known. */
  readonly points: readonly ExplainedPoint[];
}
