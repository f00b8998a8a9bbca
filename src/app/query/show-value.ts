import type { MatrixSeries } from "../../promql/evaluate.ts";
import type { Labels } from "../../series/labels.ts";
import type { ApiLabels } from "../../web/api-types.ts";
import type { ApiPoint } from "../../web/query-types.ts";

/** A float as Prometheus' API writes it: Go's shortest digits, with an exponent below 1e-6 and from 1e21 on. */
export function showFloat(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  if (Object.is(value, -0)) return "-0";
  // Go's exponents have two digits.
  return String(value).replace(/e([+-])(\d)$/, "e$10$2");
}

/** A point of an answer. */
export const showPoint = (at: number, value: number): ApiPoint => [at / 1000, showFloat(value)];

/** Characters an answer may have, roughly; and those of a point. */
const MOST_CHARACTERS = 10 * 1024 * 1024;
const POINT_CHARACTERS = 24;

/** An answer grew larger than it may. */
export class TooLarge extends Error {}

/** Counts how large an answer gets, so that it is given up before it takes the memory. */
export class AnswerSize {
  #characters = 0;

  /** @throws TooLarge where this makes the answer too large */
  add(labels: Labels | undefined, points: number): void {
    this.#characters += points * POINT_CHARACTERS;
    for (const [name, value] of labels?.pairs ?? []) this.#characters += name.length + value.length + 6;
    if (this.#characters > MOST_CHARACTERS) {
      throw new TooLarge(
        `Cannot answer: the result has more than ${MOST_CHARACTERS} characters, expected fewer series, for example by topk(), or a longer step`,
      );
    }
  }
}

/** Series gathered from several parts of a range, in the order in which they first appear. */
export class GatheredSeries {
  readonly #byKey = new Map<string, { readonly labels: Labels; readonly values: ApiPoint[] }>();
  readonly #size = new AnswerSize();

  /** @throws TooLarge where they become too many */
  add({ labels, times, values }: MatrixSeries): void {
    let series = this.#byKey.get(labels.key);
    this.#size.add(series ? undefined : labels, times.length);
    if (!series) {
      series = { labels, values: [] };
      this.#byKey.set(labels.key, series);
    }
    for (let i = 0; i < times.length; i++) series.values.push(showPoint(times[i]!, values[i]!));
  }

  /** @param order how to sort them by their labels, where they are to be */
  show(
    order?: (a: Labels, b: Labels) => number,
  ): { readonly metric: ApiLabels; readonly values: readonly ApiPoint[] }[] {
    const all = [...this.#byKey.values()];
    if (order) all.sort((a, b) => order(a.labels, b.labels));
    return all.map(({ labels, values }) => ({ metric: labels.toJSON(), values }));
  }
}
