import { countSince, cusumEvidence, exposureSince } from "./count-cusum.ts";
import type { Gates } from "./detector.ts";
import { AGE } from "./maturity.ts";
import { apartOf, CREEP_THRESHOLD, creepEvidence, referenceKnown } from "./rate-reference.ts";
import {
  BLOCK,
  DROP_THRESHOLD,
  EVIDENCE,
  EXPECTED,
  FALLEN,
  K,
  REFERENCE,
  RUSH,
  SECONDS,
  SUM,
  SUM_THRESHOLD,
  seasoned,
  THRESHOLDS,
  WINDOWS,
  windowCell,
} from "./rate-row.ts";

/** Tests beside the windows, by number: the sum of blocks, a drop of a minute, the level against its slow reference. */
export const SUM_TEST = WINDOWS.length;
export const DROP_TEST = WINDOWS.length + 1;
export const CREEP_TEST = WINDOWS.length + 2;

/** A row younger than this has seen no night: a rise must be by so many requests a second, and lasting tests wait. */
const YOUNG_ABOVE = 2;

/** A test's evidence, in nats. */
export function evidenceOf(data: Float64Array, base: number, test: number): number {
  if (test === SUM_TEST) return cusumEvidence(data, base + SUM);
  if (test === DROP_TEST) return data[base + FALLEN]!;
  if (test === CREEP_TEST) return creepEvidence(data, base + REFERENCE);
  return data[windowCell(base, test) + EVIDENCE]!;
}

/** What a test's evidence is held against. @param raise nats on top of every threshold */
export function thresholdOf(test: number, raise: number): number {
  if (test === SUM_TEST) return SUM_THRESHOLD + raise;
  if (test === DROP_TEST) return DROP_THRESHOLD + raise;
  if (test === CREEP_TEST) return CREEP_THRESHOLD + raise;
  return THRESHOLDS[test]! + raise;
}

/** The test that scores most under a rule's conditions; −1 where none scores. */
export function bestTest(data: Float64Array, base: number, gates: Gates, raise: number): number {
  let best = -1;
  let most = 0;
  const last = gates.against === "anchor" ? CREEP_TEST : DROP_TEST;
  for (let test = gates.against === "anchor" ? CREEP_TEST : 0; test <= last; test++) {
    const score = scoreOf(data, base, test, gates, raise);
    if (score <= most) continue;
    most = score;
    best = test;
  }
  return best;
}

/** A test's score under a rule's conditions, 0 where they are not met. */
export function scoreOf(data: Float64Array, base: number, test: number, gates: Gates, raise: number): number {
  if (!allowed(data, base, test, gates)) return 0;
  return evidenceOf(data, base, test) / thresholdOf(test, raise);
}

function allowed(data: Float64Array, base: number, test: number, gates: Gates): boolean {
  const expected = data[base + EXPECTED]!;
  if (test === DROP_TEST) {
    const cell = windowCell(base, WINDOWS.indexOf(60));
    return gates.direction !== "up" && data[cell + K]! * gates.times < expected * data[cell + SECONDS]!;
  }
  if (gates.direction === "down") return false;
  const { lasting } = gates;
  const usual = expected * data[base + RUSH]!;
  if (test === CREEP_TEST) {
    const apart = Math.exp(apartOf(data, base + REFERENCE));
    return referenceKnown(data[base + AGE]!) && apart > lasting.times && apart * expected > lasting.above;
  }
  if (test >= BLOCK && !seasoned(data, base)) return false;
  if (test === SUM_TEST) {
    const times = countSince(data, base + SUM) / Math.max(exposureSince(data, base + SUM), 1e-9);
    return times > lasting.times && times * expected > lasting.above;
  }
  const cell = windowCell(base, test);
  const [k, seconds] = [data[cell + K]!, data[cell + SECONDS]!];
  if (test === BLOCK) return k > lasting.above * seconds && k > lasting.times * usual * seconds;
  const above = seasoned(data, base) ? gates.above : Math.max(gates.above, YOUNG_ABOVE);
  return k >= gates.minimum && k > above * seconds && k > gates.times * usual * seconds;
}
