import { HttpClient } from "../http/http-client.ts";
import { Secret, type SecretSource } from "../series/secret.ts";
import { durationMs } from "../series/time.ts";
import { printable } from "../telemetry/printable.ts";

const TIMEOUT = durationMs(10_000);
const MAX_ANSWER = 65_536;

/** What to announce, to whom, and in whose name. */
export interface AnnounceRequest {
  /** Where triton-sentinel serves. */
  readonly url: string;
  readonly token: { readonly text: string } | { readonly file: string };
  readonly caFile?: string;
  readonly userAgent: string;
  readonly announcement: {
    readonly model: string;
    readonly version?: string;
    readonly instance?: string;
    /** As it was written: the answer may quote it. */
    readonly ttl: string;
    readonly by: string;
    readonly reason: string;
  };
}

export type AnnounceAnswer =
  | { readonly kind: "accepted"; readonly until: string }
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "unreachable"; readonly why: string };

/** Announces a model change over the API of a running monitor. */
export async function announce(request: AnnounceRequest): Promise<AnnounceAnswer> {
  const credentials: SecretSource =
    "file" in request.token
      ? { kind: "file", path: request.token.file }
      : { kind: "inline", secret: new Secret(request.token.text.trim()) };
  const client = new HttpClient(
    {
      authorization: { type: "Bearer", credentials },
      ...(request.caFile !== undefined && { tls: { caFile: request.caFile, insecureSkipVerify: false } }),
    },
    request.userAgent,
  );
  const reply = await client.request({
    method: "POST",
    url: `${request.url.replace(/\/+$/, "")}/api/v1/deployments`,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request.announcement),
    timeout: TIMEOUT,
    maxBytes: MAX_ANSWER,
  });
  await client.close();
  if (reply.kind === "unprepared") return { kind: "refused", why: reply.why };
  if (reply.kind !== "answer") return { kind: "unreachable", why: reply.why };
  const answer = parse(reply.body.toString());
  if (reply.status === 200 && typeof answer?.data?.until === "string") {
    return { kind: "accepted", until: printable(answer.data.until, 40) };
  }
  return { kind: "refused", why: printable(answer?.error ?? `the server answered ${reply.status}`, 300) };
}

interface Envelope {
  readonly data?: { readonly until?: unknown };
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
