import { type DurationMs, durationMs, formatDuration, SECOND } from "../../series/time.ts";
import type { SeriesDetect } from "../watch.ts";
import type { DetectorRules } from "./condition.ts";
import { levelOf } from "./level.ts";
import type { Names } from "./names.ts";
import { grown, num, parens } from "./promql-text.ts";
import type { Scales } from "./scales.ts";
import type { Recording } from "./types.ts";

/** What a value is made of: its own recordings, and the series that must reach the least number of events. */
interface Value {
  readonly recordings: readonly Recording[];
  readonly events?: string;
  /** Events that a value below its bound needs, where they are others. */
  readonly eventsBelow?: string;
}

/** Bounds as they were stated, over the window that was stated or the shortest in which counters grow. */
export function thresholdRules(detect: SeriesDetect, names: Names, scales: Scales): DetectorRules {
  const { fire, clear } = detect;
  const value = quantityOf(detect, names, scales);
  const part = Math.min(1, clear.score / fire.score);
  const shown = (share: number): string => `max by (${names.by}) ${parens(bounds(detect, names, value, share))}`;
  return {
    before: value.recordings,
    baselines: [],
    parts: part < 1 ? { fire: shown(1), stay: shown(part) } : { fire: shown(1) },
    after: [],
  };
}

/** @param share 1 to begin with; less to stay, which moves bounds inwards */
function bounds({ direction, fire }: SeriesDetect, names: Names, value: Value, share: number): string {
  const observed = names.series("observed");
  const enough = (events: string | undefined): string =>
    events === undefined || fire.min_bad === 0 ? "" : `\nand ${events} >= ${num(share * fire.min_bad)}`;
  const sides: string[] = [];
  if (direction !== "down") sides.push(`${observed} > ${num(share * fire.above)}${enough(value.events)}`);
  if (direction !== "up") {
    sides.push(`${observed} < ${num((fire.below ?? 0) / share)}${enough(value.eventsBelow)}`);
  }
  return sides.join("\nor\n");
}

function quantityOf({ signal, fire }: SeriesDetect, names: Names, { interval, shortest }: Scales): Value {
  const over = durationMs(Math.max(fire.over ?? 0, signal.kind === "level" ? 0 : shortest));
  const take = (selectors: Parameters<typeof grown>[0]): string => grown(selectors, names.by, over, interval);
  const [events, total] = [names.series("numerator"), names.series("denominator")];
  switch (signal.kind) {
    case "level":
      return { recordings: levelRecordings(levelOf(signal, names.by), names, over) };
    case "rate": {
      const observed = `${events} / ${num((over - interval) / SECOND)}`;
      return { recordings: recorded(names, [["numerator", take(signal.of)]], observed), events };
    }
    case "ratio": {
      const denominator = take(signal.total);
      const numerator = `${take(signal.bad)}\nor 0 * ${total}`;
      const parts = [
        ["denominator", denominator],
        ["numerator", numerator],
      ] as const;
      return { recordings: recorded(names, parts, `${events} / (${total} > 0)`), events, eventsBelow: total };
    }
    case "mean": {
      const count = take(signal.count);
      const counted = signal.minus.length > 0 ? `(${count} - ${take(signal.minus)})\nor ${count}` : count;
      const parts = [
        ["numerator", take(signal.sum)],
        ["denominator", counted],
      ] as const;
      return { recordings: recorded(names, parts, `${events} / (${total} > 0)`), events: total, eventsBelow: total };
    }
  }
}

function recorded(
  names: Names,
  parts: readonly (readonly [what: string, expr: string])[],
  observed: string,
): Recording[] {
  return [...parts.map(([what, expr]) => names.recording(what, expr)), names.recording("observed", observed)];
}

function levelRecordings(level: string, names: Names, over: DurationMs): readonly Recording[] {
  if (over === 0) return [names.recording("observed", level)];
  const mean = `avg_over_time(${names.series("level")}[${formatDuration(over)}])`;
  return [names.recording("level", level), names.recording("observed", mean)];
}
