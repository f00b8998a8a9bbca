import { Document, isMap, isScalar, isSeq, Scalar, visit } from "yaml";

/** A rule as Prometheus reads it; `comment` stands above it. */
export interface WrittenRule {
  readonly comment?: string;
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A group as Prometheus reads it. */
export interface WrittenGroup {
  readonly name: string;
  readonly interval: string;
  readonly query_offset?: string;
  /** What VictoriaMetrics calls a query offset. */
  readonly eval_delay?: string;
  readonly limit?: number;
  readonly rules: readonly WrittenRule[];
}

/** Characters that would end a comment, or that no one should find in one. */
const UNSAFE = /[^\P{Cc}\n]|[\u2028\u2029]/gu;

/** Texts that YAML, old or new, could take for something else than text. */
const PLAIN = /^[A-Za-z_][\w:./-]*$/;
const WORDS = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i;

/** A rule file in YAML below a comment. */
export function renderRuleFile(head: string, groups: readonly WrittenGroup[]): string {
  const document = new Document({
    groups: groups.map(({ rules, ...group }) => ({ ...group, rules: rules.map(bare) })),
  });
  document.commentBefore = commentOf(head);
  groups.forEach((group, i) => {
    group.rules.forEach(({ comment }, j) => {
      const node = document.getIn(["groups", i, "rules", j], true);
      if (comment !== undefined && isMap(node)) node.commentBefore = commentOf(comment);
    });
  });
  visit(document, {
    Pair: (_, { key, value }) => {
      if (isScalar(value) && typeof value.value === "string") value.type = styleOf(value.value);
      if (isScalar(key) && key.value === "rules" && isSeq(value)) value.items.slice(1).forEach(apart);
    },
  });
  return document.toString({ lineWidth: 0, singleQuote: true });
}

const bare = ({ comment: _, ...rule }: WrittenRule): Omit<WrittenRule, "comment"> => rule;

/** A blank line above a rule. */
function apart(node: unknown): void {
  if (isMap(node)) node.spaceBefore = true;
}

function styleOf(text: string): Scalar.Type {
  if (text.includes("\n")) return Scalar.BLOCK_LITERAL;
  return PLAIN.test(text) && !WORDS.test(text) ? Scalar.PLAIN : Scalar.QUOTE_SINGLE;
}

const commentOf = (text: string): string => text.replaceAll(UNSAFE, " ").replaceAll(/^/gm, " ");
