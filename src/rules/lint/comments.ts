import { CST, Lexer } from "yaml";
import type { Source, Span } from "../../documents/source.ts";

/** A comment that tells lints something, `# lint:ignore <id>: <reason>` or `# lint:ignore-file <id>: <reason>`. */
export interface LintComment extends Span {
  readonly scope: "rule" | "file";
  readonly id: string;
  readonly reason: string;
  /** It stands before everything else in its file. */
  readonly atTop: boolean;
}

/** A file may hold so many; further ones ignore nothing. */
const MAX_COMMENTS = 1_000;

const LINT = /^#+\s*lint:(ignore-file|ignore)\b\s*([^\s:]*)\s*:?\s*(.*)$/s;

/** The comments of a file that are for lints. What looks like one within a text is a text. */
export function lintComments(source: Source): readonly LintComment[] {
  if (!source.text.includes("lint:ignore")) return [];
  const comments: LintComment[] = [];
  let at = 0;
  let isScalar = false;
  let atTop = true;
  for (const token of new Lexer().lex(source.text)) {
    // Marks of the lexer's own stand for no character of the text.
    const mark = token === CST.SCALAR || token === CST.DOCUMENT || token === CST.FLOW_END;
    if (!mark) {
      const found = !isScalar && token.startsWith("#") ? LINT.exec(token) : null;
      if (found && comments.length < MAX_COMMENTS) {
        const [, word, id = "", reason = ""] = found;
        const scope = word === "ignore" ? "rule" : "file";
        const to = at + token.trimEnd().length;
        comments.push({ source, from: at, to, scope, id, reason: reason.trim(), atTop });
      }
      if (!token.startsWith("#") && token.trim() !== "" && token !== "---") atTop = false;
      at += token.length;
    }
    isScalar = token === CST.SCALAR;
  }
  return comments;
}
