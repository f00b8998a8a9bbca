import { boundLength } from "./values.ts";

/** A verb of printf and its flags, as in "%-8.3f". */
export interface Verb {
  readonly letter: string;
  readonly plus: boolean;
  readonly minus: boolean;
  readonly sharp: boolean;
  readonly space: boolean;
  readonly zero: boolean;
  readonly width: number;
  readonly precision: number | undefined;
  /** `%+v`: structs with the names of their fields. */
  readonly withNames: boolean;
  /** `%#v`: as Go source would say it. */
  readonly inGo: boolean;
  /** The value stands in a complaint about the verb, so it does not print in its own way. */
  readonly complains: boolean;
}

/** Fills up to the width, with zeros where the flag asks for them. */
export function pad(text: string, { width, minus, zero }: Verb): string {
  if (width <= text.length / 2) return text;
  boundLength(width);
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  return minus ? text + " ".repeat(missing) : (zero ? "0" : " ").repeat(missing) + text;
}

/** What Go has and this program has not. */
export const unsupported = (what: string): RangeError =>
  new RangeError(`Cannot call printf: ${what} is not supported here`);
