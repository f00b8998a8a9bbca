import { formatDuration } from "../../series/time.ts";
import { perAlert } from "./lint.ts";

/** A `for` that one evaluation outlasts says nothing that `for: 0s` does not, and delays the alert. */
export const shortFor = perAlert(
  "short-for",
  "warning",
  "A for is shorter than two intervals, so that one evaluation decides.",
  function* (rule, { group }, world) {
    const interval = group.interval ?? world.interval;
    if (rule.for === 0 || rule.for >= 2 * interval) return;
    const [length, every] = [formatDuration(rule.for), formatDuration(interval)];
    const message = `for ${length} is shorter than two evaluations, one every ${every}: expected more, or 0s`;
    yield { at: ["for"], message };
  },
);
