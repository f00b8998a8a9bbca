import { durationMs } from "../series/time.ts";
import {
  childrenOf,
  type Expr,
  isAggregation,
  type RangeSelector,
  type Subquery,
  typeOf,
  type VectorSelector,
} from "./ast.ts";
import { PromqlError, type Span, UnsupportedError } from "./error.ts";
import { readNumber, readString } from "./literals.ts";
import { isArithmetic, isComparison, isSetOp } from "./operators.ts";
import { parseAggregation } from "./parse-aggregation.ts";
import { makeBinary, type Operator, parseModifiers } from "./parse-binary.ts";
import { parseCall } from "./parse-call.ts";
import { parseOffset, parsePin, parseWindow } from "./parse-placement.ts";
import { parseMatchers } from "./parse-selector.ts";
import { REFUSED } from "./refused.ts";
import type { Tokens } from "./tokens.ts";
import { TYPE_NAMES } from "./type-names.ts";

/** How far an expression may nest: what walks its tree needs no more stack than that. */
const DEEPEST = 500;

/** What binds tighter has the higher number; a sign before an operand binds like a multiplication. */
const PRECEDENCE: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  ...Object.fromEntries(["==", "!=", ">", "<", ">=", "<=", "</", ">/"].map((op) => [op, 3])),
  "+": 4,
  "-": 4,
  "*": 5,
  "/": 5,
  "%": 5,
  atan2: 5,
  "^": 6,
};
const POWER = 6;

/** Words that cannot be a metric's name. */
const RESERVED: ReadonlySet<string> = new Set(["on", "ignoring", "bool", "group_left", "group_right", "atan2"]);

/** Where the modifiers of a selector stand. */
interface Modifiers {
  readonly offset?: Span;
  readonly pin?: Span;
}

/** Reads an expression from its tokens, by precedence, checking types on the way up. */
export class ExpressionParser {
  readonly tokens: Tokens;
  readonly #depths = new WeakMap<Expr, number>();
  readonly #bracketed = new WeakSet<Expr>();
  /** The modifiers that place a selector or subquery in time, to point at. */
  readonly #modifiers = new WeakMap<Expr, Modifiers>();
  #nesting = 0;

  constructor(tokens: Tokens) {
    this.tokens = tokens;
  }

  expression(): Expr {
    return this.#operation(0);
  }

  /** Operators that bind at least as tight as `least`, and their operands. */
  #operation(least: number): Expr {
    if (++this.#nesting > DEEPEST) throw tooDeep(this.tokens.peek());
    const { from } = this.tokens.peek();
    let left = this.#signed();
    for (;;) {
      const precedence = this.#operatorAhead();
      if (precedence === undefined || precedence < least) break;
      const operator = this.#operator();
      const modifiers = parseModifiers(this.tokens, operator);
      const right = this.#operation(precedence === POWER ? precedence : precedence + 1);
      left = this.#made(makeBinary(operator, modifiers, left, right, { from, to: this.tokens.end }));
    }
    this.#nesting--;
    return left;
  }

