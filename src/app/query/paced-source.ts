import { LimitError } from "../../promql/error.ts";
import type { Matcher } from "../../series/matchers.ts";
import type { SeriesSource, SeriesView } from "../../series/source.ts";
import type { Pace } from "./pace.ts";

/** Series that the selectors of one query may choose, all together. */
const MOST_SELECTED = 1_000_000;

/**
 * What one query reads from. Choosing series is work that the evaluation does not account for: a regular expression over
 * every label value held. Here it looks at the clock, and asks each value once.
 */
export class PacedSource implements SeriesSource {
  readonly #source: SeriesSource;
  readonly #pace: Pace;
  readonly #known = new Map<readonly Matcher[], readonly Matcher[]>();
  #selected = 0;

  constructor(source: SeriesSource, pace: Pace) {
    this.#source = source;
    this.#pace = pace;
  }

  /** @throws LimitError where the query goes beyond its bounds */
  select(matchers: readonly Matcher[]): readonly SeriesView[] {
    this.#pace.check();
    const known = this.#known.get(matchers);
    if (known) return this.#source.select(known);
    const paced = matchers.map((matcher) => this.#paced(matcher));
    this.#known.set(matchers, paced);
    const views = this.#source.select(paced);
    this.#selected += views.length;
    if (this.#selected > MOST_SELECTED) {
      const why = `Cannot evaluate: expected at most ${MOST_SELECTED} series, the query selects more`;
      throw new LimitError("samples", why, { from: 0, to: 0 });
    }
    return views;
  }

  #paced(matcher: Matcher): Matcher {
    if (matcher.op === "=" || matcher.op === "!=") return matcher;
    const asked = new Map<string, boolean>();
    const matches = (value: string): boolean => {
      let found = asked.get(value);
      if (found === undefined) {
        this.#pace.check();
        found = matcher.matches(value);
        asked.set(value, found);
      }
      return found;
    };
    return { ...matcher, matches };
  }
}
