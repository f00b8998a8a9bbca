import type { SecretSource } from "../series/secret.ts";
import { named, readSmallFile } from "./small-file.ts";
import { Unprepared } from "./unprepared.ts";

const MAX_SECRET_BYTES = 65_536;

/**
 * The text of a secret. A file is read anew at each call, so that a rotated one is taken up; one line end at its end is none of
 * the secret.
 * @throws Unprepared where the file cannot be read, is empty or larger than 64 KiB
 */
export async function secretText(source: SecretSource): Promise<string> {
  if (source.kind === "inline") return source.secret.reveal();
  const text = (await readSmallFile(source.path, MAX_SECRET_BYTES)).replace(/\r?\n$/, "");
  if (text === "")
    throw new Unprepared(`Cannot use secret file ${named(source.path)}: expected a secret, found nothing`);
  return text;
}
