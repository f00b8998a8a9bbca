import { type Mistake, quote } from "../documents/mistakes.ts";
import type { Document, Node, Path } from "../documents/nodes.ts";
import type { Source } from "../documents/source.ts";
import { didYouMean } from "../documents/suggest.ts";
import { HIDDEN } from "../series/secret.ts";

const SECRET_FIELDS = ["password", "auth_password", "credentials"];
/** Where people put secrets by mistake, or would in another program's file. */
const SUSPICIOUS = /pas+w|pass(?:phrase)?$|pwd|secret|token|credential|keys?$|api[_-]?url/i;
/** Fields that are maps where they are right; then everything in them is secret but the fields named here. */
const MAPS = /^(?:authori[sz]ation|basic_auth)$/;
const SHOWN_IN_MAPS = /^(?:username|type)$/;
/** Fields of other programs that hold secrets under names of any kind. */
const HOLDERS = /^(?:params|(?:http_)?headers)$/i;
/** Where a URL is a secret as a whole. */
const HOOKS = /^(?:outputs|receivers)$|hook|slack|discord|teams|telegram|pagerduty|opsgenie|victorops|pushover/i;
/** Where hosts stand, perhaps with a login before them. */
const ADDRESSES = /url|host|target|server|address|origin/i;
/** A whole value from the environment: its name may be told. */
const REFERENCE = /^(["']?)\$\{[A-Za-z_][A-Za-z0-9_]*\}\1$/;
/** User name and password before a host. */
const CREDENTIALS = /:\/\/[^\s"']{0,2048}@|[^\s"'/,[\]{}]{1,256}:[^\s"'/@]{0,256}@/g;
/** The query of a URL: its values are tokens at times. */
const QUERY = /(?<=:\/\/[^\s"'?]{0,2048}\?)[^\s"']+/g;
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
  for (const { text: secret, masked } of found) {
    if (secret === "") continue;
    const shown = masked === undefined ? `"${HIDDEN}"` : quote(masked);
    for (const told of [quote(secret), JSON.stringify(secret)]) text = text.replaceAll(told, () => shown);
    // Not every message puts a text in quotes as we would; a short one could be part of any word.
    if (masked !== undefined || secret.length >= 8) text = text.replaceAll(secret, () => masked ?? HIDDEN);
    if (text.endsWith(`found ${secret}`)) text = `${text.slice(0, -secret.length)}${masked ?? HIDDEN}`;
  }
  return maskedText(text);
}

/** A message with what URLs and addresses in it give away masked. */
const maskedText = (text: string): string =>
  text.replace(QUERY, maskedQuery).replace(CREDENTIALS, (match) => `${match.startsWith("://") ? "://" : ""}${HIDDEN}@`);

const maskedQuery = (query: string): string =>
  query.replace(/[^&]+/g, (part) => (part.includes("=") ? `${part.split("=", 1)[0]}=***` : "***"));

/** The same of a text that is one URL or address, whatever characters are in it. */
function maskedAddress(text: string, isAddress: boolean): string {
  const at = text.lastIndexOf("@");
  const scheme = /^[a-z]{1,20}:\/\//i.exec(text)?.[0] ?? "";
  // A mail address is none of these.
  const hasLogin = at >= 0 && (isAddress || text.slice(0, at).includes(":"));
  const host = hasLogin ? `${scheme}${HIDDEN}${text.slice(at)}` : text;
  return maskedText(host.includes("://") ? host.replace(/(?<=^[^?]{0,2048}\?).+/s, maskedQuery) : host);
}

interface Found {
  readonly text: string;
  /** What may be shown of it; undefined where nothing may. */
  readonly masked?: string;
  readonly region: Region;
}

/** How much of what stands below a field is secret: all of it, the values, or what is in no harmless field. */
type Hiding = "nothing" | "fields" | "values" | "everything";

/** Texts that stand where a secret does, with what belongs to them: tags and anchors are part of a mistyped one. */
function secretsIn(node: Node, path: Path, hiding: Hiding = "nothing", after?: number): Found[] {
  const region = { from: after !== undefined && after <= node.from ? after : node.from, to: node.to };
  if (node.kind === "scalar") return secretIn(node, path, hiding, region);
  const whole = hiding === "everything" || hiding === "values" ? [{ text: "", region }] : [];
  if (node.kind === "list")
    return [...whole, ...node.items.flatMap((item, i) => secretsIn(item, [...path, i], hiding))];
  const below = [...node.entries].flatMap(([name, { key, value }]) => {
    // Without a blank after its colon YAML takes a field and its value for one name.
    const [field = name, ...rest] = name.split(":");
    const isSecret = hiding === "everything" || (rest.length > 0 && hidingIn(field, path, hiding) !== "nothing");
    const masked = maskedAddress(name, false);
    const inName = isSecret
      ? [{ text: name, region: key }]
      : masked === name
        ? []
        : [{ text: name, masked, region: key }];
    return [...inName, ...secretsIn(value, [...path, name], hidingIn(name, path, hiding), key.to)];
  });
  return [...whole, ...below];
}

function secretIn(node: Extract<Node, { kind: "scalar" }>, path: Path, hiding: Hiding, region: Region): Found[] {
  const { text } = node;
  if (REFERENCE.test(node.source.text.slice(node.from, node.to))) return [];
  const field = path.at(-1);
  const isHook = text.includes("://") && path.some((step) => typeof step === "string" && HOOKS.test(step));
  // A login in one piece, or a kind of credentials together with them.
  const isBoth = (/username$/.test(String(field)) && text.includes(":")) || (field === "type" && /\s/.test(text));
  if (hiding !== "nothing" || isHook || isBoth) return [{ text, region }];
  const isAddress = path.some((step) => typeof step === "string" && ADDRESSES.test(step));
  const masked = maskedAddress(text, isAddress);
  return masked === text ? [] : [{ text, masked, region }];
}

/** What is secret below a field of this name. */
function hidingIn(name: string, path: Path, above: Hiding): Hiding {
  if (above === "everything" || above === "values") return above;
  if (name.endsWith("_file")) return "nothing";
  if (MAPS.test(name)) return "fields";
  if (HOLDERS.test(name)) return "values";
  const isSecret = above === "fields" ? !SHOWN_IN_MAPS.test(name) : isSecretField(name, path);
  return isSecret ? "everything" : "nothing";
}

function isSecretField(name: string, path: Path): boolean {
  if (name.endsWith("_file")) return false;
  if (path.includes("webhook") && name === "url") return true;
  return SUSPICIOUS.test(name) || MAPS.test(name) || HOLDERS.test(name) || didYouMean(name, SECRET_FIELDS) !== "";
}

const FIELD = /(?<![\w-])([A-Za-z_][\w-]*)["'[\]{}]{0,2}\s*:(\s*)/g;

/**
 * The same by lines alone: what stands after the name of a secret, to the end of its line and up to the next name, with all lines
 * that are indented further, and every URL.
 */
function secretLines({ text, lineStarts }: Source): Region[] {
  const regions: Region[] = [];
  let open = false;
  let block: number | undefined;
  for (const [i, from] of lineStarts.entries()) {
    const to = lineStarts[i + 1] ?? text.length;
    const line = text.slice(from, to);
    const fields = [...line.matchAll(FIELD)];
    const indent = line.search(/[^\s-]/);
    if (indent >= 0 && block !== undefined && indent <= block) block = undefined;
    if (fields.some(([whole, , blank]) => blank !== "" || line.endsWith(whole))) open = false;
    if (open || block !== undefined) regions.push({ from, to });
    for (const url of line.matchAll(/:\/\/\S+/g)) regions.push({ from: from + url.index, to });
    for (const field of fields) {
      if (!isSecretField(field[1]!, field[1] === "url" ? ["webhook"] : [])) continue;
      const at = field.index + field[0].length;
      const value = line.slice(at).trim();
      open = !(MAPS.test(field[1]!) && value.startsWith("{"));
      if (!MAPS.test(field[1]!)) block ??= indent;
      if (open && !REFERENCE.test(value)) regions.push({ from: from + at, to });
    }
  }
  return regions;
}

/** Which characters of a line must not be shown; blanks and the colon before a value may. */
function hidden(line: string, start: number, regions: readonly Region[]): boolean[] {
  const spans = regions.map(({ from, to }) => ({ from: from - start, to: to - start }));
  for (const pattern of [CREDENTIALS, QUERY]) {
    for (const { index, 0: found } of line.matchAll(pattern)) spans.push({ from: index, to: index + found.length });
  }
  let at = 0;
  return Array.from(line, (character) => {
    const here = at;
    at += character.length;
    return !/^[\s:]$/.test(character) && spans.some(({ from, to }) => from <= here && here < to);
  });
}
