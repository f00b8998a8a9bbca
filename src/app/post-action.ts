import { HttpClient } from "../http/http-client.ts";
import { Secret, type SecretSource } from "../series/secret.ts";
import { durationMs } from "../series/time.ts";
import { printable } from "../telemetry/printable.ts";

const TIMEOUT = durationMs(10_000);
const MAX_ANSWER = 65_536;

/** Where a running monitor is reached, and who asks. */
export interface ActionAccess {
  /** Where triton-sentinel serves. */
  readonly url: string;
  readonly token: { readonly text: string } | { readonly file: string };
  readonly caFile?: string;
  readonly userAgent: string;
}

export type ActionAnswer =
  | { readonly kind: "accepted"; readonly data: { readonly [name: string]: unknown } }
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "unreachable"; readonly why: string };

/** Asks a running monitor to do something, over its API. */
export async function postAction(access: ActionAccess, path: string, body: unknown): Promise<ActionAnswer> {
  const credentials: SecretSource =
    "file" in access.token
      ? { kind: "file", path: access.token.file }
      : { kind: "inline", secret: new Secret(access.token.text.trim()) };
  const client = new HttpClient(
    {
      authorization: { type: "Bearer", credentials },
      ...(access.caFile !== undefined && { tls: { caFile: access.caFile, insecureSkipVerify: false } }),
    },
    access.userAgent,
  );
  const reply = await client.request({
    method: "POST",
    url: `${access.url.replace(/\/+$/, "")}${path}`,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    timeout: TIMEOUT,
    maxBytes: MAX_ANSWER,
  });
  await client.close();
  if (reply.kind === "unprepared") return { kind: "refused", why: reply.why };
  if (reply.kind !== "answer") return { kind: "unreachable", why: reply.why };
  const answer = parse(reply.body.toString());
  if (reply.status === 200 && answer?.data) return { kind: "accepted", data: answer.data };
  return { kind: "refused", why: printable(answer?.error ?? `the server answered ${reply.status}`, 300) };
}

interface Envelope {
  readonly data?: { readonly [name: string]: unknown };
  readonly error?: string;
}

/** The API's envelope; undefined where something else answered. */
function parse(text: string): Envelope | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Envelope) : undefined;
  } catch {
    return undefined;
  }
}
