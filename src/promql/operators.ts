/** Powers as IEEE 754 and Go have them; JavaScript makes 1^NaN and (±1)^±Inf NaN. */
function pow(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY)) return 1;
  return base ** exponent;
}

/** Arithmetic by its sign in the text. */
export const ARITHMETIC = {
  "+": (a: number, b: number) => a + b,
  "-": (a: number, b: number) => a - b,
  "*": (a: number, b: number) => a * b,
  "/": (a: number, b: number) => a / b,
  "%": (a: number, b: number) => a % b,
  "^": pow,
  atan2: Math.atan2,
} as const;

/** Comparisons by their sign in the text; nothing is equal to NaN. */
export const COMPARISON = {
  "==": (a: number, b: number) => a === b,
  "!=": (a: number, b: number) => a !== b,
  ">": (a: number, b: number) => a > b,
  "<": (a: number, b: number) => a < b,
  ">=": (a: number, b: number) => a >= b,
  "<=": (a: number, b: number) => a <= b,
} as const;

/** Operators by kind, as they are written in lower case. */
export type ArithmeticOp = keyof typeof ARITHMETIC;
export type ComparisonOp = keyof typeof COMPARISON;
export type SetOp = "and" | "or" | "unless";
export type BinaryOp = ArithmeticOp | ComparisonOp | SetOp;

export const isArithmetic = (op: string): op is ArithmeticOp => Object.hasOwn(ARITHMETIC, op);
export const isComparison = (op: string): op is ComparisonOp => Object.hasOwn(COMPARISON, op);
export const isSetOp = (op: string): op is SetOp => op === "and" || op === "or" || op === "unless";
