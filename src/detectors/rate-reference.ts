const DAY = 86_400;
/** What the level is now: a mean over a quarter of a day, in which the noise of an hour is gone. */
const CURRENT_TAU = DAY / 4;
/** The reference follows it freely for a week, which shows each kind of day; then slowly, and up by 2 % a day at most. */
const REFERENCE_AGE = 7 * DAY;
const FIRST_TAU = DAY;
const REFERENCE_TAU = 5 * DAY;
const RISE_A_DAY = Math.log(1.02);
/** Days differ by a tenth (variance of the logarithm), however many requests they have. */
const DAYS_VARIANCE = 0.1 ** 2;
/** Requests come in batches: so many in the mean count as one. */
const BATCH = 10;
/** Evidence in nats at which a level is out of proportion: × 1.37 where days differ by no more than a tenth. */
export const CREEP_THRESHOLD = 5;
/** Nearer to the reference than this, the climb has not begun. */
const NEAR = 0.1;

/** Events that are added to both sides of a ratio, so that none at all is a number too. */
const FEW = 0.5;

/**
 * After a restart the level is measured anew for so long, and then moves by half at most. All restarts together may double it;
 * what they used comes back in three weeks, and only on days without one. Who can make a server restart gains no more than that.
 */
const RESTART_SECONDS = 3 * 3_600;
const MOST_STEP = Math.log(1.5);
const MOST_STEPS = Math.log(2);
const STEPS_A_DAY = MOST_STEPS / 21;
/**
 * Of a fall only what exceeds so many standard deviations of the measurement counts: a fall that was none would look like a climb
 * for weeks, a rise that was none is forgotten in days.
 */
const DOWN_NOISE = 2;

/** Quick means of what came and of what the bare profile expects. */
const CURRENT_K = 0;
const CURRENT_MU = 1;
const REFERENCE = 2;
/** When level and reference parted (epoch milliseconds), and how uncertain the level is (variance of its logarithm). */
const PARTED = 3;
const VARIANCE = 4;
/** When the last restart was, what the level was before it, what is counted since, and by how much restarts lifted the level. */
const RESTARTED = 5;
const BEFORE = 6;
const AFTER_K = 7;
const AFTER_MU = 8;
const LIFTED = 9;

/** Cells of the slow reference of a rate, a logarithm of how many times its daily profile the rate is, as levels are. */
export const REFERENCE_CELLS = 10;

/** One block that teaches: k events, mu expected of the bare profile. */
export interface LevelLook {
  at: number;
  seconds: number;
  k: number;
  mu: number;
  /** Variance of the block's logarithm, times what blocks that hang together make of a mean's. */
  variance: number;
  /** Seconds the row has been learning. */
  age: number;
}

/**
 * Follows the level with a quick mean, and the quick mean with a reference that an attacker cannot drag along faster than its
 * slew. An exponentially weighted mean of time constant τ over blocks of t seconds has t / 2τ of a block's variance.
 */
export function followLevel(data: Float64Array, cell: number, look: LevelLook): void {
  const { at, seconds, k, mu, age } = look;
  const keep = Math.exp(-seconds / CURRENT_TAU);
  data[cell + CURRENT_K] = keep * data[cell + CURRENT_K]! + k;
  data[cell + CURRENT_MU] = keep * data[cell + CURRENT_MU]! + mu;
  data[cell + VARIANCE] =
    DAYS_VARIANCE + (look.variance * seconds) / (2 * CURRENT_TAU) + BATCH / (data[cell + CURRENT_K]! + BATCH);
  const apart = apartOf(data, cell);
  data[cell + REFERENCE]! +=
    age < REFERENCE_AGE
      ? apart * Math.min(1, seconds / FIRST_TAU)
      : Math.min(apart * Math.min(1, seconds / REFERENCE_TAU), (RISE_A_DAY * seconds) / DAY);
  if (apart < NEAR) data[cell + PARTED] = at;
  if (at > data[cell + RESTARTED]! + DAY * 1000)
    data[cell + LIFTED] = Math.max(0, data[cell + LIFTED]! - (STEPS_A_DAY * seconds) / DAY);
}

/** The profile rose by so much (logarithm): what is measured in profiles falls. */
export function profileRose(data: Float64Array, cell: number, by: number): void {
  const times = Math.exp(by);
  data[cell + CURRENT_MU]! *= times;
  data[cell + AFTER_MU]! *= times;
  data[cell + REFERENCE]! -= by;
  data[cell + BEFORE]! -= by;
}

