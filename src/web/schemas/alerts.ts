import { z } from "zod";
import type { ApiAlert, ApiAlerts, ApiRuleGroups, Json } from "../api-types.ts";
import { component } from "./component.ts";
import { feedback } from "./feedback.ts";
import { time } from "./time.ts";

export const labels = z.record(z.string(), z.string());
export const json = z.record(z.string(), z.custom<Json>()).describe("Plain JSON, by name");

export const alert: z.ZodType<ApiAlert> = component(
  "Alert",
  z.object({
    fingerprint: z.string().describe("Alertmanager's fingerprint of the labels: 16 hex digits"),
    labels,
    annotations: labels,
    state: z.enum(["pending", "firing", "resolved"]),
    activeAt: time,
    firedAt: z.exactOptional(time),
    resolvedAt: z.exactOptional(time),
    keepFiringSince: z.exactOptional(time),
    value: z.string().describe("As Go's %e writes it"),
    evidence: json,
    stale: z.exactOptional(z.boolean()).describe("The rule cannot be evaluated now: this is how the alert was"),
    inhibitedBy: z
      .exactOptional(z.array(z.string()))
      .describe("Fingerprints of alerts that keep it back: email and webhook are not told of it"),
    feedback: z.exactOptional(feedback),
  }),
);

export const alerts: z.ZodType<ApiAlerts> = component("Alerts", z.object({ alerts: z.array(alert) }));

const health = {
  health: z.enum(["unknown", "ok", "err"]),
  lastError: z.exactOptional(z.string()),
  evaluationTime: z.number().describe("Seconds the last evaluation took"),
  lastEvaluation: time,
  position: z.string().describe("file:line:column"),
};

const exception = component(
  "Exception",
  z.object({
    match: z.array(z.string()).describe("PromQL matchers; all of them hold"),
    until: z.exactOptional(time),
    reason: z.string(),
    position: z.string().describe("file:line:column"),
    hits: z.number().describe("Findings it kept from alerting, counted at each evaluation"),
    expired: z.boolean(),
  }),
);

const alertingRule = component(
  "AlertingRule",
  z.object({
    type: z.literal("alerting"),
    name: z.string(),
    state: z.enum(["inactive", "pending", "firing"]),
    query: z.string().describe("The expression; for a detect: rule the block as JSON"),
    kind: z.enum(["expr", "detect"]),
    duration: z.number().describe("Seconds"),
    keepFiringFor: z.number().describe("Seconds"),
    labels,
    annotations: labels,
    exceptions: z.array(exception),
    alerts: z.array(alert).nullable().describe("null with exclude_alerts=true"),
    ...health,
  }),
);

const recordingRule = component(
  "RecordingRule",
  z.object({ type: z.literal("recording"), name: z.string(), query: z.string(), labels, ...health }),
);

export const ruleGroups: z.ZodType<ApiRuleGroups> = component(
  "RuleGroups",
  z.object({
    groups: z.array(
      z.object({
        name: z.string(),
        file: z.string(),
        interval: z.number().describe("Seconds; 0 where the group follows the scrapes"),
        limit: z.number(),
        rules: z.array(z.discriminatedUnion("type", [alertingRule, recordingRule])),
        evaluationTime: z.number().describe("Seconds"),
        lastEvaluation: time,
      }),
    ),
  }),
);
