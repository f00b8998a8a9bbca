/**
 * What an envelope looks at: the value, its fast mean, what it is above its slow mean, and what it is above the profile of
 * the hour. Each view keeps the lowest and the highest it was, which come nearer again with time.
 */
const VALUE = 0;
const FAST = 1;
const SLOW = 2;
const HOUR = 3;
const VIEWS = 4;
const NAMES = ["value", "fast mean", "value above slow mean", "value above its hour of day"] as const;

/** Time constants of the two means in seconds, and the fewest blocks either is made of. */
const FAST_SECONDS = 180;
const FAST_BLOCKS = 4;
const SLOW_SECONDS = 4500;
const SLOW_BLOCKS = 20;
/** No envelope is taken for narrower than this part of the slow mean. */
const NARROWEST = 0.01;
/** A learned envelope grows by no more than its width in a day, all at once or bit by bit: a climb cannot drag it along. */
const GROWTH_SECONDS = 86_400;
/** The fast mean takes nothing for farther outside than so many widths: one wild value must not keep it there for hours. */
const WILD_WIDTHS = 4;
const MOST_DOUBLINGS = 120;
const BISECTIONS = 40;

/** The fast mean, how many blocks it is made of, what it was before the newest, and what that one counted in it. */
const FAST_MEAN = 0;
const FAST_COUNT = 1;
const FAST_BEFORE = 2;
const FAST_GAIN = 3;
/** The slow mean, and what the newest block was held against; of the profile also whether it is known. */
export const SLOW_MEAN = 4;
const SLOW_THEN = 5;
const PROFILE = 6;
const HAS_PROFILE = 7;
/** The sums over all views of how far the newest block lies outside on either side, then the cells of each view. */
export const ABOVE = 8;
export const BELOW = 9;
const FIRST = 10;
/** Its lowest and highest, the newest, the lowest and highest while it was distrusted, and the widths it grew of late. */
const LOW = 0;
const HIGH = 1;
const NEWEST = 2;
const HOT_LOW = 3;
const HOT_HIGH = 4;
const GREW = 5;
const CELLS = 6;
export const VIEW_CELLS = FIRST + VIEWS * CELLS;

const cellOf = (base: number, view: number): number => base + FIRST + view * CELLS;

/** Views that saw nothing: the lowest lies above the highest. */
export function clearViews(data: Float64Array, base: number): void {
  for (let view = 0; view < VIEWS; view++) {
    data[cellOf(base, view) + LOW] = 1;
    data[cellOf(base, view) + HOT_LOW] = 1;
  }
}

/**
 * Takes the value of a new block into the fast mean, and shows it to all views; teaches nothing.
 * @param profile the value of the hour, NaN where it is not known
 * @param first whether nothing was ever learned
 */
export function show(
  data: Float64Array,
  base: number,
  { value, seconds, profile, first }: { value: number; seconds: number; profile: number; first: boolean },
): void {
  const count = ++data[base + FAST_COUNT]!;
  const before = count === 1 ? value : data[base + FAST_MEAN]!;
  const gain = gainOf(count, seconds, FAST_SECONDS, FAST_BLOCKS);
  data[base + FAST_BEFORE] = before;
  data[base + FAST_GAIN] = gain;
  data[base + FAST_MEAN] = before + gain * (tamed(data, base, value) - before);
  data[base + SLOW_THEN] = first ? value : data[base + SLOW_MEAN]!;
  const known = !Number.isNaN(profile);
  data[base + HAS_PROFILE] = known ? 1 : 0;
  data[base + PROFILE] = known ? profile : 0;
  let [above, below] = [0, 0];
  for (let view = 0; view < VIEWS; view++) {
    const y = viewed(data, base, view, value);
    data[cellOf(base, view) + NEWEST] = y;
    if (isBlind(data, base, view)) continue;
    above += outside(data, base, view, y, true);
    below += outside(data, base, view, y, false);
  }
  data[base + ABOVE] = above;
  data[base + BELOW] = below;
}

