import type { Transition } from "../alerts/types.ts";
import type { ReplaySummary } from "../app/replay.ts";
import { formatTime } from "../series/time.ts";
import { printable } from "../telemetry/printable.ts";

/** An alert's step as one line for a person: when, what became of it, how grave, which alert, in words. */
export function transitionText({ at, state, reason, labels, annotations }: Transition): string {
  const alertname = printable(labels.get("alertname") ?? "");
  const severity = printable(labels.get("severity") ?? "-").padEnd(8);
  const said = printable(annotations["summary"] ?? String(labels));
  const why = reason === undefined ? "" : `  (${reason})`;
  return `${formatTime(at)}  ${state.padEnd(8)}  ${severity}  ${alertname}  ${said}${why}`;
}

/** What a replay came to, as its last line. */
export const summaryText = ({ scrapes, failed_scrapes, transitions, firing_at_end }: ReplaySummary): string =>
  `${scrapes} scrapes (${failed_scrapes} failed), ${transitions} transitions, ${firing_at_end} firing at the end`;
