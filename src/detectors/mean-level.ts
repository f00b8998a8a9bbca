/** The level of a log-mean and how well it is known. */
export const LEVEL = 0;
/** Relative variance of the level's own error. */
export const DOUBT = 1;
/** Blocks left in which a restart excuses a change, and how far the level has moved under that excuse of late. */
const RESETTLE = 2;
const RESETTLED = 3;
export const LEVEL_CELLS = 4;

const RESETTLE_BLOCKS = 60;
/** A new build is a fifth slower or faster as a rule, … */
const RESETTLE_DOUBT = 0.2 ** 2;
/** … and what moves by more than this within a day is an alarm: a process that restarts in a loop may not walk the level away. */
const RESETTLE_MOST = Math.log(1.35);
const DAY = 86_400;

/** A restart or an announced change: the level is in doubt. */
export function doubtLevel(data: Float64Array, cell: number): void {
  data[cell + DOUBT] = Math.max(RESETTLE_DOUBT, data[cell + DOUBT]!);
  data[cell + RESETTLE] = RESETTLE_BLOCKS;
}

/**
 * Moves the level by a block's relative deviation: by the gain of a Kalman filter for a constant level (doubt over doubt and
 * noise), and by no less than `slow`, since no level is constant for ever.
 * @param noise relative variance of the block, as it counts in a sum over many
 */
export function moveLevel(
  data: Float64Array,
  cell: number,
  deviation: number,
  noise: number,
  slow: number,
  seconds: number,
): void {
  const gain = data[cell + DOUBT]! / (data[cell + DOUBT]! + noise);
  data[cell + DOUBT]! *= 1 - gain;
  let move = Math.max(slow, gain) * deviation;
  if (data[cell + RESETTLE]! > 0 || data[cell + RESETTLED] !== 0) {
    const moved = data[cell + RESETTLED]! * Math.exp(-seconds / DAY);
    if (data[cell + RESETTLE]! > 0) {
      data[cell + RESETTLE]!--;
      move = Math.max(-RESETTLE_MOST - moved, Math.min(RESETTLE_MOST - moved, move));
      data[cell + RESETTLED] = moved + move;
    } else data[cell + RESETTLED] = Math.abs(moved) > 1e-6 ? moved : 0;
  }
  data[cell + LEVEL]! += move;
}
