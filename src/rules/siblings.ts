import type { Detector } from "../detectors/detector.ts";
import type { Labels } from "../series/labels.ts";
import type { Reading } from "../series/reading.ts";

/** Versions of a model on one target that are remembered as siblings: the last that ripened. */
const MOST_OF_A_TARGET = 8;
/** Other targets that are looked at for a subject just born. */
const MOST_TARGETS = 64;

/** What remembers a signal's subjects on one target. */
interface Memory {
  readonly detector: Detector;
}

/** A subject whose detector has seen enough of it to judge by what it learned. */
interface Ripe {
  readonly labels: Labels;
  readonly row: number;
  readonly reading: Reading;
}

/** The sibling a new subject begins with, and what is known of it as its detector saved it. */
interface Sibling {
  readonly labels: Labels;
  readonly saved: Float64Array;
}

/**
 * The ripe subjects of one signal on all targets, by their models: what a version just born, or a model on a target just added,
 * may begin with. Costs something when a subject ripens, is born or is forgotten, and nothing in between; no step of it grows
 * with the number of subjects.
 */
export class Siblings {
  readonly #byModel = new Map<string, Map<Memory, Ripe[]>>();

  add(memory: Memory, ripe: Ripe): void {
    const model = modelOf(ripe.labels);
    if (model === undefined) return;
    let memories = this.#byModel.get(model);
    if (!memories) {
      memories = new Map();
      this.#byModel.set(model, memories);
    }
    const known = memories.get(memory);
    if (!known) memories.set(memory, [ripe]);
    else if (known.push(ripe) > MOST_OF_A_TARGET) known.shift();
  }

  /** Forgets a subject that its memory has no row for any more. */
  remove(memory: Memory, ripe: Ripe): void {
    const model = modelOf(ripe.labels);
    const memories = model === undefined ? undefined : this.#byModel.get(model);
    const left = memories?.get(memory)?.filter((one) => one !== ripe);
    if (model === undefined || !memories || !left) return;
    if (left.length > 0) memories.set(memory, left);
    else memories.delete(memory);
    if (memories.size === 0) this.#byModel.delete(model);
  }

  /**
   * What a new subject may begin with: another version of its model on the same target, else the model on another one, and
   * there rather the same version; of several the one that was read last.
   */
  of(memory: Memory, labels: Labels): Sibling | undefined {
    const model = modelOf(labels);
    const memories = model === undefined ? undefined : this.#byModel.get(model);
    if (!memories) return undefined;
    const near = newest(memories.get(memory) ?? []);
    if (near) return siblingOf(memory, near);
    const version = labels.get("version");
    let best: Ripe | undefined;
    let where = memory;
    let left = MOST_TARGETS;
    for (const [other, ripe] of memories) {
      if (left-- === 0) break;
      const same = ripe.filter((one) => one.labels.get("version") === version);
      const found = newest(same) ?? newest(ripe);
      if (!found || (best && !better(found, best, version))) continue;
      best = found;
      where = other;
    }
    return best && siblingOf(where, best);
  }
}

/** The siblings of every signal, by what identifies its memory. */
export class Kinship {
  readonly #bySignal = new Map<string, Siblings>();

  /** @param key of a watch */
  of(key: string): Siblings {
    const known = this.#bySignal.get(key) ?? new Siblings();
    this.#bySignal.set(key, known);
    return known;
  }
}

/** What siblings have in common: all but target and version. A subject that is of no model has none. */
const modelOf = (labels: Labels): string | undefined =>
  labels.get("model") === undefined ? undefined : labels.without("job", "instance", "version").key;

function newest(ripe: readonly Ripe[]): Ripe | undefined {
  let best: Ripe | undefined;
  for (const one of ripe) if (!best || one.reading.at >= best.reading.at) best = one;
  return best;
}

function better(one: Ripe, best: Ripe, version: string | undefined): boolean {
  const same = one.labels.get("version") === version;
  if (same !== (best.labels.get("version") === version)) return same;
  return one.reading.at > best.reading.at;
}

const siblingOf = ({ detector }: Memory, { labels, row }: Ripe): Sibling => ({ labels, saved: detector.save(row) });
