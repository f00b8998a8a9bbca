import type { Labels } from "../series/labels.ts";
import { METRIC_NAME } from "../series/labels.ts";
import { type EpochMs, formatTime } from "../series/time.ts";
import { sentenceOf } from "./sentence.ts";
import type { TemplateQuery } from "./template/run-context.ts";
import { expand } from "./template.ts";
import type { AlertRule, Evidence, Finding } from "./types.ts";

/** What templates may say of the program around a rule. */
export interface TemplateContext {
  readonly externalLabels: Labels;
  readonly externalURL: string;
  /** The moment of the evaluation, and what their function `query` asks then; without them they cannot query. */
  readonly at?: EpochMs;
  readonly query?: TemplateQuery;
  /** Since when there is an alert of these labels; undefined where there is none. */
  readonly activeAt?: (labels: Labels) => EpochMs | undefined;
}

/** A finding with the rule's labels and annotations filled in: what becomes an alert. */
export interface NamedFinding {
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
  readonly value: number;
  readonly evidence: Evidence;
}

/**
 * Gives a finding its alert labels (the finding's own without the metric name, the rule's over them, `alertname`) and its
 * annotations. The description ends with the evidence as a sentence.
 */
export function nameFinding(rule: AlertRule, finding: Finding, context: TemplateContext): NamedFinding {
  const data = { ...context, labels: finding.labels, value: finding.value };
  const own = rule.labels.map(([name, template]) => [name, expand(template, data)] as const);
  const labels = finding.labels.without(METRIC_NAME).with(Object.fromEntries([...own, ["alertname", rule.name]]));
  const annotations = new Map(rule.annotations.map(([name, template]) => [name, expand(template, data)]));
  const evidence = sinceAlert(finding.evidence, context.activeAt?.(labels));
  const sentence = sentenceOf(evidence, finding.labels.toJSON());
  if (sentence !== "") {
    annotations.set("description", [annotations.get("description"), sentence].filter(Boolean).join(" "));
  }
  return { labels, annotations: Object.fromEntries(annotations), value: finding.value, evidence };
}

/** An alert that was kept while its subject dipped for a moment has lasted since it began, not since the dip. */
function sinceAlert(evidence: Evidence, activeAt: EpochMs | undefined): Evidence {
  const { since } = evidence;
  if (activeAt === undefined || typeof since !== "string" || Date.parse(since) <= activeAt) return evidence;
  return { ...evidence, since: formatTime(activeAt) };
}
