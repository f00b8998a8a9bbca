import { formatMatcher, type Matcher } from "../../series/matchers.ts";
import type { Exception } from "../types.ts";
import { perAlert } from "./lint.ts";

/** An exception within another one: it looks as if it ended on its date, and the wider one goes on. */
export const overlappingExceptions = perAlert(
  "overlapping-exceptions",
  "warning",
  "An exception is covered by another one of the rule, so that it changes nothing.",
  function* ({ except }) {
    for (const [i, one] of except.entries()) {
      const wider = except.findIndex((other, j) => j !== i && covers(other, one) && !(j > i && covers(one, other)));
      if (wider < 0) continue;
      const { line } = except[wider]!.position;
      yield { at: ["except", i], message: `the exception in line ${line} covers this one: expected one of them` };
    }
  },
);

/** Whether whatever the narrow exception keeps quiet the wide one does too, for as long. */
function covers(wide: Exception, narrow: Exception): boolean {
  const lasts = wide.until === undefined || (narrow.until !== undefined && wide.until >= narrow.until);
  return lasts && wide.match.every((m) => narrow.match.some((other) => implies(other, m)));
}

function implies(narrow: Matcher, wide: Matcher): boolean {
  if (narrow.name !== wide.name) return false;
  return formatMatcher(narrow) === formatMatcher(wide) || (narrow.op === "=" && wide.matches(narrow.value));
}
