import { z } from "zod";
import { onEveryMap, parsed, positiveDuration } from "../../documents/fields.ts";
import type { EmailOptions } from "../../outputs/options.ts";
import { parseSmarthost } from "../address.ts";
import type { EmailOutput } from "../deliveries.ts";
import { parseMailbox, parseMailboxes } from "../mail-address.ts";
import { atMostOne, fieldsSet } from "./exclusive.ts";
import { hostPort } from "./hints.ts";
import { tlsConfig } from "./http.ts";
import { namedOnce, onEveryList, receiverName, receiverOptions, receiverShape } from "./receiver.ts";
import { filePath, secretSource, secretText } from "./secret.ts";
import { said } from "./section.ts";

/** The port of mail servers that speak TLS from the first byte. */
const IMPLICIT_TLS_PORT = 465;

const email = z
  .strictObject({
    name: receiverName,
    to: z
      .union([parsed(parseMailboxes), z.array(parsed(parseMailbox)).min(1)])
      .describe("Whom to tell: addresses, as a list or with commas between them"),
    from: parsed(parseMailbox).describe("Who says so"),
    smarthost: parsed(parseSmarthost).meta(hostPort).describe("The mail server, host and port"),
    hello: z
      .string()
      .regex(/^[A-Za-z0-9.:[\]-]+$/, { error: "Cannot greet with this name: expected a host name" })
      .optional()
      .describe("The name to greet the server with; default: this host's"),
    auth_username: z.string().min(1).optional().describe("The user's name, where the server wants one"),
    auth_password: secretText.optional().describe("The password; better from the environment or a file"),
    auth_password_file: filePath.optional().describe("A file that holds the password"),
    require_tls: z
      .boolean()
      .prefault(true)
      .describe("Whether the connection must be encrypted before anything is said; false takes what the server offers"),
    implicit_tls: z
      .boolean()
      .optional()
      .describe("Whether TLS begins with the first byte; default: on port 465, not on others"),
    tls_config: tlsConfig.optional().describe("How TLS connections are made"),
    timeout: positiveDuration.prefault("30s").describe("How long sending one mail may take"),
    ...receiverShape,
  })
  .superRefine((written, ctx) => {
    const passwords = ["auth_password", "auth_password_file"];
    atMostOne(written, passwords, ctx);
    const named = fieldsSet(written, ["auth_username"]).length > 0;
    if (named !== fieldsSet(written, passwords).length > 0) {
      ctx.addIssue("'auth_username' and 'auth_password' or 'auth_password_file' must be set together");
    }
    if (written.implicit_tls !== true || written.require_tls !== false) return;
    const message = "'require_tls' cannot be false with 'implicit_tls': the connection is always encrypted";
    ctx.addIssue({ code: "custom", message, params: { key: "require_tls" } });
  }, onEveryMap)
  .transform((written): EmailOutput => {
    const { name, from, to, smarthost, hello, auth_username, timeout } = written;
    const password = secretSource(written.auth_password, written.auth_password_file);
    const auth = auth_username !== undefined && password ? { username: auth_username, password } : undefined;
    const options: EmailOptions = said({
      name,
      from,
      to,
      smarthost,
      hello,
      auth,
      security: securityOf(written, smarthost.port),
      tls: written.tls_config,
      timeout,
    });
    return { ...options, receiver: receiverOptions(name, written) };
  });

function securityOf(
  written: { readonly implicit_tls?: boolean | undefined; readonly require_tls: boolean },
  port: number,
): EmailOptions["security"] {
  if (written.implicit_tls ?? port === IMPLICIT_TLS_PORT) return "implicit";
  return written.require_tls ? "starttls" : "opportunistic";
}

/** `outputs.email:`. */
export const emails = z
  .array(email)
  .superRefine(namedOnce, onEveryList)
  .prefault([])
  .describe("People who are told by mail");
