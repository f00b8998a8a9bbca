import { parsed } from "../../documents/fields.ts";
import { didYouMean } from "../../documents/suggest.ts";

/** An IANA time zone in its usual spelling. */
export const timeZone = parsed(parseTimeZone);

/** @throws RangeError when there is no such time zone. */
function parseTimeZone(text: string): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const hint = didYouMean(text, Intl.supportedValuesOf("timeZone")) || ', for example "Europe/Berlin"';
    throw new RangeError(`Cannot use time zone ${JSON.stringify(text)}: expected an IANA name${hint}`);
  }
}
