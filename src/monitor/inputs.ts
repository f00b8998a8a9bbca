import type { Call } from "../rules/episode.ts";
import type { Labels } from "../series/labels.ts";
import type { EpochMs } from "../series/time.ts";
import type { ReloadableOptions } from "./options.ts";

/** How one scrape of a target ended, before its text was read. */
export type Scraped =
  | { readonly kind: "body"; readonly body: Uint8Array; readonly length: number }
  | { readonly kind: ScrapeFailure; readonly why: string };

/** Why there was no page; the word is the metric label and the log field. */
export type ScrapeFailure = "unreachable" | "too-slow" | "too-big" | "http-status" | "not-metrics" | "internal-error";

/** A page of a target, or the news that there is none. */
export interface ScrapeInput {
  readonly kind: "scrape";
  /** The target's labels: job, instance and what the config adds. */
  readonly target: Labels;
  /** When it was scraped. */
  readonly at: EpochMs;
  readonly seconds: number;
  readonly outcome: Scraped;
}

/** Somebody says that a model change is coming, or names one that is under way. */
export interface AnnounceInput {
  readonly kind: "announce";
  readonly instance?: string;
  readonly model: string;
  readonly version?: string;
  readonly from: EpochMs;
  readonly until: EpochMs;
  readonly by: string;
  readonly reason: string;
}

/** Somebody says of an alert, by its fingerprint, whether it was right. */
export interface FeedbackInput {
  readonly kind: "feedback";
  readonly fingerprint: string;
  readonly verdict: Call;
  readonly note: string;
  readonly by: string;
  /** The name of the token it came with; undefined where there was none. */
  readonly token?: string;
}

/** A target is watched no longer: its alerts end, its samples and what was learned of it go. */
interface TargetGoneInput {
  readonly kind: "target-gone";
  readonly target: Labels;
}

/** Other rules and options take over; alerts and detector memory are carried over as far as they still have an owner. */
interface ReloadInput {
  readonly kind: "reload";
  readonly options: ReloadableOptions;
}

/** Everything that can reach the heart of the program. */
export type Input = ScrapeInput | AnnounceInput | FeedbackInput | TargetGoneInput | ReloadInput;
