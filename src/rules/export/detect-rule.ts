import { type DurationMs, durationMs, formatDuration } from "../../series/time.ts";
import { selectorsOf } from "../../signals/binding.ts";
import type { AlertRule, Detect, DetectorName } from "../types.ts";
import { type SeriesDetect, watchesSeries } from "../watch.ts";
import { backlogRules } from "./backlog.ts";
import { conditionOf, type DetectorRules } from "./condition.ts";
import { countsRules } from "./counts.ts";
import { gaugeRules } from "./gauge.ts";
import { meanRules } from "./mean.ts";
import { EVENT_LABELS, EVENTS } from "./model-memory.ts";
import { Names, subjectLabels } from "./names.ts";
import { namesSeveral } from "./promql-text.ts";
import type { Scales } from "./scales.ts";
import { thresholdRules } from "./threshold.ts";
import { type ExportOptions, type Fidelity, refused, type Translation } from "./types.ts";

/** What a detector's recording rules leave out of it. */
const LOST = {
  counts:
    "the same tail of a negative binomial over sliding windows of at least four scrapes; what a counter shows when it is born does not count",
  "log-mean":
    "the logarithm of the mean against its scatter, over sliding windows instead of the tail of two blocks and a CUSUM; a reload does not cut them",
  backlog: "the same tail of a negative binomial on two of three looks, the mean taken over the baseline window",
  gauge: "the same CUSUM of block means, against quartiles of the baseline window",
} as const satisfies Partial<Record<DetectorName, string>>;

/**
 * A `detect:` rule as recording rules and a condition.
 * @param every how often its group is evaluated
 */
export function translateDetect(
  rule: AlertRule,
  detect: Detect,
  { name, every }: { readonly name: string; readonly every: DurationMs },
  scales: Scales,
  options: ExportOptions,
): Translation {
  if (!watchesSeries(detect)) return translateEvents(detect, every, scales);
  if (selectorsOf(detect.signal).some(namesSeveral)) {
    return refused("a selector names no single metric: increases of several metrics cannot be told apart");
  }
  if (detect.detector === "envelope") {
    return refused("no window remembers how far a value ever went, nor forgets it by and by");
  }
  const { detector } = detect;
  if (detector !== "threshold" && detect.signal.kind === "level" && detect.direction === "down") {
    return refused(`its detector ${detect.detector} finds nothing below normal`);
  }
  if (detect.against === "anchor")
    return refused("nothing there is slow enough to be the reference it is held against");
  const names = new Names(name, detect.by);
  const rules = rulesOf(detect, names, scales);
  const hold = (rule.missing ?? options.onUnknown) === "hold";
  return {
    fidelity: detector === "threshold" ? fidelityOfBounds(detect) : fidelityOf(detector, detect, scales),
    expr: names.condition,
    recordings: [...rules.before, conditionOf(names, { ...rules.parts, hold }, options), ...rules.after],
    baselines: rules.baselines,
    memory: [],
  };
}

function fidelityOf(detector: keyof typeof LOST, detect: SeriesDetect, scales: Scales): Fidelity {
  return { kind: "approximate", why: `${LOST[detector]}; ${baselineOf(detect, scales)}` };
}

/** A gauge's newest value is the same there; what grew in a window is not quite. */
function fidelityOfBounds({ signal, fire }: SeriesDetect): Fidelity {
  if (signal.kind === "level" && (fire.over ?? 0) === 0) return { kind: "exact" };
  if (signal.kind === "level")
    return { kind: "approximate", why: "the same bound on the mean of each evaluation's value" };
  return {
    kind: "approximate",
    why: "the same bound on sliding windows of at least four scrapes; what a counter shows when it is born does not count",
  };
}

function rulesOf(detect: SeriesDetect, names: Names, scales: Scales): DetectorRules {
  const { signal } = detect;
  if (detect.detector === "threshold") return thresholdRules(detect, names, scales);
  switch (signal.kind) {
    case "ratio":
    case "rate":
      return countsRules({ ...detect, signal }, names, scales);
    case "mean":
      return meanRules({ ...detect, signal }, names, scales);
    case "level":
      return (detect.detector === "gauge" ? gaugeRules : backlogRules)({ ...detect, signal }, names, scales);
  }
}

function baselineOf({ signal, baseline }: SeriesDetect, { yesterday, baseline: window }: Scales): string {
  const forgets = `normal is what was unsuspicious in the last ${window}`;
  if (baseline.season !== "auto" || signal.kind === "level" || signal.kind === "ratio") return forgets;
  if (signal.kind === "rate" && yesterday) return `${forgets}, and the same hour of yesterday`;
  return `${forgets}, whatever the hour of the day`;
}

/** Events: each evaluation compares the models it sees with those of the evaluation before. */
function translateEvents({ signal, by }: Detect, every: DurationMs, { interval }: Scales): Translation {
  const events = signal.kind === "models" ? signal.events : [];
  const odd = by.find((label) => !EVENT_LABELS.includes(label));
  if (odd !== undefined) return refused(`label ${JSON.stringify(odd)} of "by" is none of an event`);
  const matcher = events.length === 1 ? `event="${events[0]}"` : `event=~"${events.join("|")}"`;
  // Longer than the interval, or an event could fall between this group and the one that records it.
  const range = formatDuration(durationMs(Math.max(every, interval) + interval / 2));
  return {
    fidelity: {
      kind: "approximate",
      why: "what differs between two evaluations; knows no announcements, and a repeat while it fires begins no new alert",
    },
    expr: `max by (${subjectLabels(by).join(", ")}) (last_over_time(${EVENTS}{${matcher}}[${range}]))`,
    recordings: [],
    baselines: [],
    memory: ["models"],
    holds: interval,
  };
}
