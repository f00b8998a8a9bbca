import type { RenderedFamily } from "../exposition/render.ts";
import { family } from "./exporter-family.ts";
import type { RuleView } from "./exporter-views.ts";
import { pageLabels } from "./page-labels.ts";

/** How sensitive each rule over statistics is: what it watches, what of that is noisy, and what a budget raises. */
export function ruleFamilies(rules: Iterable<RuleView>): RenderedFamily[] {
  const shown = [...rules].map((rule) => ({ ...rule, labels: pageLabels(rule.labels) }));
  return [
    family(
      "gauge",
      "rule_subjects",
      "Subjects that a detect: rule watches, over all targets.",
      shown.map(({ labels, subjects }) => ({ labels, value: subjects })),
    ),
    family(
      "gauge",
      "noisy_subjects",
      "Subjects whose threshold is raised because they had more than two alarms in a week.",
      shown.map(({ labels, noisy }) => ({ labels, value: noisy })),
    ),
    family(
      "gauge",
      "threshold_raise_nats",
      "Nats by which the budget of false alarms raises the thresholds of a rule; 0 without a budget.",
      shown.map(({ labels, raise }) => ({ labels, value: raise })),
    ),
  ];
}
