import type { Judged } from "../../rules/judge.ts";
import { limitAt } from "../../rules/tolerance.ts";
import { epochMs, formatTime, SECOND } from "../../series/time.ts";
import type { ApiTolerance } from "../../web/feedback-types.ts";

/** What people called normal of a subject, as far as it holds at its newest reading. */
export function showTolerances({
  tolerances,
  watched,
}: Pick<Judged, "tolerances" | "watched">): readonly ApiTolerance[] {
  const at = epochMs(watched.reading.at);
  return tolerances.map((held) => ({
    side: held.side,
    limit: limitAt(held, at) ?? held.normal,
    ...(held.flow !== undefined && held.side === "up" && { badPerSecond: held.flow }),
    ...(held.longest !== undefined && { secondsInARow: held.longest / SECOND }),
    verdict: held.word.call === "false" ? "false" : "expected",
    by: held.word.by,
    note: held.word.note,
    from: formatTime(held.from),
    until: formatTime(held.until),
  }));
}
