import type { z } from "zod";
import { HttpClient } from "../../http/http-client.ts";
import { Labels } from "../../series/labels.ts";
import { durationMs, type EpochMs, epochMs, formatTime } from "../../series/time.ts";
import { printable } from "../../telemetry/printable.ts";
import type { ApiRuleGroups } from "../../web/api-types.ts";
import { ruleGroups } from "../../web/schemas/alerts.ts";
import { subjectHistory, subjects as subjectsSchema } from "../../web/schemas/monitor.ts";
import type { ApiSubjectHistory } from "../../web/subject-types.ts";
import type { Running } from "../query/ask-running.ts";
import { UserMistake } from "../user-mistake.ts";
import { chooseSubject, parseSubject } from "./choose-subject.ts";
import type { Asked, Explained, ExplainedPoint } from "./explained.ts";
import { noSuchRule } from "./named-rules.ts";

const TIMEOUT = durationMs(15_000);
const MOST_BYTES = 64 * 1024 * 1024;

/** What became of asking; `unreachable`: nobody answered. */
type Reply =
  | { readonly kind: "explained"; readonly is: Explained }
  | { readonly kind: "unreachable"; readonly why: string };

class Unreachable extends Error {}

/**
 * Asks a running program how a rule's detector sees one subject.
 * @throws UserMistake where the rule is unknown, not exactly one subject is meant, or something else answers
 */
export async function explainRunning(running: Running, asked: Asked): Promise<Reply> {
  const matchers = parseSubject(asked.subject);
  const tls = running.caFile === undefined ? {} : { tls: { caFile: running.caFile, insecureSkipVerify: false } };
  const client = new HttpClient(tls, running.userAgent);
  const get = <T>(schema: z.ZodType<T>, path: string) =>
    getJson(client, schema, `${running.url.replace(/\/+$/, "")}/api/v1/${path}`);
  try {
    const { subjects } = await get(subjectsSchema, `subjects?rule=${encodeURIComponent(asked.rule)}`);
    if (subjects.length === 0) refuseUnknown(asked.rule, await get(ruleGroups, "rules"));
    const named = subjects.map(({ id, labels }) => ({ id, labels: Labels.of(labels) }));
    const { id } = chooseSubject(named, { ...asked, matchers });
    const subject = await get(subjectHistory, `subjects/${encodeURIComponent(id)}`);
    return { kind: "explained", is: explained(subject, asked) };
  } catch (error) {
    if (error instanceof Unreachable) return { kind: "unreachable", why: error.message };
    throw error;
  } finally {
    await client.close();
  }
}

function refuseUnknown(name: string, { groups }: ApiRuleGroups): void {
  const names = new Set(groups.flatMap(({ rules }) => rules.map((rule) => rule.name)));
  if (!names.has(name)) throw new UserMistake(noSuchRule(name, names));
}

/** The data of an answer, as far as it is what was asked for. */
async function getJson<T>(client: HttpClient, schema: z.ZodType<T>, url: string): Promise<T> {
  const reply = await client.request({ method: "GET", url, timeout: TIMEOUT, maxBytes: MOST_BYTES });
  if (reply.kind === "unprepared") throw new UserMistake(printable(reply.why));
  if (reply.kind !== "answer") throw new Unreachable(reply.why);
  const { data, error } = envelopeOf(reply.body.toString());
  if (reply.status !== 200) {
    const why = typeof error === "string" ? error : `the server answered ${reply.status}`;
    throw new UserMistake(`Cannot explain: ${printable(why)}`);
  }
  const read = schema.safeParse(data);
  if (read.success) return read.data;
  throw new UserMistake(
    `Cannot read the answer of ${printable(url)}: expected that of a triton-sentinel like this one`,
  );
}

function envelopeOf(text: string): { readonly data?: unknown; readonly error?: unknown } {
  try {
    const envelope: unknown = JSON.parse(text);
    return typeof envelope === "object" && envelope !== null ? envelope : {};
  } catch {
    return {};
  }
}

function explained(subject: ApiSubjectHistory, asked: Asked): Explained {
  const { rule, labels, unit, state, score, verdict, looked, learning, prior, raised, tolerated } = subject;
  const points = pointsOf(subject.history);
  const before = asked.at === undefined ? points : points.filter(({ at }) => at <= asked.at!);
  const newest = before.at(-1);
  if (asked.at !== undefined && newest === undefined) {
    const since = points[0] ? `; it holds them since ${formatTime(points[0].at)}` : "";
    throw new UserMistake(`Cannot explain ${formatTime(asked.at)}: the server holds no reading so old${since}`);
  }
  const then = asked.at !== undefined && newest !== points.at(-1) ? newest : undefined;
  return {
    ...{ rule, labels, unit, points },
    at: newest?.at ?? epochMs(0),
    state: then ? "" : state,
    score: then?.score ?? score,
    verdict: then ? "" : verdict,
    ...(!then && { looked }),
    tests: [],
    ...(raised && !then && { raise: raised.nats }),
    ...(learning && !then && { learning }),
    ...(prior && { prior }),
    ...(tolerated && !then && { tolerated }),
  };
}

/** The columns of a history as points. */
function pointsOf({ at, observed, expected, lower, upper, score }: ApiSubjectHistory["history"]): ExplainedPoint[] {
  return at.map((seconds, i) => ({
    at: epochMs(Math.round(seconds * 1000)) satisfies EpochMs,
    ...value("observed", observed[i]),
    ...value("expected", expected[i]),
    ...value("lower", lower[i]),
    ...value("upper", upper[i]),
    score: score[i] ?? 0,
  }));
}

const value = <Name extends string>(name: Name, number: number | null | undefined) =>
  (typeof number === "number" ? { [name]: number } : {}) as { readonly [N in Name]?: number };
