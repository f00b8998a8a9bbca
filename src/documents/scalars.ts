/** What a YAML scalar can stand for; undefined is YAML's null: nothing was said. */
export type ScalarValue = string | number | boolean | undefined;

const CONSTANTS: ReadonlyMap<string, ScalarValue> = new Map<string, ScalarValue>([
  ["", undefined],
  ["~", undefined],
  ["null", undefined],
  ["Null", undefined],
  ["NULL", undefined],
  ["true", true],
  ["True", true],
  ["TRUE", true],
  ["false", false],
  ["False", false],
  ["FALSE", false],
  [".nan", Number.NaN],
  [".NaN", Number.NaN],
  [".NAN", Number.NaN],
]);

const DECIMAL = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const INFINITE = /^[-+]?\.(?:inf|Inf|INF)$/;

/** What an unquoted scalar stands for by YAML 1.2's core schema (spec §10.3.2). */
export function resolvePlain(text: string): ScalarValue {
  if (CONSTANTS.has(text)) return CONSTANTS.get(text);
  if (/^0o[0-7]+$/.test(text) || /^0x[0-9a-fA-F]+$/.test(text) || DECIMAL.test(text)) return Number(text);
  if (INFINITE.test(text)) return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return text;
}
