import { quantity, unitOf } from "../rules/evidence.ts";
import type { AlertRule } from "../rules/types.ts";
import { watchesSeries } from "../rules/watch.ts";
import { fingerprint } from "../series/labels.ts";
import type { EpochMs } from "../series/time.ts";
import { bounded, type EventOf, type Happening } from "./happening.ts";

const CALLED = { true: "was right", false: "was a false alarm", expected: "was to be expected" } as const;

/** What somebody said of an alert; undefined where it was no news. */
export function feedbackGiven(event: EventOf<"feedback">): Happening | undefined {
  if (event.outcome !== "recorded") return undefined;
  const { at, feedback, labels, did } = event;
  const { verdict, note, by } = feedback;
  const why = note === "" ? "" : ` (${note})`;
  return {
    at,
    kind: "feedback",
    what: verdict,
    labels: labels.toJSON(),
    text: bounded(`${by} says that ${labels.get("alertname") ?? ""} ${CALLED[verdict]}${why}: ${did}`),
    details: { fingerprint: fingerprint(labels), by: bounded(by), note: bounded(note), did: bounded(did) },
  };
}

/** More was said with a token than is told of one in a minute. */
export const feedbackLeftOut = (token: string, count: number, at: EpochMs): Happening => ({
  at,
  kind: "error",
  what: "limit",
  labels: {},
  text: bounded(`${count} further words on alerts with token ${token} are not listed: too many in a minute`),
  details: { token: bounded(token), count },
});

/** What an alarm showed, or would have, is normal now. */
export function rebaselined({ rule, at, labels, from, to, by }: EventOf<"rebaselined">): Happening {
  const about = labels.get("model") ?? labels.get("instance") ?? "";
  const why = by === undefined ? "lasted a day" : `was called normal by ${bounded(by)} and stayed as long again`;
  const change =
    from === undefined || to === undefined ? "" : `, ${inWords(rule, from)} before and ${inWords(rule, to)} now`;
  return {
    at,
    kind: "alert",
    what: "rebaselined",
    labels: labels.with({ alertname: rule.name }).toJSON(),
    text: bounded(`${rule.name} of ${about} ${why}, so its level is taken for normal${change}`),
    details: {
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(by !== undefined && { by: bounded(by) }),
    },
  };
}

function inWords({ condition }: AlertRule, value: number): string {
  const detect = condition.kind === "detect" ? condition.detect : undefined;
  return quantity(detect && watchesSeries(detect) ? unitOf(detect) : "level", value);
}
