import type { MonitorEvent } from "../monitor/events.ts";
import type { AnnounceInput, FeedbackInput, Input } from "../monitor/inputs.ts";
import { CALLS } from "../rules/episode.ts";
import {
  DAY,
  type DurationMs,
  durationMs,
  type EpochMs,
  epochMs,
  formatDuration,
  formatTime,
  parseDuration,
} from "../series/time.ts";
import type { ApiAnnounce, ApiAnnouncement } from "../web/api-types.ts";
import type { ApiFeedback, ApiGiveFeedback } from "../web/feedback-types.ts";
import type { ActionPort, ActionResult } from "../web/ports.ts";
import type { Reloader } from "./reload.ts";

/** An announcement that lasts longer is no announcement but a change window. */
const LONGEST = durationMs(7 * DAY);

/** What the API may change, as inputs of the monitor. */
export function actionsOf(
  tick: (inputs: readonly Input[]) => readonly MonitorEvent[],
  reloader: Reloader,
  now: () => EpochMs,
): ActionPort {
  return {
    announce: async (announcement, who) => announce(announcement, who, tick, now()),
    feedback: async (fingerprint, given, who) => giveFeedback(fingerprint, given, who, tick),
    reload: () => reloader.reload("api"),
  };
}

function announce(
  { ttl, by, ...wanted }: ApiAnnounce,
  who: string,
  tick: (inputs: readonly Input[]) => readonly MonitorEvent[],
  from: EpochMs,
): ActionResult<ApiAnnouncement> {
  let lasts: DurationMs;
  try {
    lasts = parseDuration(ttl);
  } catch (error) {
    if (error instanceof RangeError) return { kind: "refused", why: error.message };
    throw error;
  }
  if (lasts <= 0 || lasts > LONGEST) {
    const why = `Cannot use ttl ${JSON.stringify(ttl)}: expected at most ${formatDuration(LONGEST)}, for longer there is deployments: in the configuration`;
    return { kind: "refused", why };
  }
  const input: AnnounceInput = {
    kind: "announce",
    ...wanted,
    by: nameOf(by, who),
    from,
    until: epochMs(from + lasts),
  };
  for (const event of tick([input])) {
    if (event.kind !== "announcement" || event.announcement !== input) continue;
    if (event.outcome === "refused") return { kind: "refused", why: `Cannot announce the change: ${event.why ?? ""}` };
    const { kind: _, until, ...said } = input;
    return { kind: "done", value: { ...said, from: formatTime(from), until: formatTime(until) } };
  }
  throw new Error("the announcement came to nothing");
}

function giveFeedback(
  fingerprint: string,
  { verdict, note = "", by }: ApiGiveFeedback,
  who: string,
  tick: (inputs: readonly Input[]) => readonly MonitorEvent[],
): ApiFeedback | undefined {
  const call = CALLS.find((one) => one === String(verdict))!;
  const said = { fingerprint, verdict: call, note, by: nameOf(by ?? who, who), token: who };
  const input: FeedbackInput = { kind: "feedback", ...said };
  for (const event of tick([input])) {
    if (event.kind !== "feedback" || event.feedback !== input) continue;
    if (event.outcome === "unknown") return undefined;
    return { verdict: call, note, by: input.by, at: formatTime(event.at), did: event.did };
  }
  throw new Error("the feedback came to nothing");
}

/** Who proved to be who is part of what is told, whatever they call themselves. */
const nameOf = (by: string, who: string): string => (by === who ? who : `${by} (token ${who})`);
