import type { Announcement } from "../alerts/deployments.ts";
import type { Transition } from "../alerts/types.ts";
import type { PageProblemKind } from "../exposition/page.ts";
import type { ModelEvent } from "../models/events.ts";
import type { AlertRule, Position } from "../rules/types.ts";
import type { Labels } from "../series/labels.ts";
import type { EpochMs } from "../series/time.ts";
import type { FeedbackInput, ScrapeFailure } from "./inputs.ts";

/** Who announced a model change, and which window or announcement covers it. */
interface Announced {
  readonly name: string;
  readonly by: string;
  readonly reason: string;
}

/**
 * Something about a page that is no good: a line whose text is not right, one that takes a name that is not a target's to take
 * (`forged`), or a counter that does what counters do not (`regression`).
 */
export interface ScrapeProblem {
  readonly kind: PageProblemKind | "forged" | "regression";
  /** From 1; 0 where it is not known or there is none. */
  readonly line: number;
  readonly text: string;
  readonly why: string;
}

/** What a step did, for those who print, count and deliver. */
export type MonitorEvent =
  | {
      readonly kind: "scraped";
      readonly target: Labels;
      readonly at: EpochMs;
      readonly seconds: number;
      readonly bytes: number;
      readonly outcome: "page" | ScrapeFailure;
      readonly why?: string;
      readonly samples: number;
      /** Series kept of this page. */
      readonly series: number;
      readonly problems: readonly ScrapeProblem[];
    }
  | { readonly kind: "model"; readonly target: Labels; readonly event: ModelEvent; readonly announced?: Announced }
  | { readonly kind: "transition"; readonly rule: AlertRule; readonly transition: Transition }
  | { readonly kind: "rule-failed"; readonly rule: string; readonly at: EpochMs; readonly why: string }
  /** A limit began to cut off findings; the alerts there are stay. `target`: where the rule is evaluated for each of them. */
  | {
      readonly kind: "alerts-cut";
      readonly rule: string;
      readonly target?: Labels;
      readonly at: EpochMs;
      readonly cut: number;
    }
  /** The time of an exception is over: what it covered alerts again. Told once. */
  | {
      readonly kind: "exception-ended";
      readonly rule: string;
      readonly at: EpochMs;
      readonly position: Position;
      readonly reason: string;
    }
  /** `announcement` is the very input, so that whoever made it finds what became of it. */
  | {
      readonly kind: "announcement";
      readonly at: EpochMs;
      readonly announcement: Announcement;
      readonly outcome: "accepted" | "refused";
      readonly why?: string;
    }
  /** `feedback` is the very input. `repeated`: it had been said before, and nothing changed. */
  | { readonly kind: "feedback"; readonly at: EpochMs; readonly feedback: FeedbackInput; readonly outcome: "unknown" }
  | {
      readonly kind: "feedback";
      readonly at: EpochMs;
      readonly feedback: FeedbackInput;
      readonly outcome: "recorded" | "repeated";
      /** Of the alert. */
      readonly labels: Labels;
      /** What was learned, for people. */
      readonly did: string;
    }
  /**
   * What a subject showed was taken for normal, from one expected value to another: its alarm lasted too long, or somebody (`by`) had
   * called it normal and it stayed.
   */
  | {
      readonly kind: "rebaselined";
      readonly rule: AlertRule;
      readonly at: EpochMs;
      readonly labels: Labels;
      readonly from: number | undefined;
      readonly to: number | undefined;
      readonly by: string | undefined;
    }
  /** A subject has so many alarms that its threshold is raised by so many nats from now on; 0: it is quiet again. */
  | {
      readonly kind: "noise";
      readonly rule: AlertRule;
      readonly at: EpochMs;
      readonly labels: Labels;
      readonly raise: number;
      /** Alarms in the week before. */
      readonly alarms: number;
    }
  /** A target is watched no longer, and nothing is left of it. `ended`: how many alerts ended, told before this. */
  | { readonly kind: "target-gone"; readonly target: Labels; readonly at: EpochMs; readonly ended: number }
  /** Other rules and options are in force; rules by their names. `ended`: how many alerts ended with their rules. */
  | {
      readonly kind: "reloaded";
      readonly at: EpochMs;
      readonly added: readonly string[];
      readonly removed: readonly string[];
      readonly changed: readonly string[];
      readonly ended: number;
    }
  | { readonly kind: "bug"; readonly where: "page" | "rule"; readonly at: EpochMs; readonly error: unknown };
