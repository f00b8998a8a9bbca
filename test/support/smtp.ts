import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { listen } from "./ports.ts";

/** A mail as the server took it. */
interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  /** Whether it came over TLS, and who had logged in. */
  readonly secure: boolean;
  readonly user: string | undefined;
  /** The name the client gave itself. */
  readonly greeting: string;
}

/** An answer that is none of yes: an SMTP code and its text. */
export interface Refusal {
  readonly code: number;
  readonly text: string;
}

/** What the server is like. */
export interface SmtpOptions {
  /** `plain` knows no TLS, `starttls` offers it, `implicit` begins with it. */
  readonly security?: "plain" | "starttls" | "implicit";
  readonly certificate?: { readonly key: string; readonly cert: string };
  /** Who may log in; absent, nobody needs to. */
  readonly login?: { readonly username: string; readonly password: string };
  /** Called for each step; a refusal is answered, undefined lets it pass. */
  readonly refuse?: (step: SmtpStep, argument: string) => Refusal | undefined;
}

/** A step of a mail's way in; its argument is the address, or the whole mail. */
export type SmtpStep = "connect" | "login" | "from" | "to" | "mail";

/** A real SMTP server on 127.0.0.1. */
export interface RunningSmtp {
  readonly port: number;
  readonly mails: readonly ReceivedMail[];
  /** Connections that were made to it so far. */
  connections(): number;
  /** Closes those that are open, without a word. */
  dropConnections(): Promise<void>;
  /** Resolves when none is open. */
  closed(): Promise<void>;
  close(): Promise<void>;
}

export async function startSmtp(options: SmtpOptions = {}): Promise<RunningSmtp> {
  const mails: ReceivedMail[] = [];
  let connections = 0;
  const server = new SMTPServer(serverOptions(options, mails, () => connections++));
  // A client that breaks off, or does not trust the certificate, is no error of the server's.
  server.on("error", () => {});
  const port = await listen(server.server);
  const close = () => new Promise<void>((resolve) => server.close(resolve));
  const closed = async () => {
    const sockets = [...server.connections].map(({ _socket }) => _socket);
    await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once("close", resolve))));
  };
  const dropConnections = () => {
    const all = closed();
    for (const { _socket } of server.connections) _socket.destroy();
    return all;
  };
  return { port, mails, connections: () => connections, dropConnections, closed, close };
}

function serverOptions(options: SmtpOptions, mails: ReceivedMail[], connected: () => void): SMTPServerOptions {
  const { security = "plain", certificate, login, refuse = () => undefined } = options;
  const check = (step: SmtpStep, argument: string): Error | null => {
    const refusal = refuse(step, argument);
    return refusal === undefined ? null : Object.assign(new Error(refusal.text), { responseCode: refusal.code });
  };
  return {
    ...certificate,
    secure: security === "implicit",
    disabledCommands: security === "plain" ? ["STARTTLS"] : [],
    authOptional: login === undefined,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    closeTimeout: 50,
    logger: false,
    onConnect: (_, done) => {
      connected();
      done(check("connect", ""));
    },
    onAuth: ({ username, password }, _, done) => {
      const wrong = username !== login?.username || password !== login?.password;
      const bad = wrong ? Object.assign(new Error("no such login"), { responseCode: 535 }) : null;
      const error = check("login", `${username} ${password}`) ?? bad;
      if (error === null) done(null, { user: username });
      else done(error);
    },
    onMailFrom: ({ address }, _, done) => done(check("from", address)),
    onRcptTo: ({ address }, _, done) => done(check("to", address)),
    onData: async (stream, { envelope, secure, user, hostNameAppearsAs }, done) => {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      const raw = Buffer.concat(chunks).toString();
      const refused = check("mail", raw);
      const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
      const to = envelope.rcptTo.map(({ address }) => address);
      if (refused === null)
        mails.push({ from, to, raw, secure, user: user as string | undefined, greeting: hostNameAppearsAs });
      done(refused);
    },
  };
}
