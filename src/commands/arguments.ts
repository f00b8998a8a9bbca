import { InvalidArgumentError } from "commander";
import { parseListenAddress } from "../config/address.ts";
import { type DurationMs, parseDuration } from "../series/time.ts";

/** Reads an option with a parser of ours; its message becomes commander's. */
function argument<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      if (error instanceof RangeError) throw new InvalidArgumentError(error.message);
      throw error;
    }
  };
}

/** A duration above 0. */
export const durationArgument = argument((text): DurationMs => {
  const duration = parseDuration(text);
  if (duration > 0) return duration;
  throw new RangeError(`Cannot use duration ${JSON.stringify(text)}: expected more than 0`);
});

export const listenArgument = argument(parseListenAddress);