/** The fast mean begins anew with the next block. */
export function cutFast(data: Float64Array, base: number): void {
  data[base + FAST_COUNT] = 0;
}

/** What a view would show of a value. */
function viewed(data: Float64Array, base: number, view: number, value: number): number {
  if (view === VALUE) return value;
  if (view === SLOW) return value - data[base + SLOW_THEN]!;
  if (view === HOUR) return value - data[base + PROFILE]!;
  return data[base + FAST_BEFORE]! + data[base + FAST_GAIN]! * (tamed(data, base, value) - data[base + FAST_BEFORE]!);
}

/** A value as far as the fast mean takes it. */
function tamed(data: Float64Array, base: number, value: number): number {
  const cell = cellOf(base, VALUE);
  const width = widthOf(data, base, VALUE);
  if (isEmpty(data, cell) || width === 0) return value;
  return Math.max(data[cell + LOW]! - WILD_WIDTHS * width, Math.min(data[cell + HIGH]! + WILD_WIDTHS * width, value));
}

const isBlind = (data: Float64Array, base: number, view: number): boolean =>
  view === HOUR && data[base + HAS_PROFILE] === 0;

/**
 * How far a view of a value lies outside of its envelope on one side, z in widths of it, as z / (1 + z): 0 inside, 1 infinitely
 * far out. Whatever leaves an envelope that never was wider than a point is one width out.
 */
function outside(data: Float64Array, base: number, view: number, y: number, up: boolean): number {
  const cell = cellOf(base, view);
  const beyond = up ? y - data[cell + HIGH]! : data[cell + LOW]! - y;
  if (!(beyond > 0) || isEmpty(data, cell)) return 0;
  const width = widthOf(data, base, view);
  return width > 0 ? beyond / (width + beyond) : 0.5;
}

const isEmpty = (data: Float64Array, cell: number): boolean => data[cell + LOW]! > data[cell + HIGH]!;

/** The name of the view in which the newest block lies farthest outside on one side. */
export function loudestOf(data: Float64Array, base: number, up: boolean): string {
  let [loudest, most] = [VALUE, 0];
  for (const view of [VALUE, FAST, SLOW, HOUR]) {
    if (isBlind(data, base, view)) continue;
    const far = outside(data, base, view, data[cellOf(base, view) + NEWEST]!, up);
    if (far > most) [loudest, most] = [view, far];
  }
  return NAMES[loudest]!;
}

/**
 * The value at which the views of one side would sum up to so much, by doubling and bisection: the sum only grows with the
 * distance from the slow mean. Undefined where it stays below, and where it is as much however far one goes to the other side.
 */
export function edgeOf(data: Float64Array, base: number, sum: number, up: boolean): number | undefined {
  const middle = data[base + SLOW_MEAN]!;
  const at = (distance: number): number => middle + (up ? distance : -distance);
  const reaches = (distance: number): boolean => {
    let far = 0;
    for (let view = 0; view < VIEWS; view++) {
      if (!isBlind(data, base, view)) far += outside(data, base, view, viewed(data, base, view, at(distance)), up);
    }
    return far >= sum;
  };
  const step = Math.max(NARROWEST * Math.abs(middle), 1e-9);
  // Where the slow mean itself lies outside, the edge is on its other side.
  let [inside, out] = reaches(0) ? [-step, 0] : [0, step];
  for (let i = 0; i < MOST_DOUBLINGS && reaches(inside); i++) [inside, out] = [2 * inside, inside];
  if (reaches(inside)) return undefined;
  for (let i = 0; i < MOST_DOUBLINGS && !reaches(out); i++) [inside, out] = [out, 2 * out];
  if (!reaches(out)) return undefined;
  for (let i = 0; i < BISECTIONS; i++) {
    const half = (inside + out) / 2;
    if (reaches(half)) out = half;
    else inside = half;
  }
  return at(inside);
}

/**
 * Takes the newest block into the envelopes and the slow mean.
 * @param blocks how many were learned, with this one
 * @param decay the part of its distance by which an envelope comes nearer to what lies in it
 * @param free whether envelopes may grow as far as they must, as on the first day
 */
