import { parseTargetUrl } from "../config/address.ts";
import { DEFAULT_PAGE_LIMITS } from "../exposition/page.ts";
import { PageReader } from "../exposition/page-reader.ts";
import { HttpClient } from "../http/http-client.ts";
import type { HttpOptions } from "../http/options.ts";
import { isTritons, modelsOn, type SeriesValue, type Sight, visibility } from "../models/visibility.ts";
import { inPlainWords } from "../outputs/plain-words.ts";
import type { Labels } from "../series/labels.ts";
import { durationMs } from "../series/time.ts";
import { printable } from "../telemetry/printable.ts";

const TIMEOUT = durationMs(10_000);
const MAX_PAGE = 33_554_432;
const MAX_ANSWER = 65_536;
/** Where Triton serves its HTTP API. */
const TRITON_HTTP_PORT = 8000;

/** What a look at a target came to. */
export type TargetCheck =
  | {
      readonly kind: "page";
      readonly url: string;
      /** Whether there is any metric of a Triton on the page. */
      readonly triton: boolean;
      /** Undefined where the HTTP API does not answer. */
      readonly version: string | undefined;
      readonly models: readonly string[];
      readonly samples: number;
      readonly bytes: number;
      /** Lines that are no good. */
      readonly problems: readonly string[];
      readonly sights: readonly Sight[];
    }
  | { readonly kind: "failed"; readonly url: string; readonly why: string };

/** How a target is spoken to. */
export interface TargetAccess {
  /** Where Triton's HTTP API is; by default port 8000 of the same host. */
  readonly api?: string;
  /** For the metrics page; the API is asked without credentials. */
  readonly http?: HttpOptions;
}

/**
 * Looks once at a metrics page, and asks Triton's HTTP API for its version.
 * @param text the target as people write it; a bare host means port 8002
 * @throws RangeError where the text is no target
 */
export async function checkTarget(
  text: string,
  { api, http = {} }: TargetAccess,
  userAgent: string,
): Promise<TargetCheck> {
  const { url } = parseTargetUrl(text);
  const client = new HttpClient(http, userAgent);
  // Whoever keeps the metrics need not be who serves the API: credentials are for the page alone.
  const anonymous = new HttpClient(http.tls === undefined ? {} : { tls: http.tls }, userAgent);
  try {
    const reply = await client.request({ method: "GET", url, timeout: TIMEOUT, maxBytes: MAX_PAGE });
    if (reply.kind !== "answer") return { kind: "failed", url, why: `${reply.kind}: ${inPlainWords(reply.why)}` };
    if (reply.status !== 200) return { kind: "failed", url, why: `the server answered ${reply.status}` };
    const read = readPage(reply.body);
    if (read.kind === "failed") return { ...read, url };
    return {
      ...read,
      url,
      triton: isTritons(read.series),
      version: await versionOf(anonymous, api ?? apiOf(url)),
      models: modelsOn(read.series).map((model) => printable(model, 100)),
      bytes: reply.body.length,
      sights: visibility(read.series),
    };
  } finally {
    await Promise.all([client.close(), anonymous.close()]);
  }
}

function readPage(body: Buffer) {
  const labels: Labels[] = [];
  const reader = new PageReader((series) => labels.push(series) - 1, DEFAULT_PAGE_LIMITS);
  const outcome = reader.read(body);
  if (outcome.kind === "not-metrics") return { kind: "failed", why: `not metrics: ${outcome.why}` } as const;
  const { page } = outcome;
  const series: SeriesValue[] = [];
  for (let i = 0; i < page.length; i++) series.push({ labels: labels[page.columns[i]!]!, value: page.values[i]! });
  const problems = page.problems.map(({ line, text, why }) => `line ${line}: ${why}: ${text}`);
  return { kind: "page", series, samples: page.samples, problems } as const;
}

function apiOf(url: string): string {
  const { protocol, hostname } = new URL(url);
  return `${protocol}//${hostname}:${TRITON_HTTP_PORT}`;
}

/** Triton's version as its API says it, "2.70.0"; undefined where nobody answers or it is no Triton. */
async function versionOf(client: HttpClient, api: string): Promise<string | undefined> {
  const url = `${api.replace(/\/+$/, "")}/v2`;
  const reply = await client.request({ method: "GET", url, timeout: durationMs(3_000), maxBytes: MAX_ANSWER });
  if (reply.kind !== "answer" || reply.status !== 200) return undefined;
  try {
    const { version } = JSON.parse(reply.body.toString()) as { readonly version?: unknown };
    return typeof version === "string" ? printable(version, 40) : undefined;
  } catch {
    return undefined;
  }
}
