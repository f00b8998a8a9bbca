import { GAUGE } from "../../detectors/gauge.ts";
import { formatDuration } from "../../series/time.ts";
import type { SeriesDetect } from "../watch.ts";
import { type DetectorRules, unsuspected } from "./condition.ts";
import { levelOf } from "./level.ts";
import type { Names } from "./names.ts";
import { num } from "./promql-text.ts";
import type { Scales } from "./scales.ts";

/** The distance between the quartiles of a normal distribution. */
const QUARTILES = 1.349;

type Level = SeriesDetect & { readonly signal: { readonly kind: "level" } };

/** A bounded gauge: a CUSUM of block means against the median of their past, or nearly full when it was not. */
export function gaugeRules({ signal, fire, clear }: Level, names: Names, scales: Scales): DetectorRules {
  const block = formatDuration(scales.block);
  const { baseline } = scales;
  const value = names.series("observed");
  const mean = names.series("block_mean");
  const level = names.series("expected");
  const past = `${names.series("learned")}[${baseline}] offset ${block}`;
  const quartile = (q: number): string => `quantile_over_time(${q}, ${past})`;
  const scale = `clamp_min((${quartile(0.75)} - ${quartile(0.25)}) / ${QUARTILES}, ${GAUGE.leastScale})`;
  // Means of blocks overlap: each adds its part of a block.
  const share = num(scales.interval / scales.block);
  const step = `${share} * (clamp((${mean} - ${level}) / ${names.series("scale")}, -${GAUGE.clip}, ${GAUGE.clip}) - ${GAUGE.allowance})`;
  const enough = Math.ceil((GAUGE.fewestBlocks * scales.block) / scales.interval);
  const part = Math.min(1, clear.score / fire.score);
  const found = (score: number, above: number, times: number): string =>
    [
      `${value} > ${num(above)}`,
      `and ${value} > ${num(times)} * ${level}`,
      `and (${names.series("anomaly_score")} >= ${num(score)} or (${value} >= ${GAUGE.full} and ${value} >= ${level} + ${GAUGE.risen}))`,
    ].join("\n");
  const shown = (text: string): string => `max by (${names.by}) (\n  ${text.replaceAll("\n", "\n  ")}\n)`;
  return {
    before: [
      names.recording("observed", levelOf(signal, names.by)),
      names.recording("block_mean", `avg_over_time(${value}[${block}])`),
      names.recording(
        "cusum",
        `clamp((${names.series("cusum")} or 0 * ${mean}) + ${step}, 0, ${GAUGE.threshold + GAUGE.room})`,
      ),
      names.recording("anomaly_score", `${names.series("cusum")} / ${GAUGE.threshold}`),
    ],
    baselines: [
      names.recording("expected", `${quartile(0.5)}\nand count_over_time(${past}) >= ${enough}`),
      names.recording("scale", scale),
    ],
    parts: {
      fire: shown(found(fire.score, fire.above, fire.times)),
      stay: shown(found(clear.score, part * fire.above, 1 + part * (fire.times - 1))),
    },
    after: [names.recording("learned", unsuspected(names, mean, `${names.series("learned")}[${baseline}]`, enough))],
  };
}
