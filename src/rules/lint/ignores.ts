import { type Mistake, mistakeAt, quote } from "../../documents/mistakes.ts";
import { childOf, type Document, type Node, nodeAt } from "../../documents/nodes.ts";
import { lineAt, type Source } from "../../documents/source.ts";
import { didYouMean } from "../../documents/suggest.ts";
import type { PlacedRule } from "../load.ts";
import { type LintComment, lintComments } from "./comments.ts";
import type { Lint } from "./lint.ts";

/** Under this id wrong comments are told; it cannot be ignored. */
export const IGNORE_COMMENT = "ignore-comment";

/** Lines of a file that belong to one rule, or to one override of rules. */
interface Region {
  readonly first: number;
  readonly last: number;
  readonly covers: (placed: PlacedRule) => boolean;
}

/** A comment, what it covers, and whether it was needed. */
interface Ignore {
  readonly comment: LintComment;
  readonly covers: (placed: PlacedRule) => boolean;
  used: boolean;
}

/** The comments of rule files that switch lints off. */
export class Ignores {
  readonly #ignores: readonly Ignore[];
  readonly #lints: ReadonlyMap<string, Lint>;
  readonly #mistakes: Mistake[] = [];

  /** @param documents with overrides applied @param lints those that can be ignored */
  constructor(documents: readonly Document[], lints: readonly Lint[]) {
    this.#lints = new Map(lints.map((lint) => [lint.id, lint]));
    this.#ignores = documents.flatMap((document) => {
      const comments = lintComments(document.source);
      const regions = comments.length === 0 ? [] : regionsOf(document);
      return comments.flatMap((comment) => this.#read(comment, regions));
    });
  }

  /** Whether a comment switches a lint off for a rule. */
  ignores(lint: string, placed: PlacedRule): boolean {
    const found = this.#ignores.filter(({ comment, covers }) => comment.id === lint && covers(placed));
    for (const ignore of found) ignore.used = true;
    return found.length > 0;
  }

  /** What is wrong with the comments, once every lint that runs has run; in broken files it has not. */
  mistakes(ran: ReadonlySet<string>, broken: ReadonlySet<string>): readonly Mistake[] {
    const useless = this.#ignores.filter(
      ({ comment, used }) => !used && ran.has(comment.id) && !broken.has(comment.source.file),
    );
    return [
      ...this.#mistakes,
      ...useless.map(({ comment }) =>
        wrong(comment, `this comment ignores nothing: ${comment.id} has nothing to say here`),
      ),
    ];
  }

  #read(comment: LintComment, regions: readonly Region[]): Ignore[] {
    const why = this.#whyNot(comment);
    if (why !== undefined) {
      this.#mistakes.push(wrong(comment, why));
      return [];
    }
    const { file } = comment.source;
    if (comment.scope === "file")
      return [{ comment, covers: ({ document }) => document.source.file === file, used: false }];
    const line = lineAt(comment.source, comment.from).number;
    const region = regions.find(({ last }) => line <= last);
    return [{ comment, covers: region?.covers ?? (() => false), used: false }];
  }

  #whyNot({ id, reason, scope, atTop }: LintComment): string | undefined {
    if (id === "") return 'Cannot ignore a lint without its id: expected "# lint:ignore <id>: <reason>"';
    if (!this.#lints.has(id)) {
      return `Cannot ignore ${quote(id)}: there is no such lint${didYouMean(id, this.#lints.keys())}`;
    }
    if (reason === "") return `Cannot ignore ${id} without a reason: expected "# lint:${word(scope)} ${id}: <reason>"`;
    if (scope === "file" && !atTop) return `Cannot ignore ${id} in the file from here: expected the comment at the top`;
    return undefined;
  }
}

const word = (scope: LintComment["scope"]): string => (scope === "rule" ? "ignore" : "ignore-file");

const wrong = (comment: LintComment, message: string): Mistake => ({
  ...mistakeAt(comment, message, "warning"),
  lint: IGNORE_COMMENT,
});

/** The rules and overrides of a file, in its order: a comment belongs to the one it stands in, or else to the next. */
function regionsOf({ source, root }: Document): readonly Region[] {
  const regions: Region[] = [];
  const add = (node: Node, covers: Region["covers"]): void => {
    const [first, last] = [lineAt(source, node.from).number, lineAt(source, endOf(node, source)).number];
    regions.push({ first, last, covers });
  };
  for (const [i, group] of itemsOf(root, "groups").entries()) {
    for (const [j, rule] of itemsOf(group, "rules").entries()) {
      add(rule, ({ document, path }) => document.source === source && path[1] === i && path[3] === j);
    }
  }
  for (const override of itemsOf(root, "overrides")) {
    const alert = childOf(override, "alert");
    add(override, ({ rule }) => alert?.kind === "scalar" && rule.kind === "alert" && rule.name === alert.text);
  }
  return regions.sort((a, b) => a.first - b.first);
}

function itemsOf(node: Node | undefined, key: string): readonly Node[] {
  const list = nodeAt(node, [key]);
  return list?.kind === "list" ? list.items : [];
}

/** The last character that is written of a node in its own file; overrides put nodes of other files into it. */
function endOf(node: Node, source: Source): number {
  if (node.kind === "scalar") {
    if (node.source !== source) return 0;
    let to = node.to;
    while (to > node.from + 1 && /\s/.test(source.text[to - 1] ?? "")) to--;
    return to - 1;
  }
  const inner = node.kind === "list" ? node.items : [...node.entries.values()].map(({ value }) => value);
  const keys =
    node.kind === "map" ? [...node.entries.values()].map(({ key }) => (key.source === source ? key.to - 1 : 0)) : [];
  return Math.max(node.source === source ? node.from : 0, ...keys, ...inner.map((one) => endOf(one, source)));
}
