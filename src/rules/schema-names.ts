import { z } from "zod";
import { METRIC_NAME } from "../series/labels.ts";

/** Names that PromQL reads without quotes. */
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/** What to warn of in a label's name: Prometheus takes any text, but few people want one that has to be quoted. */
export function labelNameWarning(name: string): string | undefined {
  if (LABEL_NAME.test(name)) return undefined;
  return `label name ${JSON.stringify(name)} must be quoted in PromQL: expected letters, digits and "_"`;
}

/** What to warn of in a metric's name. */
export function metricNameWarning(name: string): string | undefined {
  if (METRIC.test(name)) return undefined;
  return `metric name ${JSON.stringify(name)} must be quoted in PromQL: expected letters, digits, "_" and ":"`;
}

const labelName = z.string().refine((name) => name !== "" && name !== METRIC_NAME, {
  error: (issue) => `invalid label name: ${JSON.stringify(issue.input)}`,
});

const annotationName = z.string().min(1, { error: 'invalid annotation name: ""' });

/** Labels to add; `__name__` is a metric's and cannot be one of them. */
export const labelsSchema = z.record(labelName, z.string());

export const annotationsSchema = z.record(annotationName, z.string());

/** The name of a label that must be one PromQL can group by. */
export const plainLabelName = z.string().regex(LABEL_NAME, {
  error: (issue) => `invalid label name: ${JSON.stringify(issue.input)}`,
});

/** The name of the series a recording rule writes. */
export const recordName = z.string().superRefine((name, ctx) => {
  if (name === "") ctx.addIssue(`invalid recording rule name: ${JSON.stringify(name)}`);
  if (/[{}]/.test(name)) {
    ctx.addIssue(`braces present in the recording rule name; should it be in expr?: ${JSON.stringify(name)}`);
  }
});
