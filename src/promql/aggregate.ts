import type { Labels } from "../series/labels.ts";
import type { SimpleAggregationOp } from "./ast.ts";
import type { LabelMap } from "./label-map.ts";
import { CompensatedMean, CompensatedSum } from "./sum.ts";
import { emptyVector, push, type Vector } from "./vector.ts";

/** What one group remembers of the values it has seen; there is always a first one. */
interface Accumulator {
  add(value: number): void;
  readonly value: number;
}

/** How many values there are, NaN included. */
class Count implements Accumulator {
  value = 0;

  add(): void {
    this.value++;
  }
}

/** 1, whatever the values. */
class Constant implements Accumulator {
  readonly value = 1;

  add(): void {}
}

/** The largest or smallest value; NaN only where every value is. */
class Extreme implements Accumulator {
  value = Number.NaN;
  readonly #sign: 1 | -1;

  constructor(sign: 1 | -1) {
    this.#sign = sign;
  }

  add(value: number): void {
    if (Number.isNaN(this.value) || value * this.#sign > this.value * this.#sign) this.value = value;
  }
}

/** Population variance by Welford's recurrence; any value that is not finite makes it NaN. */
class Variance implements Accumulator {
  #count = 0;
  #mean = 0;
  #squares = 0;

  add(value: number): void {
    const delta = value - this.#mean;
    this.#mean += delta / ++this.#count;
    this.#squares += delta * (value - this.#mean);
  }

  get value(): number {
    return this.#squares / this.#count;
  }
}

class Deviation extends Variance {
  override get value(): number {
    return Math.sqrt(super.value);
  }
}

const ACCUMULATORS: Readonly<Record<SimpleAggregationOp, () => Accumulator>> = {
  sum: () => new CompensatedSum(),
  avg: () => new CompensatedMean(),
  min: () => new Extreme(-1),
  max: () => new Extreme(1),
  count: () => new Count(),
  group: () => new Constant(),
  stdvar: () => new Variance(),
  stddev: () => new Deviation(),
};

/** Aggregates a vector into one element a group, in the order in which the groups first appear. */
export function aggregate(op: SimpleAggregationOp, groupOf: LabelMap, { labels, values }: Vector): Vector {
  const groups = new Map<string, Accumulator>();
  const members: Labels[] = [];
  const create = ACCUMULATORS[op];
  for (let i = 0; i < labels.length; i++) {
    const group = groupOf(labels[i]!);
    let accumulator = groups.get(group.key);
    if (accumulator === undefined) {
      accumulator = create();
      groups.set(group.key, accumulator);
      members.push(group);
    }
    accumulator.add(values[i]!);
  }
  const result = emptyVector();
  let i = 0;
  for (const accumulator of groups.values()) push(result, members[i++]!, accumulator.value);
  return result;
}
