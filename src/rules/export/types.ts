import type { DurationMs } from "../../series/time.ts";
import type { AlertRule, Position } from "../types.ts";

/** What an export is made for. */
export interface ExportOptions {
  /** Of this program; the head of the file names it. */
  readonly version: string;
  /** The command line that makes the file again. */
  readonly command: string;
  /** How often the Triton servers are scraped and the exported rules evaluated. */
  readonly interval: DurationMs;
  /** How far back the baselines look. */
  readonly baselineWindow: DurationMs;
  /** The jobs under which the Triton servers are scraped there. */
  readonly jobs: readonly string[];
  readonly dialect: "prometheus" | "victoriametrics";
  /** What becomes of alerts while their target cannot be scraped, where a rule does not say. */
  readonly onUnknown: NonNullable<AlertRule["missing"]>;
  /** Names of the change windows that cover model events here and cannot be exported. */
  readonly changeWindows: readonly string[];
}

/** How far an exported rule says the same as the rule it comes from. */
export type Fidelity =
  | { readonly kind: "exact"; readonly why?: string }
  | { readonly kind: "approximate"; readonly why: string }
  | { readonly kind: "refused"; readonly why: string };

/** A recording rule that an exported rule reads. */
export interface Recording {
  readonly name: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Recording rules that several exported rules share: what the servers' models were at the evaluation before, and the like. */
export type Memory = "models" | "scrapes";

/** One rule in PromQL. */
export interface Translation {
  readonly fidelity: Fidelity;
  readonly expr: string;
  /** In the order in which they must be evaluated, before the rule. */
  readonly recordings: readonly Recording[];
  /** Baselines, which look far back and need not be evaluated at each scrape. */
  readonly baselines: readonly Recording[];
  readonly memory: readonly Memory[];
  /** The expression itself holds what it found for so long; `keep_firing_for` is that much shorter. */
  readonly holds?: DurationMs;
}

/** What became of one rule. */
export interface ExportedRule {
  readonly name: string;
  readonly kind: "alert" | "record";
  readonly group: string;
  readonly position: Position;
  readonly fidelity: Fidelity;
}

/** Rules of Prometheus as text, and what became of each rule. */
export interface RuleExport {
  /** A rule file in YAML. */
  readonly text: string;
  readonly rules: readonly ExportedRule[];
}

export const refused = (why: string): Translation => ({
  fidelity: { kind: "refused", why },
  expr: "",
  recordings: [],
  baselines: [],
  memory: [],
});
