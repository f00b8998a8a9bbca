import { fingerprint, type Labels } from "../series/labels.ts";
import { type DurationMs, durationMs, type EpochMs, epochMs } from "../series/time.ts";

/**
 * Where in its interval the slots of a target begin. Job and instance alone decide, so that targets spread evenly over the
 * interval and each keeps its slots over restarts and relabelling.
 */
export function slotOffset(labels: Labels, interval: DurationMs): DurationMs {
  return durationMs(Number(BigInt(`0x${fingerprint(labels.only("job", "instance"))}`) % BigInt(interval)));
}

/** The first slot at or after an instant. */
export function slotAtOrAfter(at: EpochMs, interval: DurationMs, offset: DurationMs): EpochMs {
  return epochMs(Math.ceil((at - offset) / interval) * interval + offset);
}
