import { HttpClient } from "../../http/http-client.ts";
import { durationMs, type EpochMs } from "../../series/time.ts";
import { printable } from "../../telemetry/printable.ts";
import type { ApiQueryResult } from "../../web/query-types.ts";
import { type Question, type Reply, usualStep } from "./question.ts";

/** The program takes 10 seconds at most, and its answer has bounds too. */
const TIMEOUT = durationMs(15_000);
const MOST_BYTES = 64 * 1024 * 1024;

/** Where a program runs, and who asks. */
export interface Running {
  readonly url: string;
  readonly caFile?: string;
  readonly userAgent: string;
}

/** Asks a running program, or any other server with Prometheus' API. @param now the end of a range that gives none */
export async function askRunning(running: Running, question: Question, now: EpochMs): Promise<Reply> {
  const tls = running.caFile === undefined ? {} : { tls: { caFile: running.caFile, insecureSkipVerify: false } };
  const client = new HttpClient(tls, running.userAgent);
  const reply = await client.request({
    method: "POST",
    url: `${running.url.replace(/\/+$/, "")}/api/v1/query${question.kind === "range" ? "_range" : ""}`,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fieldsOf(question, now)).toString(),
    timeout: TIMEOUT,
    maxBytes: MOST_BYTES,
  });
  await client.close();
  if (reply.kind === "unprepared") return { kind: "refused", why: reply.why };
  if (reply.kind !== "answer") return { kind: "unreachable", why: reply.why };
  const { data, error, warnings = [], infos = [] } = parse(reply.body.toString());
  if (reply.status === 200 && isResult(data)) return { kind: "answer", result: data, notes: [...warnings, ...infos] };
  return { kind: "refused", why: printable(error ?? `the server answered ${reply.status}`) };
}

function fieldsOf(question: Question, now: EpochMs): Record<string, string> {
  const { expression: query } = question;
  if (question.kind === "instant") {
    return { query, timeout: "10s", ...(question.at !== undefined && { time: seconds(question.at) }) };
  }
  const { from, to = now, step = usualStep(from, to) } = question;
  return { query, timeout: "10s", start: seconds(from), end: seconds(to), step: seconds(step) };
}

const seconds = (ms: number): string => String(ms / 1000);

interface Envelope {
  readonly data?: unknown;
  readonly error?: string;
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

/** The API's envelope; empty where something else answered. */
function parse(text: string): Envelope {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return {};
  }
  if (typeof value !== "object" || value === null) return {};
  const { data, error, warnings, infos } = value as Record<string, unknown>;
  return {
    data,
    ...(typeof error === "string" && { error }),
    ...(areTexts(warnings) && { warnings }),
    ...(areTexts(infos) && { infos }),
  };
}

const areTexts = (found: unknown): found is readonly string[] =>
  Array.isArray(found) && found.every((one) => typeof one === "string");

/** Whether something is a result as far as it is shown: what answers may be anything. */
function isResult(found: unknown): found is ApiQueryResult {
  if (!isObject(found) || !Array.isArray(found["result"])) return false;
  const { resultType, result } = found;
  if (resultType === "scalar" || resultType === "string") return isPoint(result);
  if (resultType === "vector") return result.every((one) => isSeries(one) && isPoint(one["value"]));
  const points = (one: unknown) => isSeries(one) && Array.isArray(one["values"]) && one["values"].every(isPoint);
  return resultType === "matrix" && result.every(points);
}

const isObject = (found: unknown): found is Readonly<Record<string, unknown>> =>
  typeof found === "object" && found !== null;

const isSeries = (found: unknown): found is Readonly<Record<string, unknown>> =>
  isObject(found) && isObject(found["metric"]) && Object.values(found["metric"]).every((v) => typeof v === "string");

const isPoint = (found: unknown): boolean =>
  Array.isArray(found) && typeof found[0] === "number" && Math.abs(found[0]) <= 8.64e12 && typeof found[1] === "string";
