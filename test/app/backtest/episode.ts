import type { Episode } from "../../../src/app/backtest/episodes.ts";
import { Labels } from "../../../src/series/labels.ts";
import { epochMs } from "../../../src/series/time.ts";

/** An episode of a test: of an alert, from a minute to a minute; without an end it still fires. */
export function episode(alertname: string, from: number, to: number | undefined, more: Partial<Episode> = {}): Episode {
  const subject = Labels.of({ model: "m" });
  return {
    alertname,
    subject,
    labels: subject.with({ alertname }),
    severity: "warning",
    summary: "",
    activeAt: epochMs(from * 60_000),
    firedAt: epochMs(from * 60_000),
    endedAt: to === undefined ? undefined : epochMs(to * 60_000),
    reason: undefined,
    unit: undefined,
    value: 1,
    peakValue: 1,
    peakScore: undefined,
    ...more,
  };
}
