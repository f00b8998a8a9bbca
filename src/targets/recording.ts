import { isUtf8 } from "node:buffer";
import { type DurationMs, durationMs, type EpochMs, epochMs } from "../series/time.ts";
import type { ScrapeOutcome } from "./outcome.ts";

/** One scrape as a recording keeps it: one line of JSON. */
export interface RecordedScrape {
  readonly at: EpochMs;
  /** Which server; a recording of a single one need not say. */
  readonly instance?: string;
  /** Which page of it: "metrics" where the recording does not say. */
  readonly source: string;
  readonly duration?: DurationMs;
  readonly outcome: ScrapeOutcome;
}

/** The failures a line may name; without a name a failure reads as "unreachable". */
const FAILURES = ["unreachable", "too-slow", "too-big", "not-metrics", "internal-error"] as const;

/**
 * Writes a scrape as one line without its line end: `{"t": epoch ms, "status": 200, "body": "…"}`, or `"status": 0` with
 * `"err"` and `"kind"` where no page came; `"instance"`, `"source"` and `"ms"` as far as they say something. A page that is not
 * UTF-8 goes into `"base64"` instead of `"body"`, so that it reads back byte for byte.
 */
export function formatRecorded({ at, instance, source, duration, outcome }: RecordedScrape): string {
  return JSON.stringify({
    t: at,
    instance,
    source: source === "metrics" ? undefined : source,
    ms: duration,
    ...formatOutcome(outcome),
  });
}

function formatOutcome(outcome: ScrapeOutcome): Record<string, unknown> {
  if (outcome.kind === "http-status") return { status: outcome.status, err: outcome.why };
  if (outcome.kind !== "body") return { status: 0, kind: outcome.kind, err: outcome.why };
  const bytes = Buffer.from(outcome.body.buffer, outcome.body.byteOffset, outcome.length);
  return isUtf8(bytes) ? { status: 200, body: bytes.toString() } : { status: 200, base64: bytes.toString("base64") };
}

/**
 * Reads what `formatRecorded` writes. Fields it does not know are passed over.
 * @throws RangeError saying what is wrong with the line.
 */
export function parseRecorded(line: string): RecordedScrape {
  const fields = readObject(line);
  const at = fields.get("t");
  if (typeof at !== "number" || !Number.isFinite(at)) throw new RangeError(`expected "t", a time in milliseconds`);
  const instance = text(fields, "instance");
  const duration = fields.get("ms");
  return {
    at: epochMs(at),
    ...(instance === undefined ? {} : { instance }),
    source: text(fields, "source") ?? "metrics",
    ...(typeof duration === "number" ? { duration: durationMs(duration) } : {}),
    outcome: readOutcome(fields),
  };
}

function readOutcome(fields: ReadonlyMap<string, unknown>): ScrapeOutcome {
  const status = fields.get("status");
  if (typeof status !== "number") throw new RangeError(`expected "status", an HTTP status, or 0 where no answer came`);
  const why = text(fields, "err") ?? "";
  if (status === 0) return { kind: FAILURES.find((kind) => kind === fields.get("kind")) ?? "unreachable", why };
  if (status !== 200) return { kind: "http-status", status, why: why === "" ? `the server answered ${status}` : why };
  const base64 = text(fields, "base64");
  const page = text(fields, "body");
  if (base64 === undefined && page === undefined) throw new RangeError(`expected "body", the page as text`);
  const body = base64 === undefined ? Buffer.from(page ?? "") : Buffer.from(base64, "base64");
  return { kind: "body", body, length: body.length };
}

function readObject(line: string): ReadonlyMap<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new RangeError("expected one JSON object on the line");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new RangeError("expected one JSON object on the line");
  }
  return new Map(Object.entries(value));
}

function text(fields: ReadonlyMap<string, unknown>, name: string): string | undefined {
  const value = fields.get(name);
  if (value === undefined || typeof value === "string") return value;
  throw new RangeError(`expected text in "${name}"`);
}
