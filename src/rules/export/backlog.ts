import { BACKLOG } from "../../detectors/backlog.ts";
import { durationMs, formatDuration } from "../../series/time.ts";
import type { SeriesDetect } from "../watch.ts";
import { type DetectorRules, unsuspected } from "./condition.ts";
import { chernoff } from "./counts.ts";
import { levelOf } from "./level.ts";
import type { Names } from "./names.ts";
import { num } from "./promql-text.ts";
import type { Scales } from "./scales.ts";

type Level = SeriesDetect & { readonly signal: { readonly kind: "level" } };

/** A queue judged as a negative-binomial count around its mean; two of the last three looks must be long. */
export function backlogRules({ signal, fire, clear }: Level, names: Names, scales: Scales): DetectorRules {
  const { baseline, delay, fewest, interval } = scales;
  const value = names.series("observed");
  const expected = names.series("expected");
  const past = `${names.series("learned")}[${baseline}] offset ${delay}`;
  const evidence = chernoff(value, expected, String(BACKLOG.cv2), BACKLOG.threshold);
  // The median of three is the second largest of them.
  const three = formatDuration(durationMs(2.5 * interval));
  const second = (what: string): string => `quantile_over_time(0.5, ${names.series(what)}[${three}])`;
  const part = Math.min(1, clear.score / fire.score);
  const found = (score: number, least: number, above: number, times: number): string =>
    [
      second("observed"),
      `and ${second("anomaly_score")} >= ${num(score)}`,
      `and ${second("observed")} >= ${num(least)}`,
      `and ${second("observed")} > ${num(above)}`,
      `and ${second("observed")} > ${num(times)} * ${expected}`,
    ].join("\n");
  const shown = (text: string): string => `max by (${names.by}) (\n  ${text.replaceAll("\n", "\n  ")}\n)`;
  return {
    before: [
      names.recording("observed", levelOf(signal, names.by)),
      names.recording("anomaly_score", `(${evidence}\nand ${value} > ${expected})\nor 0 * ${value}`),
    ],
    baselines: [
      names.recording(
        "expected",
        `clamp_min(avg_over_time(${past}), ${BACKLOG.floor})\nand count_over_time(${past}) >= ${fewest}`,
      ),
    ],
    parts: {
      fire: shown(found(fire.score, fire.min_bad, fire.above, fire.times)),
      stay: shown(found(clear.score, part * fire.min_bad, part * fire.above, 1 + part * (fire.times - 1))),
    },
    after: [names.recording("learned", unsuspected(names, value, `${names.series("learned")}[${baseline}]`, fewest))],
  };
}
