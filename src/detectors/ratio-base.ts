/** What is assumed of a model never seen: half a failure in 200 requests. It carries the first burst of its life. */
const PRIOR_BAD = 0.5;
const PRIOR_TOTAL = 200;
/** No ratio is expected to be smaller than this. */
export const FLOOR = 5e-4;
/** Readings teach only after this many seconds, when it is known that no alarm followed; until then they wait in slots. */
const DELAY = 60;
const SLOTS = 8;
const SLOT_SECONDS = DELAY / (SLOTS - 2);
const SLOT_CELLS = 3;
/**
 * An anchor follows the base slowly and rises by at most this factor a day; the base stays below a multiple of it, so that a
 * slow climb cannot drag it along. Capping the base's own steps instead would ratchet it down: noise falls freely.
 */
const RISE_A_DAY = 1.15;
const ABOVE_ANCHOR = 1.3;
const DAY = 86_400;
const ANCHOR_TAU = 2 * DAY;

const BAD = 0;
const TOTAL = 1;
const ANCHOR = 2;
const SLOT = 3;
const SLOTS_FROM = 4;

/** Cells of a base: a Gamma posterior of bad events per request, its anchor, and the readings that wait. */
export const BASE_CELLS = SLOTS_FROM + SLOTS * SLOT_CELLS;

export function initBase(data: Float64Array, cell: number): void {
  data[cell + BAD] = PRIOR_BAD;
  data[cell + TOTAL] = PRIOR_TOTAL;
}

/** The ratio that is expected. */
export const ratioOf = (data: Float64Array, cell: number): number => data[cell + BAD]! / data[cell + TOTAL]!;

/** The base ratio and one standard deviation of what is known of it, so that little knowledge fires late. */
export const cautious = (data: Float64Array, cell: number): number =>
  Math.max(FLOOR, (data[cell + BAD]! + Math.sqrt(data[cell + BAD]!)) / data[cell + TOTAL]!);

/**
 * Lets a reading wait, and teaches those that waited long enough.
 * @param forget time constant in seconds
 * @param young whether the base may still move freely
 * @returns how many requests taught
 */
export function queue(
  data: Float64Array,
  cell: number,
  reading: { readonly at: number; readonly seconds: number; readonly numerator: number; readonly denominator: number },
  forget: number,
  young: boolean,
): number {
  let taught = 0;
  for (let i = 0; i < SLOTS; i++) {
    const slot = cell + SLOTS_FROM + i * SLOT_CELLS;
    if (data[slot] === 0 || reading.at - data[slot]! < DELAY * 1000) continue;
    const elapsed = Math.max(reading.seconds, SLOT_SECONDS);
    teach(data, cell, data[slot + 1]!, data[slot + 2]!, elapsed, forget, young);
    taught += data[slot + 2]!;
    data[slot] = 0;
  }
  let slot = cell + SLOTS_FROM + data[cell + SLOT]! * SLOT_CELLS;
  if (data[slot] !== 0 && reading.at - data[slot]! >= SLOT_SECONDS * 1000) {
    data[cell + SLOT] = (data[cell + SLOT]! + 1) % SLOTS;
    slot = cell + SLOTS_FROM + data[cell + SLOT]! * SLOT_CELLS;
  }
  if (data[slot] === 0) {
    data[slot] = reading.at;
    data[slot + 1] = 0;
    data[slot + 2] = 0;
  }
  data[slot + 1]! += reading.numerator;
  data[slot + 2]! += reading.denominator;
  return taught;
}

/** Drops the readings that wait: an alarm followed. */
export function dropQueue(data: Float64Array, cell: number): void {
  data.fill(0, cell + SLOTS_FROM, cell + SLOTS_FROM + SLOTS * SLOT_CELLS);
}

/** Takes what was seen for normal. */
export function adoptBase(data: Float64Array, cell: number, bad: number, total: number): void {
  data[cell + BAD] = Math.max(PRIOR_BAD, bad);
  data[cell + TOTAL] = Math.max(PRIOR_TOTAL, total);
  data[cell + ANCHOR] = Math.max(FLOOR, ratioOf(data, cell));
}

function teach(
  data: Float64Array,
  cell: number,
  bad: number,
  total: number,
  elapsed: number,
  forget: number,
  young: boolean,
): void {
  if (total <= 0) return;
  const keep = Math.exp(-elapsed / forget);
  data[cell + BAD] = Math.max(PRIOR_BAD, data[cell + BAD]! * keep + bad);
  data[cell + TOTAL] = Math.max(PRIOR_TOTAL, data[cell + TOTAL]! * keep + total);
  const ratio = ratioOf(data, cell);
  if (young || data[cell + ANCHOR] === 0) {
    data[cell + ANCHOR] = Math.max(FLOOR, ratio);
    return;
  }
  const anchor = data[cell + ANCHOR]!;
  const step = Math.min((ratio - anchor) * (elapsed / ANCHOR_TAU), anchor * (RISE_A_DAY ** (elapsed / DAY) - 1));
  data[cell + ANCHOR] = Math.max(FLOOR, anchor + step);
  const most = data[cell + ANCHOR]! * ABOVE_ANCHOR * data[cell + TOTAL]!;
  data[cell + BAD] = Math.max(PRIOR_BAD, Math.min(data[cell + BAD]!, most));
}
