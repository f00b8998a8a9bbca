import type { SecretSource } from "../series/secret.ts";
import type { HttpOptions } from "./options.ts";
import { secretText } from "./secret-text.ts";
import { named } from "./small-file.ts";
import { Unprepared } from "./unprepared.ts";

/** What may stand in a header's value; a line end would begin another header. */
const SENDABLE = /^[\x20-\x7e]*$/;

/**
 * What a peer is told of who we are: the value of the Authorization header where it is known beforehand, a function that
 * reads it anew for each request where a file holds the secret, undefined where none is sent. The function rejects with
 * Unprepared alone.
 */
export function authorizer({ basicAuth, authorization }: HttpOptions): string | (() => Promise<string>) | undefined {
  if (basicAuth !== undefined) {
    const { username, password } = basicAuth;
    return from(password, (secret) => `Basic ${Buffer.from(`${username}:${secret}`).toString("base64")}`);
  }
  if (authorization === undefined) return undefined;
  return from(authorization.credentials, (secret) => `${authorization.type} ${secret}`);
}

function from(source: SecretSource, write: (secret: string) => string): string | (() => Promise<string>) {
  if (source.kind === "inline") {
    const value = write(source.secret.reveal());
    return SENDABLE.test(value) ? value : () => Promise.reject(unsendable("the credentials"));
  }
  return async () => {
    const value = write(await secretText(source));
    if (SENDABLE.test(value)) return value;
    throw unsendable(`secret file ${named(source.path)}`);
  };
}

const unsendable = (what: string): Unprepared =>
  new Unprepared(`Cannot use ${what}: expected one line of printable ASCII characters`);
