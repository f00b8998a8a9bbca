import type { ApiNoisySubject, ApiSensitivity } from "../sensitivity-types.ts";
import { short } from "./format.ts";
import { type Html, html } from "./html.ts";
import { section, table } from "./sections.ts";

const SUBJECTS = "api/v1/subjects?noisy=true";

/** What raises thresholds now: the budget of false alarms, and subjects that alarm too often; nothing where nothing does. */
export function sensitivitySection(sensitivity: ApiSensitivity): Html | false {
  const { noisy } = sensitivity;
  if (sensitivity.falseAlarmsPerWeek === null && noisy.length === 0) return false;
  return section("sensitivity", "Sensitivity", budgetLine(sensitivity), noisy.length > 0 && noisyTable(noisy));
}

function budgetLine({ falseAlarmsPerWeek, neededNats, rules }: ApiSensitivity): Html | false {
  if (falseAlarmsPerWeek === null) return false;
  const raised = rules.filter(({ raiseNats }) => raiseNats > 0);
  const most = Math.max(0, ...raised.map(({ raiseNats }) => raiseNats));
  const told =
    neededNats === undefined
      ? "not counted yet"
      : `a look needs ${neededNats} nats; ${raised.length} of ${rules.length} rules are raised, by ${most} nats at most`;
  return html`<p>Budget: ${falseAlarmsPerWeek} false alarms a week for the whole fleet, ${told} (<a href="api/v1/status/sensitivity">api/v1/status/sensitivity</a>).</p>`;
}

const noisyTable = (noisy: readonly ApiNoisySubject[]): Html =>
  table(
    noisy,
    [
      { name: "Noisy", of: ({ labels }) => html`<bdi>${short(labels["model"] ?? labels["instance"] ?? "")}</bdi>` },
      { name: "Rule", of: ({ rule }) => html`<bdi>${short(rule)}</bdi>` },
      { name: "Target", of: ({ labels }) => html`<bdi>${short(labels["instance"] ?? "")}</bdi>` },
      { name: "Alarms in 7 days", of: ({ alarms }) => alarms },
      { name: "Threshold raised by", of: ({ raiseNats }) => `${raiseNats} nats` },
    ],
    SUBJECTS,
  );
