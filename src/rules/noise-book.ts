import type { Labels } from "../series/labels.ts";
import type { EpochMs } from "../series/time.ts";
import { Noise } from "./noise.ts";
import type { Verdict } from "./verdict.ts";

/** A subject became noisy, or is quiet again (a raise of 0). */
export interface NoiseChange {
  readonly labels: Labels;
  /** Nats by which its threshold is higher now. */
  readonly raise: number;
  /** Alarms in the week before. */
  readonly alarms: number;
}

const NOTHING: readonly NoiseChange[] = [];

/** Counts the alarms of one rule's subjects on one target, and remembers whose noisiness is to be told. */
export class NoiseBook {
  #changes: NoiseChange[] = [];

  /** Takes note of whether a subject is in alarm; one that never was costs nothing. */
  heed(verdict: Verdict, at: EpochMs): void {
    const { since, watched } = verdict;
    if (since === undefined && verdict.noise === undefined) return;
    verdict.noise ??= new Noise();
    const { noise } = verdict;
    if (!noise.on && since !== undefined) noise.began(at);
    else if (noise.on && since === undefined) noise.ended(at);
    const raise = noise.relax(at);
    if (noise.told !== raise > 0) {
      noise.told = raise > 0;
      this.#changes.push({ labels: watched.labels, raise, alarms: noise.alarms(at) });
    }
    if (noise.isOver(at)) verdict.noise = undefined;
  }

  /** What changed since this was asked last. */
  take(): readonly NoiseChange[] {
    if (this.#changes.length === 0) return NOTHING;
    const changes = this.#changes;
    this.#changes = [];
    return changes;
  }
}
