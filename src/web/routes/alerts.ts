import { isFingerprint, Labels } from "../../series/labels.ts";
import { type Matcher, matchesAll } from "../../series/matchers.ts";
import { printable } from "../../telemetry/printable.ts";
import type { ApiAlert, ApiRuleGroup } from "../api-types.ts";
import { data } from "../envelope.ts";
import { parseFilter } from "../filter.ts";
import { choice, flag, type Parameter, texts } from "../parameters.ts";
import { changes, type Route, reads } from "../route.ts";
import { alerts, ruleGroups } from "../schemas/alerts.ts";
import { feedback, giveFeedback } from "../schemas/feedback.ts";

const filter: Parameter<readonly Matcher[]> = {
  ...texts('Matchers that labels must fulfil, for example severity="critical",model=~"bert.*"; may be repeated'),
  absent: [],
  read: (written) => written.flatMap(parseFilter),
};

/** Rules, the alerts that come of them, and what people say of those. */
export const alertRoutes: readonly Route[] = [
  reads({
    path: "/api/v1/alerts",
    id: "listAlerts",
    summary: "Alerts that are pending or firing",
    query: { resolved: flag("Also those that ended in the last 15 minutes"), filter },
    answer: alerts,
    answers: ({ query }, ask) => {
      const found = query.alerts(ask.query.resolved).alerts;
      return data({ alerts: found.filter(({ labels }) => matchesAll(ask.query.filter, Labels.of(labels))) });
    },
  }),
  reads({
    path: "/api/v1/rules",
    id: "listRules",
    summary: "Groups of rules, each rule with its health and its alerts",
    query: {
      type: choice("Which kind of rules", ["all", "alert", "record"], "all"),
      "rule_name[]": texts("Only rules of this name; may be repeated"),
      "rule_group[]": texts("Only groups of this name; may be repeated"),
      "file[]": texts("Only groups of this file; may be repeated"),
      exclude_alerts: flag("Leave the alerts out"),
    },
    answer: ruleGroups,
    answers: ({ query }, ask) => {
      const asked = ask.query;
      const named = (wanted: readonly string[], name: string) => wanted.length === 0 || wanted.includes(name);
      const kept = ({ name, type }: ApiRuleGroup["rules"][number]) =>
        named(asked["rule_name[]"], name) && (asked.type === "all" || type.startsWith(asked.type));
      const groups = query
        .rules()
        .groups.filter(({ name, file }) => named(asked["rule_group[]"], name) && named(asked["file[]"], file))
        .map((group) => ({ ...group, rules: group.rules.filter(kept).map(asked.exclude_alerts ? silent : same) }))
        // A group none of whose rules was asked for is left out, as in Prometheus.
        .filter(({ rules }) => rules.length > 0);
      return data({ groups });
    },
  }),
  changes({
    path: "/api/v1/alerts/{fingerprint}/feedback",
    id: "giveFeedback",
    summary:
      "Says of an alert that is listed whether it was right; what was expected or a false alarm is learned as normal",
    parts: { fingerprint: "As the list of alerts gives it" },
    body: giveFeedback,
    answer: feedback,
    errors: ["not_found"],
    changes: async ({ actions }, { parts, body, who }) => {
      const named = parts["fingerprint"]!;
      // What cannot name an alert is not looked for among all of them.
      const given = isFingerprint(named) ? await actions.feedback(named, body, who) : undefined;
      if (given !== undefined) return data(given);
      const why = `Cannot find alert ${JSON.stringify(printable(named, 100))}: expected a fingerprint of /api/v1/alerts?resolved=true`;
      return { kind: "not_found", why };
    },
  }),
];

type Rule = ApiRuleGroup["rules"][number];

const same = (rule: Rule): Rule => rule;
const silent = (rule: Rule): Rule => (rule.type === "alerting" ? { ...rule, alerts: null } : rule);

/** An alert by its fingerprint, resolved ones included. */
export const alertNamed = (found: readonly ApiAlert[], fingerprint: string): ApiAlert | undefined =>
  found.find((alert) => alert.fingerprint === fingerprint && alert.state !== "resolved") ??
  found.find((alert) => alert.fingerprint === fingerprint);
