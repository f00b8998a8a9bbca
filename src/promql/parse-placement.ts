import { type DurationMs, durationMs, type EpochMs, epochMs } from "../series/time.ts";
import { PromqlError, type Span, UnsupportedError } from "./error.ts";
import { readNumber } from "./literals.ts";
import type { Token, Tokens } from "./tokens.ts";

/** What stands in the brackets after a vector. */
export type ParsedWindow =
  | { readonly kind: "range"; readonly range: DurationMs }
  | { readonly kind: "subquery"; readonly range: DurationMs; readonly step: DurationMs | undefined };

/** Reads `[5m]`, `[5m:1m]` or `[5m:]`. */
export function parseWindow(tokens: Tokens): ParsedWindow {
  tokens.expect({ sign: "[" });
  const range = parseSpan(tokens, "a range");
  if (tokens.take("]")) return { kind: "range", range };
  tokens.expect({ sign: ":" });
  const step = tokens.isSign("]") ? undefined : parseSpan(tokens, "a step");
  tokens.expect({ sign: "]" });
  return { kind: "subquery", range, step };
}

/** A duration in brackets, longer than zero. */
function parseSpan(tokens: Tokens, what: string): DurationMs {
  refuseArithmetic(tokens);
  const token = tokens.expect({ kind: "number" });
  const ms = Math.round(readNumber(token.text, token) * 1000);
  if (ms > 0 && Number.isSafeInteger(ms)) return durationMs(ms);
  throw new PromqlError(`Cannot use ${token.text} as ${what}: expected a duration longer than zero`, token);
}

/** @throws UnsupportedError where the brackets hold more than a number */
function refuseArithmetic(tokens: Tokens): void {
  const first = tokens.peek();
  let to = first.to;
  let parts = 0;
  for (; !isEdge(tokens.peek(parts)); parts++) to = tokens.peek(parts).to;
  const more = tokens.peek(first.kind === "number" ? 1 : 0);
  const arithmetic = more.kind === "word" || (more.kind === "sign" && "+-*/%^(".includes(more.text));
  if (arithmetic) throw new UnsupportedError("A duration expression", "experimental", { from: first.from, to });
}

const isEdge = ({ kind, text }: Token): boolean =>
  kind === "end" || (kind === "sign" && (text === ":" || text === "]" || text === "["));

/** Reads `offset 5m`. */
export function parseOffset(tokens: Tokens): Span & { readonly offset: DurationMs } {
  const { from } = tokens.next();
  const sign = tokens.take("-") ?? tokens.take("+");
  const token = tokens.peek();
  if (token.kind === "word" || tokens.isSign("(")) {
    throw new UnsupportedError("A duration expression", "experimental", { from, to: token.to });
  }
  tokens.expect({ kind: "number" });
  const ms = Math.round(readNumber(token.text, token) * 1000);
  const span = { from, to: tokens.end };
  if (!Number.isSafeInteger(ms)) {
    throw new PromqlError(`Cannot read offset ${token.text}: expected a duration, for example 5m`, span);
  }
  return { ...span, offset: durationMs(sign?.text === "-" && ms !== 0 ? -ms : ms) };
}

/** Reads `@ 1700000000`, in seconds, or `@ start()` or `@ end()`. */
export function parsePin(tokens: Tokens): Span & { readonly pinned: EpochMs | "start" | "end" } {
  const { from } = tokens.next();
  const word = tokens.keyword();
  if (word === "start" || word === "end") {
    tokens.next();
    tokens.expect({ sign: "(" });
    tokens.expect({ sign: ")" });
    return { from, to: tokens.end, pinned: word };
  }
  const sign = tokens.take("-") ?? tokens.take("+");
  const token = tokens.expect({ kind: "number" });
  const ms = Math.round((sign?.text === "-" ? -1 : 1) * readNumber(token.text, token) * 1000);
  const span = { from, to: tokens.end };
  if (Number.isSafeInteger(ms)) return { ...span, pinned: epochMs(ms) };
  throw new PromqlError(`Cannot read time ${token.text}: expected seconds since 1970, for example 1700000000`, span);
}
