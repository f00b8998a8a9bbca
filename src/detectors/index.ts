import { Backlog } from "./backlog.ts";
import { CountsRate } from "./counts-rate.ts";
import { CountsRatio } from "./counts-ratio.ts";
import type { Detector, DetectorOptions } from "./detector.ts";
import { Envelope } from "./envelope.ts";
import { Gauge } from "./gauge.ts";
import { LogMean } from "./log-mean.ts";
import { Threshold } from "./threshold.ts";

type Make = (options: DetectorOptions) => Detector;

/** Every detector by its name in rule files, and how it is made for each kind of signal it can judge. */
export const DETECTORS = {
  counts: { ratio: (options) => new CountsRatio(options), rate: (options) => new CountsRate(options) },
  "log-mean": { mean: (options) => new LogMean(options) },
  backlog: { level: (options) => new Backlog(options) },
  gauge: { level: (options) => new Gauge(options) },
  envelope: {
    ratio: (options) => new Envelope("ratio", options),
    rate: (options) => new Envelope("rate", options),
    mean: (options) => new Envelope("mean", options),
    level: (options) => new Envelope("level", options),
  },
  threshold: {
    ratio: (options) => new Threshold("ratio", options),
    rate: (options) => new Threshold("rate", options),
    mean: (options) => new Threshold("mean", options),
    level: (options) => new Threshold("level", options),
  },
} as const satisfies Readonly<Record<string, Readonly<Partial<Record<"ratio" | "rate" | "mean" | "level", Make>>>>>;

export type DetectorName = keyof typeof DETECTORS;

/**
 * Makes the detector a rule asks for.
 * @throws RangeError when it cannot judge that kind of signal, which the rule loader has checked
 */
export function makeDetector(
  name: DetectorName,
  signal: "ratio" | "rate" | "mean" | "level",
  options: DetectorOptions,
): Detector {
  const makers: Partial<Record<typeof signal, Make>> = DETECTORS[name];
  const make = makers[signal];
  if (!make) throw new RangeError(`Cannot judge a ${signal} with the detector "${name}"`);
  return make(options);
}
