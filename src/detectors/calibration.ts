/**
 * Under a right model the evidence above `FROM` nats is exponential with mean 1. What the mean excess really is is learned,
 * and evidence is deflated by it: a subject whose noise has heavier tails than the model has to be louder.
 */
const FROM = 3;
const GAIN = 0.02;
/** The same of the peaks of a CUSUM's excursions (peaks over threshold; Siegmund, Sequential Analysis, ch. 2). Lower ones are too many to say anything. */
const PEAK_FROM = 1.5;
/** How fast peaks move the mean; the first ones, of which there are few, faster. */
const PEAK_GAIN = 0.004;
const FIRST_PEAKS = 20;
const MOST = 4;

/** Evidence as it would be under a right model. @param excess the learned mean excess, 1 to start with */
export const calibrated = (nats: number, excess: number): number =>
  nats <= FROM ? nats : FROM + (nats - FROM) / excess;

/** The bare evidence that is worth `nats` calibrated ones; the inverse of `calibrated`. */
export const uncalibrated = (nats: number, excess: number): number =>
  nats <= FROM ? nats : FROM + (nats - FROM) * excess;

/** The mean excess after one more look; winsorised, between 1 and 4. */
export const learnExcess = (excess: number, nats: number): number =>
  nats <= FROM ? excess : follow(excess, nats - FROM, GAIN);

/** Whether the peak of an excursion is high enough to calibrate. */
export const calibrates = (peak: number): boolean => peak > PEAK_FROM;

/** The mean excess of peaks after one more that calibrates. @param peaks their number, with this one */
export const learnPeakExcess = (excess: number, peak: number, peaks: number): number =>
  follow(excess, peak - PEAK_FROM, Math.max(PEAK_GAIN, 1 / (FIRST_PEAKS + peaks)));

function follow(excess: number, over: number, gain: number): number {
  const seen = Math.min(over, 4 * excess + 2);
  return Math.min(MOST, Math.max(1, excess + gain * (seen - excess)));
}
