import { countSince, cusumEvidence, exposureSince } from "./count-cusum.ts";
import type { DetectorTest, Gates, Held } from "./detector.ts";
import { AGE } from "./maturity.ts";
import { apartOf, CREEP_THRESHOLD, CURRENT_SECONDS, creepEvidence, referenceKnown } from "./rate-reference.ts";
import {
  BLOCK,
  DROP,
  DROP_THRESHOLD,
  EVIDENCE,
  EXPECTED,
  FALLEN,
  FALLEN_K,
  FALLEN_MU,
  K,
  REFERENCE,
  RUSH,
  SECONDS,
  SUM,
  SUM_THRESHOLD,
  scaleOf,
  seasoned,
  sumSeconds,
  THRESHOLDS,
  WINDOWS,
  windowCell,
} from "./rate-row.ts";

/** Tests beside the windows, by number: the sum of blocks, a drop of a minute, the level against its slow reference. */
export const SUM_TEST = WINDOWS.length;
export const DROP_TEST = WINDOWS.length + 1;
export const CREEP_TEST = WINDOWS.length + 2;

/** What explanations call the sum, and the level. */
export const SUM_NAME = "sum of 5m blocks";
export const CREEP_NAME = "6h level against its slow reference";
export const DROP_NAME = "drop of a minute";

const RISES: readonly DetectorTest[] = [
  ...WINDOWS.map((window, w) => ({ window, threshold: THRESHOLDS[w]! })),
  { name: SUM_NAME, window: WINDOWS[BLOCK]!, threshold: SUM_THRESHOLD },
];
const FALLS: readonly DetectorTest[] = [{ name: DROP_NAME, window: WINDOWS[DROP]!, threshold: DROP_THRESHOLD }];
/** The level forgets with its time constant, so that it is a new look only after so long. */
const CREEPS: readonly DetectorTest[] = [{ name: CREEP_NAME, window: CURRENT_SECONDS, threshold: CREEP_THRESHOLD }];

/** The tests that a rule listens to. */
export function testsOf({ against, direction }: Held): readonly DetectorTest[] {
  if (against === "anchor") return direction === "down" ? [] : CREEPS;
  if (direction === "both") return [...RISES, ...FALLS];
  return direction === "up" ? RISES : FALLS;
}

/** A row younger than a day has seen no night: it must get more requests a second than this, and lasting tests wait. */
export const YOUNG_ABOVE = 2;

/** Whether a window asks for the conditions of what lasts: a block that has seen a minute does. */
export const lasting = (data: Float64Array, base: number, w: number): boolean =>
  w === BLOCK && scaleOf(data, base, w) >= DROP;

/** A test's evidence, in nats. */
export function natsOf(data: Float64Array, base: number, test: number): number {
  if (test === SUM_TEST) return cusumEvidence(data, base + SUM);
  if (test === DROP_TEST) return data[base + FALLEN]!;
  if (test === CREEP_TEST) return creepEvidence(data, base + REFERENCE);
  return data[windowCell(base, test) + EVIDENCE]!;
}

/** What a test's evidence is held against. @param raise nats on top of every threshold */
export function thresholdOf(data: Float64Array, base: number, test: number, raise: number): number {
  if (test === SUM_TEST) return SUM_THRESHOLD + raise;
  if (test === DROP_TEST) return DROP_THRESHOLD + raise;
  if (test === CREEP_TEST) return CREEP_THRESHOLD + raise;
  return THRESHOLDS[scaleOf(data, base, test)]! + raise;
}

/** The test that scores most under a rule's conditions; −1 where none scores. */
export function bestTest(data: Float64Array, base: number, gates: Gates, raise: number): number {
  if (gates.against === "anchor") return scoreOf(data, base, CREEP_TEST, gates, raise) > 0 ? CREEP_TEST : -1;
  let best = -1;
  let most = 0;
  for (let w = 0; w < WINDOWS.length && gates.direction !== "down"; w++) {
    if (data[windowCell(base, w) + EVIDENCE]! === 0) continue;
    const score = data[windowCell(base, w) + EVIDENCE]! / (THRESHOLDS[scaleOf(data, base, w)]! + raise);
    if (score <= most || !windowAllowed(data, base, w, gates)) continue;
    most = score;
    best = w;
  }
  for (let test = SUM_TEST; test <= DROP_TEST; test++) {
    if (!allowed(data, base, test, gates)) continue;
    const score = natsOf(data, base, test) / thresholdOf(data, base, test, raise);
    if (score <= most) continue;
    most = score;
    best = test;
  }
  return best;
}

/** A test's score under a rule's conditions, 0 where they are not met. */
export function scoreOf(data: Float64Array, base: number, test: number, gates: Gates, raise: number): number {
  if (!allowed(data, base, test, gates)) return 0;
  return natsOf(data, base, test) / thresholdOf(data, base, test, raise);
}

function allowed(data: Float64Array, base: number, test: number, gates: Gates): boolean {
  if (test === DROP_TEST) return gates.direction !== "up" && dropAllowed(data, base, gates);
  if (gates.direction === "down") return false;
  if (test === CREEP_TEST) return referenceKnown(data[base + AGE]!) && creepAllowed(data, base, gates);
  if (test === SUM_TEST) return seasoned(data, base) && sumAllowed(data, base, gates);
  return windowAllowed(data, base, test, gates);
}

function windowAllowed(data: Float64Array, base: number, w: number, gates: Gates): boolean {
  const cell = windowCell(base, w);
  const usual = data[base + EXPECTED]! * data[base + RUSH]!;
  const k = data[cell + K]!;
  const seconds = data[cell + SECONDS]!;
  const lasts = lasting(data, base, w);
  const { above, times } = lasts ? gates.lasting : gates;
  if (!(k > above * seconds && k > times * usual * seconds)) return false;
  if (w === BLOCK && !seasoned(data, base)) return false;
  if (lasts) return true;
  return k >= gates.minimum && (seasoned(data, base) || k > YOUNG_ABOVE * seconds);
}

function sumAllowed(data: Float64Array, base: number, { lasting }: Gates): boolean {
  const k = countSince(data, base + SUM);
  return k > lasting.times * exposureSince(data, base + SUM) && k > lasting.above * sumSeconds(data, base);
}

function dropAllowed(data: Float64Array, base: number, { times }: Gates): boolean {
  return data[base + FALLEN_K]! * times < data[base + FALLEN_MU]!;
}

function creepAllowed(data: Float64Array, base: number, { lasting }: Gates): boolean {
  const apart = Math.exp(apartOf(data, base + REFERENCE));
  return apart > lasting.times && apart * data[base + EXPECTED]! > lasting.above;
}
