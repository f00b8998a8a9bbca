import type { HttpOptions } from "../http/options.ts";
import { secretText } from "../http/secret-text.ts";
import { HIDDEN, type SecretSource } from "../series/secret.ts";
import { printable } from "../telemetry/printable.ts";
import { tryToRead } from "./prepared.ts";

/** Takes secrets out of what a receiver or a library said, longest first, and makes the rest fit for a line. */
export function redacted(text: string, secrets: readonly string[], max = 300): string {
  const known = secrets.filter((secret) => secret !== "").sort((a, b) => b.length - a.length);
  return printable(
    known.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text),
    max,
  );
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