export function teach(
  data: Float64Array,
  base: number,
  {
    value,
    seconds,
    blocks,
    decay,
    free,
  }: { value: number; seconds: number; blocks: number; decay: number; free: boolean },
): void {
  for (let view = 0; view < VIEWS; view++) {
    if (!isBlind(data, base, view)) widen(data, base, view, { seconds, decay, free });
  }
  data[base + SLOW_MEAN]! += gainOf(blocks, seconds, SLOW_SECONDS, SLOW_BLOCKS) * (value - data[base + SLOW_MEAN]!);
}

function widen(
  data: Float64Array,
  base: number,
  view: number,
  { seconds, decay, free }: { seconds: number; decay: number; free: boolean },
): void {
  const cell = cellOf(base, view);
  const y = data[cell + NEWEST]!;
  forgetHot(data, cell);
  if (isEmpty(data, cell)) {
    data[cell + LOW] = y;
    data[cell + HIGH] = y;
    return;
  }
  const [low, high] = [data[cell + LOW]!, data[cell + HIGH]!];
  const width = widthOf(data, base, view);
  data[cell + GREW] = Math.max(0, data[cell + GREW]! - seconds / GROWTH_SECONDS);
  const most = free || width === 0 ? Number.POSITIVE_INFINITY : (1 - data[cell + GREW]!) * width;
  data[cell + HIGH] = y > high ? Math.min(y, high + most) : high - decay * (high - y);
  data[cell + LOW] = y < low ? Math.max(y, low - most) : low + decay * (y - low);
  const grew = Math.max(0, data[cell + HIGH]! - high, low - data[cell + LOW]!);
  if (grew > 0 && width > 0) data[cell + GREW] = Math.min(1, data[cell + GREW]! + grew / width);
}

/** Takes down the newest block, which must not teach yet. */
export function noteHot(data: Float64Array, base: number): void {
  for (let view = 0; view < VIEWS; view++) {
    if (isBlind(data, base, view)) continue;
    const cell = cellOf(base, view);
    const y = data[cell + NEWEST]!;
    const empty = data[cell + HOT_LOW]! > data[cell + HOT_HIGH]!;
    data[cell + HOT_LOW] = empty ? y : Math.min(data[cell + HOT_LOW]!, y);
    data[cell + HOT_HIGH] = empty ? y : Math.max(data[cell + HOT_HIGH]!, y);
  }
}

/** What was distrusted becomes part of the envelopes, and the fast mean the slow one. */
export function adoptHot(data: Float64Array, base: number): void {
  for (let view = 0; view < VIEWS; view++) {
    const cell = cellOf(base, view);
    if (data[cell + HOT_LOW]! > data[cell + HOT_HIGH]! || isEmpty(data, cell)) continue;
    data[cell + LOW] = Math.min(data[cell + LOW]!, data[cell + HOT_LOW]!);
    data[cell + HIGH] = Math.max(data[cell + HIGH]!, data[cell + HOT_HIGH]!);
    forgetHot(data, cell);
  }
  if (data[base + FAST_COUNT]! > 0) data[base + SLOW_MEAN] = data[base + FAST_MEAN]!;
}

function forgetHot(data: Float64Array, cell: number): void {
  data[cell + HOT_LOW] = 1;
  data[cell + HOT_HIGH] = 0;
}

function widthOf(data: Float64Array, base: number, view: number): number {
  const cell = cellOf(base, view);
  return Math.max(data[cell + HIGH]! - data[cell + LOW]!, NARROWEST * Math.abs(data[base + SLOW_MEAN]!));
}

/**
 * What a block counts in a mean: as much as each before at first, then by its length, but no more than its share of the fewest.
 * x / (1 + x) stands for 1 − e^−x.
 */
const gainOf = (blocks: number, seconds: number, constant: number, fewest: number): number =>
  Math.max(1 / blocks, Math.min(1 / fewest, seconds / (seconds + constant)));
