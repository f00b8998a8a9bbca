/** What the JSON API answers and takes about feedback on alerts; shared with the browser part, as `api-types.ts`. */

type FeedbackVerdict = "true" | "false" | "expected";

/** Whether an alert was right, as somebody said; the last word stands. */
export interface ApiFeedback {
  readonly verdict: FeedbackVerdict;
  readonly note: string;
  readonly by: string;
  readonly at: string;
  /** What was learned. */
  readonly did: string;
}

/** Body of `POST /api/v1/alerts/<fingerprint>/feedback`. */
export interface ApiGiveFeedback {
  readonly verdict: FeedbackVerdict | boolean;
  readonly note?: string;
  readonly by?: string;
}

/** Values of a subject that somebody called normal. */
export interface ApiTolerance {
  readonly side: "up" | "down";
  /** The farthest value tolerated now; it nears what was expected with time. */
  readonly limit: number;
  /** The most bad events a second, of a ratio. */
  readonly badPerSecond?: number;
  /** The longest time in a row; without it as long as it holds at all. */
  readonly secondsInARow?: number;
  readonly verdict: "false" | "expected";
  readonly by: string;
  readonly note: string;
  readonly from: string;
  readonly until: string;
}