  #operatorAhead(): number | undefined {
    const { kind, text } = this.tokens.peek();
    if (kind !== "sign" && kind !== "word") return undefined;
    const op = text.toLowerCase();
    return Object.hasOwn(PRECEDENCE, op) ? PRECEDENCE[op] : undefined;
  }

  #operator(): Operator {
    const token = this.tokens.next();
    const op = token.text.toLowerCase();
    if (isArithmetic(op) || isComparison(op) || isSetOp(op)) return { op, from: token.from, to: token.to };
    throw new UnsupportedError(`Operator ${op}`, "native histograms", token);
  }

  #signed(): Expr {
    const { from, text } = this.tokens.peek();
    if (!this.tokens.isSign("-") && !this.tokens.isSign("+")) return this.#placed();
    this.tokens.next();
    const operand = this.#operation(POWER);
    const type = typeOf(operand);
    if (type !== "scalar" && type !== "vector") {
      throw new PromqlError(
        `Cannot apply ${text} to ${TYPE_NAMES[type]}: expected a scalar or an instant vector`,
        operand,
      );
    }
    const span = { from, to: this.tokens.end };
    if (text === "+") return this.#made({ ...operand, ...(operand.kind === "number" && span) });
    if (operand.kind === "number") return this.#made({ ...operand, ...span, value: -operand.value });
    return this.#made({ kind: "negation", ...span, operand });
  }

  /** An operand and what may follow it: a range, an offset, a time. */
  #placed(): Expr {
    const { from } = this.tokens.peek();
    let expr = this.#operand();
    for (;;) {
      if (this.tokens.isSign("[")) expr = this.#ranged(expr, from);
      else if (this.tokens.keyword() === "offset") expr = this.#shifted(expr);
      else if (this.tokens.isSign("@")) expr = this.#pinned(expr);
      else return expr;
    }
  }

  #operand(): Expr {
    const { tokens } = this;
    const { kind, text, from, to } = tokens.peek();
    if (kind === "number") {
      tokens.next();
      return this.#made({ kind: "number", from, to, value: readNumber(text, { from, to }) });
    }
    if (kind === "string") {
      tokens.next();
      return this.#made({ kind: "string", from, to, value: readString(text, { from, to }) });
    }
    if (tokens.isSign("(")) return this.#bracket();
    if (tokens.isSign("{")) return this.#selector();
    if (kind !== "word") throw tokens.unexpected();
    const word = text.toLowerCase();
    const grouped = tokens.keyword(1) === "by" || tokens.keyword(1) === "without";
    const called = tokens.isSign("(", 1);
    if (isAggregation(word) && (called || grouped)) return this.#made(parseAggregation(this));
    const refused = REFUSED.get(called ? text : grouped ? word : "") ?? (called ? REFUSED.get(word) : undefined);
    if (refused && (called || grouped)) throw new UnsupportedError(`${word}()`, refused, tokens.peek());
    if (called) return this.#made(parseCall(this));
    if (RESERVED.has(word)) throw tokens.unexpected();
    return this.#selector();
  }

  /** Brackets leave no trace in the tree; only a range, an offset or a time may not follow them. */
  #bracket(): Expr {
    this.tokens.next();
    const expr = this.expression();
    this.tokens.expect({ sign: ")" });
    this.#bracketed.add(expr);
    return expr;
  }

  #selector(): Expr {
    const { from } = this.tokens.peek();
    const matchers = parseMatchers(this.tokens);
    return this.#made({ kind: "selector", from, to: this.tokens.end, matchers, offset: durationMs(0) });
  }

  /** A range of a selector, or a subquery of any vector. */
  #ranged(expr: Expr, from: number): Expr {
    const window = parseWindow(this.tokens);
    const span = { from, to: this.tokens.end };
    if (window.kind === "subquery") {
      const type = typeOf(expr);
      if (type === "vector") {
        const { range, step } = window;
        return this.#made({
          ...{ kind: "subquery", ...span, operand: expr, offset: durationMs(0), range },
          ...(step !== undefined && { step }),
        });
      }
      throw new PromqlError(`Cannot take a subquery of ${TYPE_NAMES[type]}: expected an instant vector`, expr);
    }
    if (expr.kind !== "selector" || this.#bracketed.has(expr)) {
      throw new PromqlError("Cannot take a range of this: expected a selector before [, for example x[5m]", span);
    }
    const { offset, pin } = this.#modifiers.get(expr) ?? {};
    if (offset) throw new PromqlError("Cannot apply offset: expected it after the range", offset);
    if (pin) throw new PromqlError("Cannot apply @: expected it after the range", pin);
    return this.#made({ ...expr, kind: "range", ...span, range: window.range });
  }

  #shifted(expr: Expr): Expr {
    const { offset, ...span } = parseOffset(this.tokens);
    const placed = this.#placeable(expr, "offset", span);
    const modifiers = this.#modifiers.get(placed) ?? {};
    if (modifiers.offset) throw new PromqlError("Cannot apply offset: it is given twice", span);
    return this.#modified({ ...placed, to: span.to, offset }, { ...modifiers, offset: span });
  }

  #pinned(expr: Expr): Expr {
    const { pinned, ...span } = parsePin(this.tokens);
    const placed = this.#placeable(expr, "@", span);
    const modifiers = this.#modifiers.get(placed) ?? {};
    if (modifiers.pin) throw new PromqlError("Cannot apply @: it is given twice", span);
    return this.#modified({ ...placed, to: span.to, pinned }, { ...modifiers, pin: span });
  }

  #placeable(expr: Expr, modifier: string, span: Span): VectorSelector | RangeSelector | Subquery {
    const placed = expr.kind === "selector" || expr.kind === "range" || expr.kind === "subquery";
    if (placed && !this.#bracketed.has(expr)) return expr;
    const example = modifier === "@" ? "x[5m] @ 1700000000" : "x[5m] offset 1h";
    throw new PromqlError(`Cannot apply ${modifier}: expected it right after a selector, for example ${example}`, span);
  }

  #modified(expr: Expr, modifiers: Modifiers): Expr {
    this.#modifiers.set(expr, modifiers);
    return this.#made(expr);
  }

  /** Bounds the depth of the tree, which chains of operators deepen without nesting. */
  #made<E extends Expr>(expr: E): E {
    let depth = 0;
    for (const child of childrenOf(expr)) depth = Math.max(depth, this.#depths.get(child) ?? 0);
    if (depth >= DEEPEST) throw tooDeep(expr);
    this.#depths.set(expr, depth + 1);
    return expr;
  }
}

const tooDeep = ({ from, to }: Span): PromqlError =>
  new PromqlError(`Cannot parse expression: it nests deeper than ${DEEPEST}`, { from, to });
