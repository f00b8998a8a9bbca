/**
 * How far block means scatter around what is expected, as relative variances: A + v/n for a block of n events. v is that of a
 * single event. A is drift, which neighbouring blocks share however many events they have: load, other tenants, the mix of
 * clients.
 */
const DRIFT = 0;
const SINGLE = 1;
/** The deviation of the block before. */
const PREVIOUS = 2;
export const NOISE_CELLS = 3;

/** No component is taken for smaller: standard deviations of 3 and 10 per cent. */
const LEAST_DRIFT = 0.03 ** 2;
const LEAST_SINGLE = 0.1 ** 2;
/** No block's standard deviation is taken for smaller than 6 per cent: no real server is steadier for long. */
const LEAST = 0.06 ** 2;
/** What a sibling may pass on at most: 15 per cent of drift, answers that scatter as an exponential time does. */
const MOST_DRIFT_PASSED_ON = 0.15 ** 2;
const MOST_SINGLE_PASSED_ON = 1;
/** A deviation teaches as much as one of three standard deviations at most. */
const CLIP_Z = 3;
/** Seconds in which drift forgets itself but for 1/e: load that comes and goes takes minutes. */
const DRIFT_SECONDS = 250;

/** How alike drift is in blocks that end so many seconds apart: ρ. */
export const correlation = (seconds: number): number => Math.exp(-Math.min(seconds, DRIFT_SECONDS) / DRIFT_SECONDS);

/** Begins with the scatter of a row's first blocks, half of it for each component. */
export function startNoise(data: Float64Array, cell: number, variance: number, events: number): void {
  data[cell + DRIFT] = Math.max(LEAST_DRIFT, variance / 2);
  data[cell + SINGLE] = Math.max(LEAST_SINGLE, (variance * events) / 2);
}

/** Begins with a sibling's scatter, within what is usual: nobody's noise may hide another's shift. */
export function inheritNoise(data: Float64Array, cell: number, sibling: Float64Array, from: number): void {
  data[cell + DRIFT] = within(sibling[from + DRIFT]!, LEAST_DRIFT, MOST_DRIFT_PASSED_ON);
  data[cell + SINGLE] = within(sibling[from + SINGLE]!, LEAST_SINGLE, MOST_SINGLE_PASSED_ON);
}

/** The next block has no neighbour. */
export function partNoise(data: Float64Array, cell: number): void {
  data[cell + PREVIOUS] = 0;
}

/** Relative variance of one block's mean. */
export const noiseOf = (data: Float64Array, cell: number, events: number): number =>
  Math.max(LEAST, data[cell + DRIFT]! + data[cell + SINGLE]! / events);

/**
 * Relative variance with which a block counts in a sum over many: what drift adds to it is inflated by (1 + ρ) / (1 − ρ), the
 * long-run variance of a first-order autoregression with lag-one correlation ρ.
 */
export function lastingNoise(data: Float64Array, cell: number, events: number, rho: number): number {
  return Math.max(LEAST, (data[cell + DRIFT]! * (1 + rho)) / (1 - rho) + data[cell + SINGLE]! / events);
}

/**
 * Learns both components from a block's relative deviation. Drift is what it shares with the block before: their mean product
 * over ρ. The rest is the events' own, learned by a step of expectation maximisation for one of two independent normal
 * components whose sum is seen (Dempster, Laird, Rubin 1977): it moves by its share of the variance, squared, times the surprise.
 * @param gain how far to move, 0 to 1
 */
export function learnNoise(
  data: Float64Array,
  cell: number,
  deviation: number,
  events: number,
  rho: number,
  gain: number,
): void {
  const drift = data[cell + DRIFT]!;
  const single = data[cell + SINGLE]! / events;
  const variance = drift + single;
  const limit = CLIP_Z * Math.sqrt(variance);
  const off = within(deviation, -limit, limit);
  const shared = within(off * data[cell + PREVIOUS]!, -2 * variance, 2 * variance) / rho;
  const surprise = (off * off) / variance - 1;
  data[cell + DRIFT] = Math.max(LEAST_DRIFT, drift + gain * (shared - drift));
  data[cell + SINGLE] = Math.max(LEAST_SINGLE, (single + (gain * single * single * surprise) / variance) * events);
  data[cell + PREVIOUS] = off;
}

const within = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value));
