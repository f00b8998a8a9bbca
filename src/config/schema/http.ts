import { z } from "zod";
import { onEveryMap } from "../../documents/fields.ts";
import type { HttpOptions, TlsOptions } from "../../http/options.ts";
import { atMostOne, exactlyOne, fieldsSet } from "./exclusive.ts";
import { filePath, secretSource, secretText } from "./secret.ts";
import { camelKeys, said } from "./section.ts";

const basicAuth = z
  .strictObject({
    username: z
      .string()
      .refine((name) => /^[^:\p{Cc}]+$/u.test(name), {
        error: "Cannot use this user name: expected one line without a colon",
      })
      .describe("The user's name"),
    password: secretText.optional().describe("The password; better from the environment or a file"),
    password_file: filePath.optional().describe("A file that holds the password, read anew for every request"),
  })
  .superRefine((written, ctx) => exactlyOne(written, ["password", "password_file"], ctx), onEveryMap)
  .transform(({ username, password, password_file }): NonNullable<HttpOptions["basicAuth"]> => {
    const source = secretSource(password, password_file);
    return source === undefined ? z.NEVER : { username, password: source };
  })
  .meta({ id: "basic_auth" });

const TOKEN = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;

const authorization = z
  .strictObject({
    type: z
      .string()
      .regex(TOKEN, { error: 'Cannot use this type of authorization: expected one word, for example "Bearer"' })
      .refine((type) => type.toLowerCase() !== "basic", {
        error: 'Cannot use authorization of type "Basic": expected basic_auth in its place',
      })
      .prefault("Bearer")
      .describe("The word before the credentials"),
    credentials: secretText.optional().describe("The credentials; better from the environment or a file"),
    credentials_file: filePath.optional().describe("A file that holds the credentials, read anew for every request"),
  })
  .superRefine((written, ctx) => exactlyOne(written, ["credentials", "credentials_file"], ctx), onEveryMap)
  .transform(({ type, credentials, credentials_file }): NonNullable<HttpOptions["authorization"]> => {
    const source = secretSource(credentials, credentials_file);
    return source === undefined ? z.NEVER : { type, credentials: source };
  })
  .meta({ id: "authorization" });

/** `tls_config:`. */
export const tlsConfig = z
  .strictObject({
    ca_file: filePath.optional().describe("Certificates of the authorities to trust, in PEM; default: the system's"),
    cert_file: filePath.optional().describe("Our own certificate, for peers that want one"),
    key_file: filePath.optional().describe("The key of our own certificate"),
    server_name: z
      .string()
      .refine((name) => /^[^\s\p{Cc}]+$/u.test(name), { error: "Cannot use this server name: expected a host name" })
      .optional()
      .describe("The name the peer's certificate must be for, where it is not the host's"),
    insecure_skip_verify: z
      .boolean()
      .prefault(false)
      .describe("Takes any certificate: whoever sits between can then read and forge everything"),
  })
  .superRefine((written, ctx) => {
    const own = fieldsSet(written, ["cert_file", "key_file"]);
    if (own.length === 1) ctx.addIssue("'cert_file' and 'key_file' must be set together");
  }, onEveryMap)
  .transform((written): TlsOptions => said(camelKeys(written)))
  .meta({ id: "tls_config" });

/** The fields of whoever is spoken to over HTTP. */
export const httpShape = {
  basic_auth: basicAuth.optional().describe("User name and password to send"),
  authorization: authorization.optional().describe("The Authorization header to send; not together with basic_auth"),
  tls_config: tlsConfig.optional().describe("How TLS connections are made"),
};

const AUTH = ["basic_auth", "authorization"] as const;

/** The fields of `httpShape` that are set. */
export const httpFieldsSet = (written: unknown): readonly string[] => fieldsSet(written, [...AUTH, "tls_config"]);

/** Adds what is wrong between the fields of `httpShape`. */
export function httpMistakes(written: unknown, ctx: z.core.$RefinementCtx): void {
  atMostOne(written, AUTH, ctx);
}

/** What `httpShape` read, as the http room wants it. */
export function httpOptions(written: {
  readonly basic_auth?: HttpOptions["basicAuth"] | undefined;
  readonly authorization?: HttpOptions["authorization"] | undefined;
  readonly tls_config?: TlsOptions | undefined;
}): HttpOptions {
  const { basic_auth, authorization: header, tls_config } = written;
  return said({ basicAuth: basic_auth, authorization: header, tls: tls_config }) as HttpOptions;
}

/** A file that says nothing but how a peer is spoken to. */
export const httpClientSchema = z.strictObject(httpShape).superRefine(httpMistakes, onEveryMap).transform(httpOptions);
