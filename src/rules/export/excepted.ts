import { METRIC_NAME } from "../../series/labels.ts";
import { formatMatcher, type Matcher } from "../../series/matchers.ts";
import { SECOND } from "../../series/time.ts";
import type { AlertRule, Exception } from "../types.ts";

/** A recorded condition less what is excepted; or why that cannot be said of it. */
export type Excepted = { readonly kind: "expr"; readonly expr: string } | { readonly kind: "no"; readonly why: string };

/**
 * Takes a rule's exceptions off its recorded condition. Exceptions look at the labels of alerts; those that the rule gives each of
 * its alerts are decided here. An exception with an end stops at it.
 */
export function excepted(rule: AlertRule, condition: string): Excepted {
  const given = new Map(rule.labels);
  const lines: string[] = [];
  for (const exception of rule.except) {
    const templated = exception.match.find(({ name }) => given.get(name)?.program !== undefined);
    if (templated) {
      return {
        kind: "no",
        why: `an exception asks for label ${templated.name}, which a template makes of the finding`,
      };
    }
    const fixed = (m: Matcher): string | undefined =>
      m.name === "alertname" ? rule.name : m.name === METRIC_NAME ? "" : given.get(m.name)?.text;
    const applies = exception.match.every((m) => m.matches(fixed(m) ?? "") || fixed(m) === undefined);
    if (applies) lines.push(lineOf(condition, exception, (m) => fixed(m) === undefined));
  }
  return { kind: "expr", expr: [condition, ...lines].join("\n") };
}

function lineOf(condition: string, { match, until }: Exception, open: (m: Matcher) => boolean): string {
  const covered = `${condition}{${match.filter(open).map(formatMatcher).join(", ")}}`;
  return until === undefined ? `unless ${covered}` : `unless (${covered} and on () vector(time()) < ${until / SECOND})`;
}
