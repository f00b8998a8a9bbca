import { type Arithmetic, type Comparison, typeOf } from "./ast.ts";
import { join } from "./match.ts";
import { ARITHMETIC, COMPARISON } from "./operators.ts";
import type { Scope } from "./scope.ts";
import { dropNames, truncate, type Vector } from "./vector.ts";

type Numeric = Arithmetic | Comparison;

/** An operation between two scalars. */
export function scalarOperation(expr: Numeric, scope: Scope): number {
  const left = scope.scalar(expr.left);
  const right = scope.scalar(expr.right);
  if (expr.kind === "arithmetic") return ARITHMETIC[expr.op](left, right);
  return COMPARISON[expr.op](left, right) ? 1 : 0;
}

/** An operation with a vector on at least one side. */
export function vectorOperation(expr: Numeric, scope: Scope): Vector {
  if (expr.matching) return joined(expr, scope);
  return expr.kind === "arithmetic" ? shifted(expr, scope) : compared(expr, scope);
}

function joined(expr: Numeric, scope: Scope): Vector {
  const left = scope.vector(expr.left);
  const right = scope.vector(expr.right);
  if (expr.kind === "arithmetic") return join(left, right, expr.matching!, ARITHMETIC[expr.op], expr);
  const test = COMPARISON[expr.op];
  const combine = expr.bool
    ? (a: number, b: number) => (test(a, b) ? 1 : 0)
    : (a: number, b: number) => (test(a, b) ? a : undefined);
  return join(left, right, expr.matching!, combine, expr);
}

/** A vector and a scalar, in either order. */
function sides(expr: Numeric, scope: Scope): { vector: Vector; scalar: number; scalarFirst: boolean } {
  const scalarFirst = typeOf(expr.left) === "scalar";
  const vector = scope.vector(scalarFirst ? expr.right : expr.left);
  return { vector, scalar: scope.scalar(scalarFirst ? expr.left : expr.right), scalarFirst };
}

function shifted(expr: Arithmetic, scope: Scope): Vector {
  const { vector, scalar, scalarFirst } = sides(expr, scope);
  const { values } = vector;
  const apply = ARITHMETIC[expr.op];
  for (let i = 0; i < values.length; i++) {
    values[i] = scalarFirst ? apply(scalar, values[i]!) : apply(values[i]!, scalar);
  }
  return dropNames(vector, expr);
}

/** A filter keeps the element as it is, name included, on whichever side of the sign it stands. */
function compared(expr: Comparison, scope: Scope): Vector {
  const { vector, scalar, scalarFirst } = sides(expr, scope);
  const { labels, values } = vector;
  const test = COMPARISON[expr.op];
  let kept = 0;
  for (let i = 0; i < values.length; i++) {
    const holds = scalarFirst ? test(scalar, values[i]!) : test(values[i]!, scalar);
    if (expr.bool) values[i] = holds ? 1 : 0;
    else if (holds) {
      labels[kept] = labels[i]!;
      values[kept++] = values[i]!;
    }
  }
  if (expr.bool) return dropNames(vector, expr);
  truncate(vector, kept);
  return vector;
}
