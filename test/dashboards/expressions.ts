import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";

const strict = parser.configure({ strict: true });

/** What Grafana puts in for its own variables. */
interface TimeRange {
  readonly range: string;
  readonly rateInterval: string;
}

/** What the variables are until somebody chooses; all others are "All". */
const AT_FIRST: Readonly<Record<string, string>> = { sentinel: "triton-sentinel" };

/**
 * An expression as Grafana sends it.
 * @param values of the dashboard's variables; what is not named is as it is at first
 */
export function substituted(expr: string, time: TimeRange, values: Readonly<Record<string, string>> = {}): string {
  return expr
    .replaceAll("$__rate_interval", time.rateInterval)
    .replaceAll("$__range", time.range)
    .replaceAll(/\$(\w+)/g, (_, name: string) => values[name] ?? AT_FIRST[name] ?? ".*");
}

/** One series selector of an expression. */
export interface Selector {
  readonly metric: string;
  /** The labels it matches, with the value as it is written. */
  readonly matchers: ReadonlyMap<string, string>;
  /** The functions and aggregations it stands in, the innermost first. */
  readonly within: readonly string[];
}

/** The selectors of an expression of PromQL. @throws where it is none */
export function selectorsOf(expr: string): readonly Selector[] {
  const time = { range: "3h", rateInterval: "1m" };
  const plain = substituted(expr, time);
  const found: Selector[] = [];
  strict.parse(plain).iterate({
    enter({ name, node }) {
      if (name !== "VectorSelector") return;
      const textOf = ({ from, to }: SyntaxNode) => plain.slice(from, to);
      const matchers = node
        .getChildren("LabelMatchers")
        .flatMap((list) => list.getChildren("UnquotedLabelMatcher"))
        .map((matcher) => [textOf(matcher.getChild("LabelName")!), textOf(matcher)] as const);
      found.push({
        metric: textOf(node.getChild("Identifier")!),
        matchers: new Map(matchers),
        within: within(node, textOf),
      });
    },
  });
  return found;
}

function within(node: SyntaxNode, textOf: (node: SyntaxNode) => string): string[] {
  const names: string[] = [];
  for (let at = node.parent; at !== null; at = at.parent) {
    const named = at.getChild("FunctionIdentifier") ?? at.getChild("AggregateOp");
    if (named) names.push(textOf(named));
  }
  return names;
}
