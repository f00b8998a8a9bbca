import { DAY, durationMs, type EpochMs, epochMs, MINUTE } from "../series/time.ts";
import type { Evidence } from "./types.ts";

/** Alarms are counted over so long, and after so long without one the threshold sinks again. */
const WEEK = durationMs(7 * DAY);
/** So many alarms in a week are taken as they come. */
const FREE = 2;
/** Nats for each further alarm, and the most that alarms can bring about: whoever alarms on purpose gains no more. */
const STEP = 2;
export const MOST = 8;
/** Alarms less than this apart are one: an attack that comes and goes must not raise the threshold against itself. */
const SAME = 30 * MINUTE;
/** Episodes remembered; more in a week change nothing, for the threshold is at its most by then. */
const REMEMBERED = 16;

interface PastAlarm {
  ended: EpochMs;
  /** How many alarms it counts for. */
  weight: number;
}

/** What a person called an alarm: `true` counts for none, `false` for two. */
const WEIGHTS = { true: 0, expected: 1, false: 2 } as const;

/**
 * How noisy one subject is under one rule: the third alarm within a week and each further one raise its threshold by 2 nats,
 * up to 8; each quiet week halves that, and takes at least one nat. An alarm counts once it is over, so that none works against
 * itself. (The controller of a monitor's false alarms per series; two nats are about a quarter of the false alarms.)
 */
export class Noise {
  /** Oldest first; those before the newest are over for good. */
  readonly #episodes: PastAlarm[] = [];
  #raise = 0;
  /** What it was before the newest episode counted. */
  #before = 0;
  /** When the newest alarm was over, or the threshold sank last. */
  #quietSince: EpochMs | undefined;
  #weight = 1;
  #again = false;
  #on = false;
  /** Whether the subject was last told to be noisy. */
  told = false;

  /** Whether an alarm is on. */
  get on(): boolean {
    return this.#on;
  }

  /** Nats by which the subject's threshold is higher. */
  get raise(): number {
    return this.#raise;
  }

  /** Alarms in the week before; more than 16 are not told apart. */
  alarms(at: EpochMs): number {
    return this.#episodes.filter(({ ended, weight }) => weight > 0 && at - ended < WEEK).length;
  }

  /** An alarm begins. */
  began(at: EpochMs): void {
    this.#on = true;
    const last = this.#episodes.at(-1);
    this.#again = last !== undefined && at - last.ended < SAME;
    this.#weight = this.#again ? last!.weight : 1;
    this.#quietSince = undefined;
  }

  /** It is over. */
  ended(at: EpochMs): void {
    this.#on = false;
    this.#quietSince = at;
    const last = this.#episodes.at(-1);
    if (this.#again && last !== undefined) last.ended = at;
    else {
      this.#before = this.#raise;
      this.#episodes.push({ ended: at, weight: this.#weight });
      if (this.#episodes.length > REMEMBERED) this.#episodes.shift();
    }
    this.#count();
  }

  /** Somebody says what the alarm was that is on, or was the last; the last word stands. */
  called(call: keyof typeof WEIGHTS): void {
    this.#weight = WEIGHTS[call];
    const last = this.#episodes.at(-1);
    // Since it sank, nobody can say what this one alarm contributed.
    if (last === undefined || (this.#on ? !this.#again : last.ended !== this.#quietSince)) return;
    last.weight = this.#weight;
    this.#count();
  }

  /** Lets the threshold sink by what quiet weeks are worth. @returns what is left of it */
  relax(at: EpochMs): number {
    while (this.#raise > 0 && this.#quietSince !== undefined && at - this.#quietSince >= WEEK) {
      this.#raise = Math.max(0, this.#raise - Math.max(1, this.#raise / 2));
      this.#quietSince = epochMs(this.#quietSince + WEEK);
    }
    return this.#raise;
  }

  /** Whether nothing is left to remember. */
  isOver(at: EpochMs): boolean {
    return this.#raise === 0 && this.#quietSince !== undefined && at - this.#quietSince >= WEEK;
  }

  #count(): void {
    const { ended, weight } = this.#episodes.at(-1)!;
    let recent = 0;
    for (const one of this.#episodes) if (ended - one.ended < WEEK) recent += one.weight;
    const beyond = Math.max(0, Math.min(weight, recent - FREE));
    this.#raise = Math.min(MOST, this.#before + STEP * beyond);
  }
}

/** By how much a threshold is raised, and why, as evidence; nothing where it is not. */
export function raiseEvidence(budget: number, noise: Noise | undefined, at: EpochMs): Evidence {
  const own = noise?.raise ?? 0;
  if (budget + own <= 0) return {};
  const why: string[] = [];
  if (own > 0) why.push(`by ${nats(own)}: ${noise!.alarms(at)} alarms in 7 days`);
  if (budget > 0) why.push(`by ${nats(budget)}: the fleet's budget of false alarms`);
  return { raised_nats: rounded(budget + own), raised: `raised ${why.join(", and ")}` };
}

const nats = (value: number): string => `${rounded(value)} ${value === 1 ? "nat" : "nats"}`;
const rounded = (value: number): number => Number(value.toPrecision(3));
