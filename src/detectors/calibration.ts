/**
 * Under a right model the evidence above `FROM` nats is exponential with mean 1. What the mean excess really is is learned,
 * and evidence is deflated by it: a subject whose noise has heavier tails than the model has to be louder.
 */
const FROM = 3;
const GAIN = 0.02;
const MOST = 4;

/** Evidence as it would be under a right model. @param excess the learned mean excess, 1 to start with */
export const calibrated = (nats: number, excess: number): number =>
  nats <= FROM ? nats : FROM + (nats - FROM) / excess;

/** The bare evidence that is worth `nats` calibrated ones; the inverse of `calibrated`. */
export const uncalibrated = (nats: number, excess: number): number =>
  nats <= FROM ? nats : FROM + (nats - FROM) * excess;

/** The mean excess after one more look; winsorised, between 1 and 4. */
export function learnExcess(excess: number, nats: number): number {
  if (nats <= FROM) return excess;
  const seen = Math.min(nats - FROM, 4 * excess + 2);
  return Math.min(MOST, Math.max(1, excess + GAIN * (seen - excess)));
}
