import { type Mistake, quote } from "../documents/mistakes.ts";
import type { Document, Node, Path } from "../documents/nodes.ts";
import type { Source } from "../documents/source.ts";
import { didYouMean } from "../documents/suggest.ts";
import { HIDDEN } from "../series/secret.ts";

const SECRET_FIELDS = ["password", "auth_password", "credentials"];
/** Where people put secrets by mistake, or would in another program's file. */
const SUSPICIOUS = /pas+w|pass$|pwd|secret|token|credential|api_?key|^(?:authori[sz]ation|basic_auth)$/i;
/** Fields that are maps where they are right; then the secret is a field of theirs. */
const MAPS = /^(?:authorization|basic_auth)$/;
/** A whole value from the environment: its name may be told. */
const REFERENCE = /^(["']?)\$\{[A-Za-z_][A-Za-z0-9_]*\}\1$/;
/** User name and password before a host: up to the last "@", for a password may hold one. */
const CREDENTIALS = /[^\s"'/,[\]{}]{1,256}:(?!\/\/)[^\s"']{0,256}@/g;
/** Fields that hold addresses and URLs, where all that stands before an "@" is taken for a password. */
const ADDRESSES =
  /^(?:smarthost|targets|static_configs|urls?|api_server|listen_address|external_url|allowed_hosts|allowed_origins|names|files|hello|metrics_path|path_prefix)$/;
/** The same in a value of any field. */
const LOGIN = /\S:(?!\/\/)\S*@/;
const UNREADABLE = "Cannot read this secret: expected a text; put it in quotes, or into a file";
const READING = /^Cannot (?:read YAML|follow alias|use tag|use key|merge)/;

/** A piece of the text that must not be shown, as UTF-16 offsets. */
interface Region {
  readonly from: number;
  readonly to: number;
}

/**
 * The same mistakes with every secret made unreadable, in messages as in the lines they quote. What is a secret is told by
 * the names of fields, mistyped ones too, so that it also works for a file that cannot be read to its end.
 */
export function hideSecrets(mistakes: readonly Mistake[], { root, source }: Document): readonly Mistake[] {
  const found = root === undefined ? [] : secretsIn(root, []);
  const regions = found.map(({ region }) => region);
  // A value that YAML cannot read has no node, or not the one that was meant.
  if (mistakes.some(({ message }) => READING.test(message))) regions.push(...secretLines(source));
  return mistakes.map((mistake) => {
    const start = source.lineStarts[mistake.line - 1] ?? 0;
    const shown = hidden(mistake.sourceLine, start, regions);
    const sourceLine = Array.from(mistake.sourceLine, (character, i) => (shown[i] ? "*" : character)).join("");
    const unread = READING.test(mistake.message) && shown.slice(0, mistake.column).includes(true);
    return { ...mistake, sourceLine, message: unread ? UNREADABLE : withoutSecrets(mistake.message, found) };
  });
}

function withoutSecrets(message: string, found: readonly Found[]): string {
  let text = message;
  for (const { text: secret } of found) {
    if (secret === "") continue;
    if (LOGIN.test(secret)) text = text.replaceAll(secret, HIDDEN);
    for (const told of [quote(secret), JSON.stringify(secret)]) text = text.replaceAll(told, `"${HIDDEN}"`);
    if (text.endsWith(`found ${secret}`)) text = `${text.slice(0, -secret.length)}${HIDDEN}`;
  }
  return text;
}

interface Found {
  readonly text: string;
  readonly region: Region;
}

/** Scalars that stand where a secret does, with what belongs to them: tags and anchors are part of a mistyped one. */
function secretsIn(node: Node, path: Path, secret = false, after?: number): Found[] {
  if (node.kind === "list") return node.items.flatMap((item, i) => secretsIn(item, [...path, i], secret));
  if (node.kind === "map") {
    return [...node.entries].flatMap(([name, { key, value }]) => {
      // Without a blank after its colon YAML takes a field and its value for one name.
      const [field = name, ...rest] = name.split(":");
      const hidden = (rest.length > 0 && isSecretField(field, path)) || LOGIN.test(name);
      const inName = hidden ? [{ text: name, region: key }] : [];
      return [...inName, ...secretsIn(value, [...path, name], isSecretField(name, path), key.to)];
    });
  }
  const hook = node.text.includes("://") && path.some((step) => step === "outputs" || step === "webhook");
  const login = LOGIN.test(node.text) || (node.text.includes("@") && isAddress(path));
  if (!secret && !hook && !login) return [];
  const raw = node.source.text.slice(node.from, node.to);
  if (REFERENCE.test(raw)) return [];
  if (!secret && !hook) return [{ text: node.text, region: beforeHost(node.from, raw) }];
  const from = after !== undefined && after <= node.from ? after : node.from;
  return [{ text: node.text, region: { from, to: node.to } }];
}

/** What stands before the last "@" of a value; all of it where an escape may hide another one. */
function beforeHost(from: number, raw: string): Region {
  const at = raw.includes("\\") ? -1 : raw.lastIndexOf("@");
  const scheme = /^["']?(?:[a-z]+:\/\/)?/i.exec(raw)?.[0].length ?? 0;
  return { from: from + scheme, to: from + (at < 0 ? raw.length : at + 1) };
}

/** Whether the innermost field of a path is one of addresses. */
function isAddress(path: Path): boolean {
  const field = path.findLast((step) => typeof step === "string");
  return typeof field === "string" && ADDRESSES.test(field);
}

function isSecretField(name: string, path: Path): boolean {
  if (name.endsWith("_file")) return false;
  if (path.includes("webhook") && name === "url") return true;
  return SUSPICIOUS.test(name) || didYouMean(name, SECRET_FIELDS) !== "";
}

const FIELD = /(?<![\w-])([A-Za-z_][\w-]*)["'[\]{}]{0,2}\s*:(\s*)/g;

/** The same by lines alone: what stands after the name of a secret, to the end of its line and up to the next name, and every URL. */
function secretLines({ text, lineStarts }: Source): Region[] {
  const regions: Region[] = [];
  let open = false;
  for (const [i, from] of lineStarts.entries()) {
    const to = lineStarts[i + 1] ?? text.length;
    const line = text.slice(from, to);
    const fields = [...line.matchAll(FIELD)];
    if (fields.some(([whole, , blank]) => blank !== "" || line.endsWith(whole))) open = false;
    if (open) regions.push({ from, to });
    for (const url of line.matchAll(/:\/\/\S+/g)) regions.push({ from: from + url.index, to });
    for (const field of fields) {
      if (!isSecretField(field[1]!, field[1] === "url" ? ["webhook"] : [])) continue;
      const at = field.index + field[0].length;
      const value = line.slice(at).trim();
      open = !(MAPS.test(field[1]!) && value.startsWith("{"));
      if (open && !REFERENCE.test(value)) regions.push({ from: from + at, to });
    }
  }
  return regions;
}

/** Which characters of a line must not be shown; blanks and the colon before a value may. */
function hidden(line: string, start: number, regions: readonly Region[]): boolean[] {
  const spans = regions.map(({ from, to }) => ({ from: from - start, to: to - start }));
  for (const found of line.matchAll(CREDENTIALS)) spans.push({ from: found.index, to: found.index + found[0].length });
  let at = 0;
  return Array.from(line, (character) => {
    const here = at;
    at += character.length;
    return !/^[\s:]$/.test(character) && spans.some(({ from, to }) => from <= here && here < to);
  });
}
