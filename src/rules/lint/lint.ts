import type { Severity } from "../../documents/mistakes.ts";
import type { Path } from "../../documents/nodes.ts";
import type { DurationMs, EpochMs } from "../../series/time.ts";
import type { PlacedRule } from "../load.ts";
import type { AlertRule, Exception } from "../types.ts";
import type { KnownSeries } from "./known-series.ts";

/** What lints look at: all rules together, and what is known of the world they will run in. */
export interface LintWorld {
  /** The rules that run; those that are switched off are nobody's trouble. */
  readonly rules: readonly PlacedRule[];
  readonly series: KnownSeries;
  readonly now: EpochMs;
  /** How often rules without an interval of their own are evaluated. */
  readonly interval: DurationMs;
  /** How often targets are scraped. */
  readonly scrapeInterval: DurationMs;
  /** How often an exception kept a finding from alerting in a recording; undefined where there is no recording. */
  readonly hits?: (exception: Exception) => number;
}

/** What a lint has to say of one rule. */
export interface Remark {
  readonly message: string;
  /** The field that is meant, from the rule on. */
  readonly at: Path;
  /** The characters of the text there that are meant. */
  readonly from?: number;
  readonly to?: number;
  /** The field's name is meant rather than its value. */
  readonly onKey?: boolean;
  /** Where it is graver or slighter than the lint's own. */
  readonly severity?: Severity;
}

export interface LintFinding extends Remark {
  readonly rule: PlacedRule;
  /** A second rule it is about; a comment on either switches the lint off. */
  readonly twin?: PlacedRule;
}

/** One opinion about rules that load and run. What it means, and how to mend it, stands in docs/rules/ under its id. */
export interface Lint {
  /** In kebab case; what `# lint:ignore` names. */
  readonly id: string;
  readonly severity: Severity;
  /** One sentence, for the list of lints. */
  readonly about: string;
  /** It has nothing to say without a recording. */
  readonly needs?: "recording";
  readonly check: (world: LintWorld) => Iterable<LintFinding>;
}

/** A lint that looks at one rule at a time. */
export function perRule(
  id: string,
  severity: Severity,
  about: string,
  check: (placed: PlacedRule, world: LintWorld) => Iterable<Remark>,
): Lint {
  return {
    id,
    severity,
    about,
    *check(world) {
      for (const rule of world.rules) for (const remark of check(rule, world)) yield { ...remark, rule };
    },
  };
}

/** A lint that looks at one alerting rule at a time. */
export function perAlert(
  id: string,
  severity: Severity,
  about: string,
  check: (rule: AlertRule, placed: PlacedRule, world: LintWorld) => Iterable<Remark>,
): Lint {
  return perRule(id, severity, about, (placed, world) =>
    placed.rule.kind === "alert" ? check(placed.rule, placed, world) : [],
  );
}
