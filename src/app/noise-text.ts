import { bounded, type EventOf, type Happening } from "./happening.ts";

/** A subject became noisy, or is quiet again. */
export function noiseChanged({ rule, at, labels, raise, alarms }: EventOf<"noise">): Happening {
  const model = labels.get("model");
  const where = labels.get("instance") ?? "";
  const about = model === undefined ? where : `${model} on ${where}`;
  const text =
    raise > 0
      ? `${rule.name} of ${about} is noisy: ${alarms} alarms in 7 days, so its threshold is ${raise} nats higher`
      : `${rule.name} of ${about} is quiet again: its threshold is what it was`;
  return {
    at,
    kind: "alert",
    what: raise > 0 ? "noisy" : "quiet",
    labels: labels.with({ alertname: rule.name }).toJSON(),
    text: bounded(text),
    details: { raise, alarms },
  };
}
