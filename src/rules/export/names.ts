import { type DurationMs, formatDuration } from "../../series/time.ts";
import { quoted } from "./promql-text.ts";
import type { Recording } from "./types.ts";

/** The names under which one rule's recording rules write, and the labels that tell its subjects apart. */
export class Names {
  /** The rule's name, made unique among those of the export and fit for a metric name. */
  readonly rule: string;
  /** The labels of a subject, as they stand in `by (…)` and `on (…)`. */
  readonly by: string;
  /** Those of them that name the target. */
  readonly server = "job, instance";

  constructor(rule: string, by: readonly string[]) {
    this.rule = rule;
    this.by = subjectLabels(by).join(", ");
  }

  /** The series that holds the findings of the rule: its value is that of the alert. */
  get condition(): string {
    return `triton_sentinel:condition:${this.rule}`;
  }

  /** A recorded series of this rule as a selector. */
  series(what: string, window?: DurationMs): string {
    const length = window === undefined ? "" : `, window=${quoted(formatDuration(window))}`;
    return `triton_sentinel:${what}{rule=${quoted(this.rule)}${length}}`;
  }

  recording(what: string, expr: string, window?: DurationMs): Recording {
    return {
      name: `triton_sentinel:${what}`,
      expr,
      labels: { rule: this.rule, ...(window !== undefined && { window: formatDuration(window) }) },
    };
  }

  /** Joins values of windows with one value of their subject. */
  get perSubject(): string {
    return `on (${this.by}, rule) group_left ()`;
  }
}

/** The labels of a rule's subjects: every subject is one of a target, whatever the rule says. */
export const subjectLabels = (by: readonly string[]): readonly string[] => [...new Set(["job", "instance", ...by])];
