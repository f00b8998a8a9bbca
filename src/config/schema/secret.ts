import { z } from "zod";
import { Secret, type SecretSource } from "../../series/secret.ts";

/** A text that no message, log line or dump shows. Control characters could end a header, and are mostly a slip of YAML. */
export const secretText = z
  .string()
  .min(1)
  .refine((text) => !/\p{Cc}/u.test(text), { error: "Cannot use this secret: expected one line of text" })
  .transform((text) => new Secret(text));

/** A path, absolute or from the folder of the config file; `absolutePaths` makes it absolute by the name of its field. */
export const filePath = z
  .string()
  .min(1)
  .refine((text) => !text.includes("\0"), { error: "Cannot use this path: expected one without a null character" });

/** A secret that was written out or lies in a file; undefined where neither was said. */
export function secretSource(secret: Secret | undefined, path: string | undefined): SecretSource | undefined {
  if (secret !== undefined) return { kind: "inline", secret };
  return path === undefined ? undefined : { kind: "file", path };
}
