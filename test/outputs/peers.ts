import type { Notification, OutgoingAlert } from "../../src/alerts/outgoing.ts";
import { HttpClient } from "../../src/http/http-client.ts";
import type { HttpOptions } from "../../src/http/options.ts";
import { AlertmanagerOutput } from "../../src/outputs/alertmanager.ts";
import { EmailOutput } from "../../src/outputs/email.ts";
import type { EmailOptions } from "../../src/outputs/options.ts";
import type { Outcome } from "../../src/outputs/output.ts";
import { WebhookOutput } from "../../src/outputs/webhook.ts";
import { Secret, type SecretSource } from "../../src/series/secret.ts";
import type { DurationMs } from "../../src/series/time.ts";
import { refusedPort, tcpServer } from "../support/ports.ts";
import { type SinkAnswer, type SinkRequest, startSink } from "../support/sink.ts";
import { type Refusal, type SmtpStep, startSmtp } from "../support/smtp.ts";
import { AT, notification, TIMEOUT } from "./samples.ts";

/** What a receiver may be like, whatever its protocol. */
export const MANNERS = [
  "takes everything",
  "is broken",
  "is overwhelmed",
  "refuses the message",
  "refuses connections",
  "never answers",
  "hangs up",
  "answers without end",
  "repeats all it was told",
] as const;
export type Manner = (typeof MANNERS)[number];

/** An output with its receiver. */
export interface Pair {
  send(alerts: readonly OutgoingAlert[], signal: AbortSignal): Promise<Outcome>;
  /** What the receiver holds of the last message, as text. */
  got(): string;
  close(): Promise<void>;
}

export const PASSWORD = "s3cr3t-Pa55word";
export const TOKEN = "T0KEN-in-the-path";

export const inline = (text: string): SecretSource => ({ kind: "inline", secret: new Secret(text) });

const LOGIN: HttpOptions = { basicAuth: { username: "sentinel", password: inline(PASSWORD) } };

/** Every output that has a receiver elsewhere, before a receiver of each kind. */
export const OUTPUTS: readonly (readonly [
  name: string,
  pair: (manner: Manner, timeout?: DurationMs) => Promise<Pair>,
])[] = [
  ["alertmanager", alertmanagerPair],
  ["webhook", webhookPair],
  ["email", emailPair],
];

async function alertmanagerPair(manner: Manner, timeout: DurationMs = TIMEOUT): Promise<Pair> {
  const peer = await httpPeer(manner);
  const options = { url: peer.url, timeout, http: LOGIN, alertRelabel: [] };
  const output = new AlertmanagerOutput(options, new HttpClient(LOGIN, "test"));
  return { send: (alerts, signal) => output.send(alerts, signal), ...ending(output, peer) };
}

async function webhookPair(manner: Manner, timeout: DurationMs = TIMEOUT): Promise<Pair> {
  const peer = await httpPeer(manner);
  const url = inline(`${peer.url}/hooks/${TOKEN}?key=${PASSWORD}`);
  const output = new WebhookOutput(
    { name: "hook", url, http: LOGIN, timeout, maxAlerts: 0 },
    new HttpClient(LOGIN, "test"),
  );
  return { send: sameNotification((told, signal) => output.send(told, signal)), ...ending(output, peer) };
}

async function emailPair(manner: Manner, timeout: DurationMs = TIMEOUT): Promise<Pair> {
  const peer = await smtpPeer(manner);
  const output = new EmailOutput(mailOptions(peer.port, { timeout }), { now: () => AT });
  return { send: sameNotification((told, signal) => output.send(told, signal)), ...ending(output, peer) };
}

/** Mail from us to two people through a server on this machine. */
export function mailOptions(port: number, rest: Partial<EmailOptions> = {}): EmailOptions {
  return {
    name: "mail",
    from: "Triton Sentinel <sentinel@example.com>",
    to: ["ann@example.com", "bob@example.com"],
    smarthost: { host: "127.0.0.1", port },
    auth: { username: "sentinel", password: inline(PASSWORD) },
    security: "none",
    timeout: TIMEOUT,
    ...rest,
  };
}

const sameNotification =
  (send: (told: Notification, signal: AbortSignal) => Promise<Outcome>) =>
  (alerts: readonly OutgoingAlert[], signal: AbortSignal) =>
    send(notification(alerts), signal);

interface Peer {
  got(): string;
  close(): Promise<void>;
}

function ending(output: { close(): Promise<void> }, peer: Peer): Peer {
  const close = async () => {
    await output.close();
    await peer.close();
  };
  return { got: peer.got, close };
}

const ANSWERS: Partial<Record<Manner, (request: SinkRequest) => SinkAnswer>> = {
  "takes everything": () => ({ status: 200 }),
  "is broken": () => ({ status: 503 }),
  "is overwhelmed": () => ({ status: 429, headers: { "retry-after": "7" } }),
  "refuses the message": () => ({ status: 422, body: '"it is malformed"' }),
  "never answers": () => "hang",
  // As an Alertmanager would, a JSON string.
  "repeats all it was told": ({ path, headers }) => ({
    status: 400,
    body: JSON.stringify(`${path} ${JSON.stringify(headers)}`),
  }),
};

async function httpPeer(manner: Manner): Promise<Peer & { readonly url: string }> {
  const answer = ANSWERS[manner];
  if (answer !== undefined) {
    const sink = await startSink();
    sink.answer(answer);
    return { url: sink.url, got: () => sink.requests.at(-1)?.body ?? "", close: sink.close };
  }
  const raw = await rawPeer(manner, "HTTP/1.1 200 OK\r\n\r\n");
  return { ...raw, url: `http://127.0.0.1:${raw.port}` };
}

const REFUSALS: Partial<Record<Manner, (step: SmtpStep, argument: string) => Refusal | undefined>> = {
  "takes everything": () => undefined,
  "is broken": (step) => (step === "mail" ? { code: 451, text: "4.3.0 disk full" } : undefined),
  "is overwhelmed": (step) => (step === "connect" ? { code: 421, text: "4.7.0 too many connections" } : undefined),
  "refuses the message": (step) => (step === "mail" ? { code: 554, text: "5.6.0 it is malformed" } : undefined),
  "repeats all it was told": (step) => (step === "mail" ? { code: 554, text: `${PASSWORD} ${plain()}` } : undefined),
};

/** What the login looked like on the wire. */
const plain = (): string => Buffer.from(`\0sentinel\0${PASSWORD}`).toString("base64");

async function smtpPeer(manner: Manner): Promise<Peer & { readonly port: number }> {
  const refuse = REFUSALS[manner];
  if (refuse === undefined) return rawPeer(manner, "220 ");
  const smtp = await startSmtp({ refuse, login: { username: "sentinel", password: PASSWORD } });
  return { port: smtp.port, got: () => smtp.mails.at(-1)?.raw ?? "", close: smtp.close };
}

/** Receivers that speak no protocol to its end. */
async function rawPeer(manner: Manner, first: string): Promise<Peer & { readonly port: number }> {
  if (manner === "refuses connections") return { port: await refusedPort(), got: () => "", close: async () => {} };
  const server = await tcpServer((socket) => {
    if (manner === "hangs up") socket.resetAndDestroy();
    if (manner !== "answers without end") return;
    const chunk = Buffer.alloc(65_536, "x");
    const pump = () => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.write(first);
    socket.on("drain", pump);
    pump();
  });
  return { port: server.port, got: () => "", close: server.close };
}
