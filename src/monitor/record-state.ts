import type { RecordingRule } from "../rules/types.ts";
import type { Labels } from "../series/labels.ts";
import { RuleHealth } from "./rule-health.ts";

/** One recording rule at work. */
export class RecordState extends RuleHealth {
  /** Replaced on reload. */
  rule: RecordingRule;
  /** What it wrote last, by label key: series that are not written again become stale. */
  written: ReadonlyMap<string, { readonly labels: Labels }> = new Map();

  constructor(rule: RecordingRule) {
    super();
    this.rule = rule;
  }
}
