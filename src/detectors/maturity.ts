import type { Readiness } from "./detector.ts";

/**
 * When a row knows enough to judge. Warm-up is time and events, not samples: 120 samples are two minutes at one scrape a
 * second and half an hour at four a minute.
 */
export const AGE = 0;
const SCRAPES = 1;
export const EVENTS = 2;
/** Epoch milliseconds until which nothing is judged. */
export const GRACE = 3;
export const MATURITY_CELLS = 4;

const SECONDS = 60;
const FEWEST_SCRAPES = 4;

export function age(data: Float64Array, base: number, seconds: number, events: number): void {
  data[base + AGE]! += seconds;
  data[base + SCRAPES]! += 1;
  data[base + EVENTS]! += events;
}

/** What is missing until `mature`. */
export function lacking(data: Float64Array, base: number, events: number): Readiness {
  return {
    seconds: Math.max(0, SECONDS - data[base + AGE]!),
    scrapes: Math.max(0, FEWEST_SCRAPES - data[base + SCRAPES]!),
    events: Math.max(0, events - data[base + EVENTS]!),
  };
}

export function mature(data: Float64Array, base: number, events: number): boolean {
  return data[base + AGE]! >= SECONDS && data[base + SCRAPES]! >= FEWEST_SCRAPES && data[base + EVENTS]! >= events;
}
