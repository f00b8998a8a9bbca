import { createTransport, type SMTPPoolOptions, type SMTPPoolSentMessageInfo, type Transporter } from "nodemailer";
import { secretText } from "../http/secret-text.ts";
import { readTlsFiles, type TlsMaterial } from "../http/tls-files.ts";
import type { EmailOptions } from "./options.ts";
import { type Prepared, tryToRead } from "./prepared.ts";
import { loginForms } from "./redact.ts";

/** A way to a mail server that is ready to be used, and what must not be told of it. */
export interface MailWay {
  readonly pool: Transporter<SMTPPoolSentMessageInfo>;
  readonly secrets: readonly string[];
}

/** What secrets and certificates are now. */
interface Credentials {
  readonly password: string;
  readonly tls: TlsMaterial;
}

const NO_TLS_OPTIONS = { insecureSkipVerify: false };

/**
 * Connections to one mail server, kept for the next mail. Password and certificates are read for each mail; where they have
 * changed, connections that were made with the old ones are not used again.
 */
export class EmailTransport {
  readonly #options: EmailOptions;
  #pool: Transporter<SMTPPoolSentMessageInfo> | undefined;
  /** What the pool was made with. */
  #made = "";
  #closed = false;

  constructor(options: EmailOptions) {
    this.#options = options;
  }

  async prepare(): Promise<Prepared<MailWay>> {
    const read = await tryToRead(this.#credentials());
    if (read.kind === "unprepared") return read;
    if (this.#closed) return { kind: "unprepared", why: "the output is closed" };
    const made = JSON.stringify(read.value);
    if (this.#pool === undefined || made !== this.#made) {
      this.#pool?.close({ force: true });
      this.#pool = createTransport(poolOptions(this.#options, read.value));
      this.#made = made;
    }
    const secrets = loginForms(this.#options.auth?.username ?? "", read.value.password);
    return { kind: "read", value: { pool: this.#pool, secrets } };
  }

  /** Ends connections, those in use too, and makes no more. */
  close(): void {
    this.#closed = true;
    this.#pool?.close({ force: true });
  }

  async #credentials(): Promise<Credentials> {
    const { auth, tls = NO_TLS_OPTIONS } = this.#options;
    return { password: auth === undefined ? "" : await secretText(auth.password), tls: await readTlsFiles(tls) };
  }
}

/** nodemailer's words for ours. */
function poolOptions(options: EmailOptions, { password, tls }: Credentials): SMTPPoolOptions & { pool: true } {
  const { smarthost, security, timeout, hello, auth } = options;
  return {
    pool: true,
    // One mail at a time, so one connection; tried again by `Delivery` alone, but for a connection found closed.
    maxConnections: 1,
    maxRequeues: 1,
    host: smarthost.host,
    port: smarthost.port,
    secure: security === "implicit",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    opportunisticTLS: security === "opportunistic",
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    dnsTimeout: timeout,
    socketTimeout: timeout,
    maxResponseSize: 65_536,
    logger: false,
    ...(hello !== undefined && { name: hello }),
    ...(auth !== undefined && { auth: { user: auth.username, pass: password } }),
    tls: { ...tls, minVersion: "TLSv1.2" },
  };
}
