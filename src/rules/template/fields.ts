import { Labels } from "../../series/labels.ts";
import { DURATION_METHODS } from "./duration.ts";
import { TIME_METHODS } from "./time.ts";
import { Dict, Named, Struct, Time, typeName, type Value } from "./values.ts";

/**
 * `of.name` or the method call `of.name args`; a label that is not there is "", anything of a nil is nil.
 * @throws RangeError where there is no such field or method, or it takes other arguments
 */
export function field(of: Value, name: string, args: readonly Value[]): Value {
  const method = methodOf(of, name);
  if (method !== undefined) {
    if (args.length !== method.args) {
      throw new RangeError(`Cannot call .${name}: it takes ${method.args} arguments, not ${args.length}`);
    }
    return method.call(args);
  }
  const found = plainField(of, name);
  if (found === undefined) throw new RangeError(`Cannot read .${name} of ${typeName(of)}: expected ${wanted(of)}`);
  if (args.length > 0) throw new RangeError(`Cannot call .${name}: it is no method and takes no arguments`);
  return found;
}

function methodOf(of: Value, name: string) {
  if (of instanceof Time) {
    const method = TIME_METHODS.get(name);
    return method && { args: method.args, call: (args: readonly Value[]) => method.call(of, args) };
  }
  if (!(of instanceof Named)) return undefined;
  if (of.type === "time.Duration") {
    const method = DURATION_METHODS.get(name);
    return method && { args: method.args, call: (args: readonly Value[]) => method.call(of.value, args) };
  }
  return undefined;
}

function plainField(of: Value, name: string): Value | undefined {
  if (of === null) return null;
  if (of instanceof Labels) return of.get(name) ?? "";
  if (of instanceof Dict) return of.get(name) ?? null;
  return of instanceof Struct ? of.get(name) : undefined;
}

function wanted(of: Value): string {
  if (of instanceof Struct) return `one of ${of.fields.map(([name]) => `.${name}`).join(" ")}`;
  if (of instanceof Time) return "a method of Go's time.Time that needs no time zone";
  return of instanceof Named ? "a method of Go's time.Duration" : "labels or a sample";
}
