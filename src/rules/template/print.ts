import { formatValue, PLAIN } from "./format-value.ts";
import { bounded, Struct, type Value } from "./values.ts";

/** A value as `{{ value }}` prints it. */
export function printValue(value: Value): string {
  if (typeof value === "string") return value;
  if (value === null) return "<no value>";
  return formatValue(value instanceof Struct ? value.target : value, PLAIN);
}

/** Go's fmt.Sprint: values side by side, with a space between two of which neither is a string. */
export function print(args: readonly Value[]): string {
  let out = "";
  for (const [i, arg] of args.entries()) {
    if (i > 0 && typeof arg !== "string" && typeof args[i - 1] !== "string") out += " ";
    out = bounded(out + formatValue(arg, PLAIN));
  }
  return out;
}

/** Go's fmt.Sprintln: a space between any two and a line feed at the end. */
export function println(args: readonly Value[]): string {
  let out = "";
  for (const [i, arg] of args.entries()) out = bounded(out + (i > 0 ? " " : "") + formatValue(arg, PLAIN));
  return `${out}\n`;
}
