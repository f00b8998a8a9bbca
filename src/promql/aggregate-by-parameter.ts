import type { Labels } from "../series/labels.ts";
import type { Aggregation } from "./ast.ts";
import { PromqlError } from "./error.ts";
import { extremes } from "./order.ts";
import { isQuantile, quantileOfSorted } from "./quantile.ts";
import type { Scope } from "./scope.ts";
import { noteQuantile } from "./select.ts";
import { emptyVector, push, type Vector } from "./vector.ts";

/** The elements of a vector that belong together, as indices. */
interface Group {
  readonly labels: Labels;
  readonly members: number[];
}

/** Numbers from here on are none of Go's 64-bit integers. */
const BEYOND_INTEGERS = 2 ** 63;

/** Aggregates a vector by an operator that takes a parameter. */
export function aggregateByParameter(expr: Aggregation, scope: Scope): Vector {
  const parameter = expr.parameter!;
  if (parameter.kind === "string") return countValues(expr, parameter.value, scope.vector(expr.operand));
  const number = scope.scalar(parameter);
  const vector = scope.vector(expr.operand);
  if (expr.op === "quantile") {
    if (!isQuantile(number)) noteQuantile(number, scope, parameter);
    return quantiles(number, expr, vector);
  }
  if (Number.isNaN(number)) throw new PromqlError(`Cannot aggregate with ${expr.op}: the parameter is NaN`, parameter);
  if (number < 1) return emptyVector();
  if (number >= BEYOND_INTEGERS) {
    throw new PromqlError(`Cannot aggregate with ${expr.op}: the parameter ${number} is too large`, parameter);
  }
  return best(Math.trunc(number), expr, vector);
}

/** The groups of a vector, in the order in which they first appear. */
function groups({ grouping }: Aggregation, { labels }: Vector): Iterable<Group> {
  const found = new Map<string, Group>();
  for (let i = 0; i < labels.length; i++) {
    const group = grouping.groupOf(labels[i]!);
    const known = found.get(group.key);
    if (known) known.members.push(i);
    else found.set(group.key, { labels: group, members: [i] });
  }
  return found.values();
}

/** `topk` and `bottomk`: elements as they are, the best of each group first. */
function best(k: number, expr: Aggregation, vector: Vector): Vector {
  const result = emptyVector();
  for (const { members } of groups(expr, vector)) {
    for (const i of extremes(members, vector.values, k, expr.op === "topk" ? -1 : 1)) {
      push(result, vector.labels[i]!, vector.values[i]!);
    }
  }
  return result;
}

function quantiles(q: number, expr: Aggregation, vector: Vector): Vector {
  const result = emptyVector();
  for (const { labels, members } of groups(expr, vector)) {
    const values = Float64Array.from(members, (i) => vector.values[i]!).sort();
    push(result, labels, quantileOfSorted(q, values));
  }
  return result;
}

/** One element for each value of a group, which stands in its label. */
function countValues({ grouping }: Aggregation, label: string, { labels, values }: Vector): Vector {
  const found = new Map<string, number>();
  const result = emptyVector();
  for (let i = 0; i < labels.length; i++) {
    const group = grouping.groupOf(labels[i]!.with({ [label]: formatValue(values[i]!) }));
    const known = found.get(group.key);
    if (known !== undefined) result.values[known]!++;
    else {
      found.set(group.key, result.labels.length);
      push(result, group, 1);
    }
  }
  return result;
}

/** A number in digits without an exponent, as few as tell it from all others: Go's `%f` with the least precision. */
export function formatValue(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  if (Object.is(value, -0)) return "-0";
  const parts = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(String(value));
  if (!parts) return String(value);
  const digits = `${parts[2]}${parts[3] ?? ""}`;
  const point = Number(parts[4]) + 1;
  if (point <= 0) return `${parts[1]}0.${"0".repeat(-point)}${digits}`;
  return `${parts[1]}${digits.padEnd(point, "0")}`;
}
