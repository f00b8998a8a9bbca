import type { Vector } from "./vector.ts";

/** Sorts a vector by its values, upwards or downwards, NaN last; equal values stay in their order. */
export function sortByValue({ labels, values }: Vector, direction: 1 | -1): Vector {
  const order = values.map((_, i) => i).sort((a, b) => compare(values[a]!, values[b]!, direction));
  return { labels: order.map((i) => labels[i]!), values: order.map((i) => values[i]!) };
}

function compare(a: number, b: number, direction: 1 | -1): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a === b ? 0 : a < b ? -direction : direction;
}

/**
 * The `k` largest (direction −1) or smallest values among `members`, which are indices of `values`; NaN only where there is
 * nothing else. It is Go's heap step by step, so that of equal values the same ones are left out as in Prometheus.
 */
export function extremes(
  members: readonly number[],
  values: readonly number[],
  k: number,
  direction: 1 | -1,
): number[] {
  /** Whether a is to go before b; NaN goes first. */
  const goes = (a: number, b: number): boolean =>
    Number.isNaN(values[a]!) || (direction < 0 ? values[a]! < values[b]! : values[a]! > values[b]!);
  const heap: number[] = [];
  for (const member of members) {
    if (heap.length < k) {
      heap.push(member);
      up(heap, goes);
      continue;
    }
    const value = values[member]!;
    const least = values[heap[0]!]!;
    const better = direction < 0 ? least < value : least > value;
    if (!better && !(Number.isNaN(least) && !Number.isNaN(value))) continue;
    heap[0] = member;
    down(heap, goes);
  }
  return heap.sort((a, b) => compare(values[a]!, values[b]!, direction));
}

/** Brings the last entry of a heap to its place. */
function up(heap: number[], goes: (a: number, b: number) => boolean): void {
  for (let i = heap.length - 1; i > 0; ) {
    const parent = (i - 1) >> 1;
    if (!goes(heap[i]!, heap[parent]!)) return;
    swap(heap, i, parent);
    i = parent;
  }
}

/** Brings the first entry of a heap to its place. */
function down(heap: number[], goes: (a: number, b: number) => boolean): void {
  for (let i = 0; ; ) {
    const left = 2 * i + 1;
    if (left >= heap.length) return;
    const right = left + 1;
    const child = right < heap.length && goes(heap[right]!, heap[left]!) ? right : left;
    if (!goes(heap[child]!, heap[i]!)) return;
    swap(heap, i, child);
    i = child;
  }
}

function swap(heap: number[], a: number, b: number): void {
  const kept = heap[a]!;
  heap[a] = heap[b]!;
  heap[b] = kept;
}
