import type { ChangeWindow, WindowTimes } from "../../alerts/change-windows.ts";
import type { Deployments } from "../../alerts/deployments.ts";
import { formatMatcher } from "../../series/matchers.ts";
import { type EpochMs, formatTime } from "../../series/time.ts";
import type { ApiAnnouncement, ApiDeployments } from "../../web/api-types.ts";

/** The windows of the configuration, and the announcements that have not ended. */
export function showDeployments(deployments: Deployments, now: EpochMs): ApiDeployments {
  return {
    windows: deployments.windows.map(showWindow),
    announcements: deployments.announcements(now).map(showAnnouncement),
  };
}

function showAnnouncement(of: ReturnType<Deployments["announcements"]>[number]): ApiAnnouncement {
  const { instance, model, version, by, reason, from, until } = of;
  return {
    ...(instance !== undefined && { instance }),
    model,
    ...(version !== undefined && { version }),
    by,
    reason,
    from: formatTime(from),
    until: formatTime(until),
  };
}

const showWindow = ({ name, reason, match, times }: ChangeWindow): ApiDeployments["windows"][number] => ({
  name,
  reason,
  match: match.map(formatMatcher),
  times: timesText(times),
});

function timesText(times: WindowTimes): string {
  if (times.kind === "span") return `${formatTime(times.from)} to ${formatTime(times.until)}`;
  return `${times.days.join(" ")} ${clock(times.from)} to ${clock(times.to)} ${times.timeZone}`;
}

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
