import type { HttpOptions } from "../http/options.ts";
import { secretText } from "../http/secret-text.ts";
import { HIDDEN, type SecretSource } from "../series/secret.ts";
import { printable } from "../telemetry/printable.ts";
import { tryToRead } from "./prepared.ts";

/** Shorter secrets are looked for as whole words: "mail" in "email" protects nothing and makes a riddle of the sentence. */
const LONG = 8;
/** Of a longer secret so many characters are looked for, and nothing of what follows is told. */
const LONGEST = 1_000;
const WORD = "[\\p{L}\\p{N}_]";

/** Takes secrets out of what a receiver or a library said, longest first, in whichever way they are encoded for a URL or a form. */
export function redacted(text: string, secrets: readonly string[], max = 300): string {
  const known = secrets.filter((secret) => secret !== "").sort((a, b) => b.length - a.length);
  return printable(
    known.reduce((rest, secret) => rest.replace(patternOf(secret), HIDDEN), text),
    max,
  );
}

/** Finds a secret; each character of it may be percent-encoded. */
function patternOf(secret: string): RegExp {
  const characters = Array.from(secret);
  const pattern = characters.slice(0, LONGEST).map(encodedOrNot).join("");
  if (characters.length > LONGEST) return new RegExp(`${pattern}[^]*`, "gu");
  const isWord = secret.length < LONG;
  const [first, last] = [characters[0] ?? "", characters.at(-1) ?? ""];
  const from = isWord && /[\p{L}\p{N}_]/u.test(first) ? `(?:(?<!${WORD})|(?<=%[0-9a-fA-F]{2}))` : "";
  const to = isWord && /[\p{L}\p{N}_]/u.test(last) ? `(?!${WORD})` : "";
  return new RegExp(`${from}${pattern}${to}`, "gu");
}

function encodedOrNot(character: string): string {
  const itself = character.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
  const bytes = [...Buffer.from(character)].map((byte) => byte.toString(16).padStart(2, "0"));
  const encoded = bytes.map((digits) => `%${digits.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)}`);
  return `(?:${itself}|${encoded.join("")}${character === " " ? "|\\+" : ""})`;
}

/** Every form in which a login or a token goes over the wire. */
export async function httpSecrets({ basicAuth, authorization }: HttpOptions): Promise<string[]> {
  const secrets: string[] = [];
  if (basicAuth !== undefined) secrets.push(...loginForms(basicAuth.username, await knownText(basicAuth.password)));
  if (authorization !== undefined) secrets.push(await knownText(authorization.credentials));
  return secrets;
}

/** A password, and the base64 texts that hold it in HTTP's Basic and in SMTP's PLAIN and LOGIN. */
export function loginForms(username: string, password: string): string[] {
  if (password === "") return [];
  return [password, ...[`${username}:${password}`, `\0${username}\0${password}`, password].map(base64)];
}

/** The parts of an address that may be a token: all of it but scheme, host and port. */
export function urlSecrets(url: URL): string[] {
  const parts = [
    url.href,
    url.pathname,
    url.search,
    url.hash,
    url.username,
    url.password,
    ...url.pathname.split("/"),
    ...[...url.searchParams].flat(),
  ];
  // Single letters and "api" would turn every sentence into a riddle and protect nothing.
  return parts.flatMap((part) => [part, decoded(part)]).filter((part) => part.length >= 5);
}

/** A secret that cannot be read was not sent either. */
async function knownText(source: SecretSource): Promise<string> {
  const read = await tryToRead(secretText(source));
  return read.kind === "read" ? read.value : "";
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
