import type { Clock } from "../series/clock.ts";
import { epochMs } from "../series/time.ts";

/** By how much of the time that passes a clock that is ahead falls back towards the system's. */
const CATCH_UP = 0.05;

/**
 * The system's time, except that it never goes back: samples must follow one another. Where the system's clock is set back,
 * time goes on from where it was, a twentieth slower until the two agree again: rates stay right to 5 %.
 * @param wall milliseconds since the epoch, as the system has it
 * @param elapsed milliseconds since any fixed point; never goes back
 */
export function steadyTime(wall: () => number, elapsed: () => number): () => number {
  let ahead = 0;
  let lastWall = wall();
  let lastElapsed = elapsed();
  return () => {
    const nowWall = wall();
    const nowElapsed = elapsed();
    const passed = nowElapsed - lastElapsed;
    const moved = nowWall - lastWall;
    if (moved < 0) ahead += passed - moved;
    else ahead = Math.max(0, ahead - Math.min(moved, Math.max(0, moved - passed) + passed * CATCH_UP));
    lastWall = nowWall;
    lastElapsed = nowElapsed;
    return nowWall + ahead;
  };
}

const now = steadyTime(
  () => Date.now(),
  () => performance.now(),
);

/** The real time. */
export const systemClock: Clock = {
  now: () => epochMs(Math.floor(now())),
  setTimer: (delay, run) => {
    const timer = setTimeout(run, delay);
    return () => clearTimeout(timer);
  },
};
