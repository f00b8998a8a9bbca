import { formatDuration } from "../../series/time.ts";
import { type FieldDifference, fieldDifferences, matchAlerts, type SeenAlert } from "./match-alerts.ts";
import { showMap, shownText } from "./show.ts";
import type { AlertExpectation, Difference, ExpectedAlert, ExpectedState } from "./types.ts";

/** Alerts of one kind that a difference lists; the rest is counted. */
const MAX_SHOWN = 10;

/** An alert in another state than the one that is expected. */
export interface OtherAlert extends SeenAlert {
  readonly state: string;
  /** The same for a person, "pending since 5m". */
  readonly told: string;
}

/**
 * How the alerts of a name at a time differ from what was expected; undefined where they do not.
 * @param others those in other states, which may say why one is missing
 */
export function compareAlerts(
  expectation: AlertExpectation,
  came: readonly SeenAlert[],
  others: readonly OtherAlert[],
): Difference | undefined {
  const { alertname, at, state, subset } = expectation;
  const named = state === "learning" ? expectation.alerts : expectation.alerts.map((one) => withName(one, alertname));
  const { differing, missing, unexpected } = matchAlerts(named, came, subset);
  if (differing.length + missing.length + unexpected.length === 0) return undefined;
  const details: string[] = [];
  for (const { expected, came, fields } of differing.slice(0, MAX_SHOWN)) {
    details.push(`expected  ${showMap(expected.labels)}`, `came      ${showMap(came.labels.pairs)}`);
    for (const field of fields) details.push(`  ${fieldText(field)}`);
  }
  for (const one of missing.slice(0, MAX_SHOWN)) {
    details.push(`missing   ${showMap(one.labels)}`);
    const other = others.find((seen) => fieldDifferences(one, seen, subset).every(({ what }) => what === "annotation"));
    if (other) details.push(`  it is ${other.told}, not ${state}`);
  }
  for (const { labels } of unexpected.slice(0, MAX_SHOWN)) details.push(`unexpected ${showMap(labels.pairs)}`);
  for (const [list, what] of [
    [differing, "that differ"],
    [missing, "missing"],
    [unexpected, "unexpected"],
  ] as const) {
    if (list.length > MAX_SHOWN) details.push(`and ${list.length - MAX_SHOWN} more ${what}`);
  }
  const summary = `alert ${alertname} at ${formatDuration(at)}: expected ${counted(named.length, state)}, came ${came.length}`;
  return { summary, details };
}

/** What people leave out, because every alert of the rule has it. */
const withName = ({ labels, annotations }: ExpectedAlert, alertname: string): ExpectedAlert => ({
  labels: new Map([...labels, ["alertname", alertname]]),
  annotations,
});

function counted(n: number, state: ExpectedState): string {
  const what = state === "learning" ? "learning subject" : `${state} alert`;
  return n === 0 ? `no ${what}` : `${n} ${what}${n === 1 ? "" : "s"}`;
}

function fieldText({ what, name, expected, came }: FieldDifference): string {
  const text = (value: string | undefined) => (value === undefined ? "nothing" : shownText(value));
  return `${what} ${name}: expected ${text(expected)}, came ${text(came)}`;
}
