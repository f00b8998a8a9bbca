import {
  accumulateCount,
  blocksSince,
  type CountBlock,
  countSince,
  cusumEvidence,
  emptyCountCusum,
  exposureSince,
  fadeCountCusum,
  learnCountCusum,
} from "./count-cusum.ts";
import { AGE } from "./maturity.ts";
import { sumAlarm } from "./ratio-alarm.ts";
import { ALARM, COLD, EXPECTED, FROZEN, K, LAST, N, SHAPE, SUMS, sumCell, windowCell } from "./ratio-row.ts";
import { shapeOf } from "./shape.ts";
import { START } from "./windows.ts";

/** For so long after a restart a release may fail so many times as much: the base is given time to learn it. */
const RELEASE_SECONDS = 6 * 3_600;
const RELEASE_TIMES = 1.4;
/** A sum beyond this part of its threshold freezes the base, for a day at most if no rule confirms it. */
const FREEZE = 0.5;
const LONGEST_FREEZE = 86_400;

/** The sums of a row over full blocks of its windows: each looks for a smaller rise that lasts longer. */
export class RatioSums {
  /** What a sum is shown; one object for all, so that none is made per sample. */
  readonly #block: CountBlock = { start: 0, k: 0, n: 0, mu0: 0, mu1: 0, shape: 1 };

  /** A full block goes into a sum. @returns what it says in favour of normal, if the alarm is this sum's; else 0 */
  advance(data: Float64Array, base: number, s: number): number {
    const cell = windowCell(base, SUMS[s]!.window);
    if (data[cell + N] === 0) {
      // Without requests nothing more is learned of an alarm: it fades.
      if (data[base + ALARM]! > 0) fadeCountCusum(data, sumCell(base, s));
      return 0;
    }
    const step = accumulateCount(data, sumCell(base, s), this.#full(data, base, s));
    return sumAlarm(data, base, s) ? -step : 0;
  }

  learn(data: Float64Array, base: number, s: number): void {
    if (data[windowCell(base, SUMS[s]!.window) + N]! > 0)
      learnCountCusum(data, sumCell(base, s), this.#full(data, base, s));
  }

  /** A block as they were on average since the sum last stood at 0. */
  average(data: Float64Array, base: number, s: number): CountBlock {
    const cell = sumCell(base, s);
    const blocks = Math.max(1, blocksSince(data, cell));
    return this.#of(data, base, s, 0, countSince(data, cell) / blocks, exposureSince(data, cell) / blocks);
  }

  #full(data: Float64Array, base: number, s: number): CountBlock {
    const cell = windowCell(base, SUMS[s]!.window);
    return this.#of(data, base, s, data[cell + START]!, data[cell + K]!, data[cell + N]!);
  }

  #of(data: Float64Array, base: number, s: number, start: number, k: number, n: number): CountBlock {
    const { window, times, plus, lasting } = SUMS[s]!;
    const block = this.#block;
    const released =
      lasting && data[base + COLD]! > 0 && data[base + LAST]! < data[base + COLD]! + RELEASE_SECONDS * 1000;
    const expected = data[base + EXPECTED]! * (released ? RELEASE_TIMES : 1);
    block.start = start;
    block.k = k;
    block.n = n;
    block.mu0 = n * expected;
    block.mu1 = n * Math.max(times * expected, expected + plus);
    block.shape = shapeOf(data, windowCell(base, window) + SHAPE);
    return block;
  }
}

/** Whether a row is old enough for a sum. */
export const sumArmed = (data: Float64Array, base: number, s: number): boolean => data[base + AGE]! >= SUMS[s]!.age;

export function emptySums(data: Float64Array, base: number): void {
  for (let s = 0; s < SUMS.length; s++) emptyCountCusum(data, sumCell(base, s));
}

/** Whether a sum of what lasts is so high that the base must not move, which it may keep from it for a day. */
export function frozen(data: Float64Array, base: number, seconds: number): boolean {
  let high = false;
  for (let s = 0; s < SUMS.length; s++)
    if (
      SUMS[s]!.lasting &&
      sumArmed(data, base, s) &&
      cusumEvidence(data, sumCell(base, s)) > FREEZE * SUMS[s]!.threshold
    )
      high = true;
  data[base + FROZEN] = high ? data[base + FROZEN]! + seconds : 0;
  return high && data[base + FROZEN]! <= LONGEST_FREEZE;
}
