import { epochMs } from "../series/time.ts";
import type { Clock } from "../targets/schedule.ts";

/** The real time. */
export const systemClock: Clock = {
  now: () => epochMs(Date.now()),
  setTimer: (delay, run) => {
    const timer = setTimeout(run, delay);
    return () => clearTimeout(timer);
  },
};
