import { InvalidArgumentError } from "commander";
import { parseListenAddress } from "../config/address.ts";
import { parseTime } from "../series/parse-time.ts";
import { type DurationMs, durationMs, formatDuration, parseDuration } from "../series/time.ts";

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

/** The scraper wakes every 100 ms: slots that follow one another faster than a few of those would be missed. */
const SHORTEST_INTERVAL = durationMs(500);

/** A scrape interval. */
export const intervalArgument = argument((text): DurationMs => {
  const interval = parseDuration(text);
  if (interval >= SHORTEST_INTERVAL) return interval;
  throw new RangeError(
    `Cannot use interval ${JSON.stringify(text)}: expected at least ${formatDuration(SHORTEST_INTERVAL)}`,
  );
});

/** How often to look for changed files; 0 for never. */
export const autoReloadArgument = argument((text): DurationMs => {
  const interval = parseDuration(text);
  if (interval === 0 || interval >= SHORTEST_INTERVAL) return interval;
  throw new RangeError(
    `Cannot use interval ${JSON.stringify(text)}: expected 0, or at least ${formatDuration(SHORTEST_INTERVAL)}`,
  );
});

/** An instant: RFC 3339 or Unix seconds. */
export const timeArgument = argument(parseTime);

export const listenArgument = argument(parseListenAddress);

/**
 * An option that takes several values swallows the arguments behind it (`--rules a.yml monday.jsonl`). Takes out of its values
 * those that can only be arguments and puts them behind the arguments there are.
 */
export function disentangle(
  values: readonly string[] | undefined,
  args: readonly string[],
  isArgument: (text: string) => boolean,
): { readonly values: readonly string[] | undefined; readonly args: readonly string[] } {
  const swallowed = values?.filter(isArgument) ?? [];
  return { values: values?.filter((value) => !isArgument(value)), args: [...args, ...swallowed] };
}
