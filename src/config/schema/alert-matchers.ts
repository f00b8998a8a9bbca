import { type Matcher, type MatchOp, matcher } from "../../series/matchers.ts";

const ONE = /^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|=|!=|!~)\s*([\s\S]*?)\s*$/;

/**
 * Reads matchers as Alertmanager's configuration writes them (pkg/labels/parse.go): `severity = critical`, `model=~"bert.*"`,
 * several after commas, braces around them all if need be. Values need no quotes; in quotes, `\"`, `\\` and `\n` stand for a
 * quote, a backslash and a line break.
 * @throws RangeError on anything else
 */
export function parseAlertMatchers(text: string): readonly Matcher[] {
  const braced = /^\s*\{([\s\S]*)\}\s*$/.exec(text);
  const found = split(braced ? braced[1]! : text).map((part) => parseOne(part, text));
  if (found.length === 0) throw refused(text);
  return found;
}

/** Parts between commas that stand outside quotes; a comma at the end adds none. */
function split(text: string): readonly string[] {
  const parts: string[] = [];
  let part = "";
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === "," && !quoted) {
      parts.push(part);
      part = "";
      continue;
    }
    if (char === '"') quoted = !quoted;
    part += char;
    // What is escaped ends no quotes.
    if (quoted && char === "\\" && i + 1 < text.length) part += text[++i]!;
  }
  return part.trim() === "" ? parts : [...parts, part];
}

function parseOne(part: string, text: string): Matcher {
  const [, name, op, raw] = ONE.exec(part) ?? [];
  if (name === undefined || op === undefined || raw === undefined) throw refused(text);
  return matcher(name, op as MatchOp, unquoted(raw, text));
}

function unquoted(raw: string, text: string): string {
  if (!raw.startsWith('"')) {
    if (raw.includes('"')) throw refused(text);
    return raw;
  }
  const inner = /^"((?:[^"\\]|\\[\s\S])*)"$/.exec(raw)?.[1];
  if (inner === undefined) throw refused(text);
  return inner.replace(/\\([\s\S])/g, (both, char: string) => ({ n: "\n", '"': '"', "\\": "\\" })[char] ?? both);
}

const refused = (text: string): RangeError =>
  new RangeError(
    `Cannot parse matcher ${JSON.stringify(text)}: expected a label, =, !=, =~ or !~ and a value, for example "severity = warning"`,
  );