/** A restart: what the level was is remembered, and what it becomes is measured; again, where a restart follows another. */
export function beginRestart(data: Float64Array, cell: number, at: number): void {
  if (!measuring(data, cell)) data[cell + BEFORE] = currentLevel(data, cell);
  data[cell + RESTARTED] = at;
  data[cell + AFTER_K] = 0;
  data[cell + AFTER_MU] = 0;
}

/**
 * Measures the level after a restart. A new build or other clients may change it for good, so that once it is known, level and
 * reference take the step, within bounds.
 * @returns by how much the level moves; 0 but for the block that ends the measurement
 */
export function measureRestart(data: Float64Array, cell: number, { at, seconds, k, mu, variance }: LevelLook): number {
  if (at < data[cell + RESTARTED]! + RESTART_SECONDS * 1000) {
    data[cell + AFTER_K]! += k;
    data[cell + AFTER_MU]! += mu;
    return 0;
  }
  if (!measuring(data, cell)) return 0;
  const moved = levelOf(data[cell + AFTER_K]!, data[cell + AFTER_MU]!) - data[cell + BEFORE]!;
  const noise = Math.sqrt(variance * seconds * (1 / RESTART_SECONDS + 1 / (2 * CURRENT_TAU)));
  const up = Math.max(0, Math.min(MOST_STEP, MOST_STEPS - data[cell + LIFTED]!, moved));
  const step = up > 0 ? up : Math.max(-MOST_STEP, Math.min(0, moved + DOWN_NOISE * noise));
  data[cell + LIFTED]! += up;
  data[cell + REFERENCE]! += step;
  data[cell + CURRENT_K] = data[cell + CURRENT_MU]! * Math.exp(data[cell + BEFORE]! + moved);
  data[cell + AFTER_MU] = 0;
  if (apartOf(data, cell) < NEAR) data[cell + PARTED] = at;
  return step;
}

/** The rate is where it should be: the reference goes up to the level as it is. @returns what the reference was */
export function acknowledgeLevel(data: Float64Array, cell: number): Float64Array {
  const before = data.slice(cell + REFERENCE, cell + REFERENCE + 1);
  data[cell + REFERENCE]! += Math.max(0, apartOf(data, cell));
  return before;
}

/** Takes an acknowledgement back. @param before what it returned */
export function recallLevel(data: Float64Array, cell: number, before: Float64Array): void {
  data.set(before, cell + REFERENCE);
}

/** Whether the level after a restart is not known yet. */
const measuring = (data: Float64Array, cell: number): boolean => data[cell + AFTER_MU]! > 0;

const levelOf = (k: number, mu: number): number => Math.log((k + FEW) / (mu + FEW));
const currentLevel = (data: Float64Array, cell: number): number =>
  levelOf(data[cell + CURRENT_K]!, data[cell + CURRENT_MU]!);

/** Seconds until the reference can be held against anything. @param age seconds the row has been learning */
export const referenceIn = (age: number): number => Math.max(0, REFERENCE_AGE - age);

/** Whether the reference can be held against anything: every kind of day has been seen. */
export const referenceKnown = (age: number): boolean => age >= REFERENCE_AGE;

/** How many times the reference the level is, as a logarithm; until it is known what a restart did, what it was before. */
export const apartOf = (data: Float64Array, cell: number): number =>
  (measuring(data, cell) ? data[cell + BEFORE]! : currentLevel(data, cell)) - data[cell + REFERENCE]!;
export const referenceOf = (data: Float64Array, cell: number): number => data[cell + REFERENCE]!;
export const partedSince = (data: Float64Array, cell: number): number => data[cell + PARTED]!;
/** Seconds the quick mean stands for. */
export const CURRENT_SECONDS = CURRENT_TAU;

/** Evidence in nats that the level is above its reference: d² / (2 σ²) of a normal deviate. */
export function creepEvidence(data: Float64Array, cell: number): number {
  const apart = apartOf(data, cell);
  return apart <= 0 || data[cell + VARIANCE] === 0 ? 0 : (apart * apart) / (2 * data[cell + VARIANCE]!);
}

/** How many times the reference the level may be before the evidence reaches `nats`. */
export const creepBound = (data: Float64Array, cell: number, nats: number): number =>
  Math.exp(Math.sqrt(2 * nats * data[cell + VARIANCE]!));
