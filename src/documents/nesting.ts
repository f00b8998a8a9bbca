import type { CST } from "yaml";

/**
 * Finds where a YAML text nests deeper than `limit`, as an offset; undefined where it does not. The composer that follows
 * is recursive, so this must not be: it walks the tokens with a stack of its own.
 */
export function tooDeep(root: CST.Token, limit: number): number | undefined {
  const open: { token: CST.Token; depth: number }[] = [{ token: root, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.depth > limit) return next.token.offset;
    for (const token of childrenOf(next.token)) open.push({ token, depth: next.depth + 1 });
  }
  return undefined;
}

function* childrenOf(token: CST.Token): Iterable<CST.Token> {
  if (token.type === "document") {
    if (token.value) yield token.value;
    return;
  }
  if (!("items" in token)) return;
  for (const item of token.items) {
    if (item.key) yield item.key;
    if (item.value) yield item.value;
  }
}
