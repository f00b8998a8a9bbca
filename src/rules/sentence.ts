import { durationMs, formatDuration } from "../series/time.ts";
import { quantity } from "./evidence.ts";
import type { Evidence, Json } from "./types.ts";

/** Above so many events a bound in counts says no more than one a second. */
const FEW = 10;

/**
 * Evidence as one sentence a person on call understands; empty where the evidence is not a statistic.
 * @param labels the subject's, which tell what a sibling differs in
 */
export function sentenceOf(evidence: Evidence, labels: Readonly<Record<string, string>> = {}): string {
  const { observed, expected, since } = evidence;
  const signal = signalOf(evidence);
  const what = seen(signal, evidence);
  if (what === undefined || typeof observed !== "number") return "";
  const parts = [`Seen: ${what}${splitText(evidence["split"])}`];
  if (typeof expected === "number") parts.push(`expected about ${quantity(signal, expected)}`);
  parts.push(...band(signal, evidence), ...circumstances(evidence, labels));
  if (typeof since === "string") parts.push(`since ${since.replace(/\.\d+Z$/, "Z")}`);
  return `${parts.join("; ")}.`;
}

/** What has bent the judgement: little knowledge, somebody else's normal, raised thresholds, people's words. */
function circumstances(evidence: Evidence, labels: Readonly<Record<string, string>>): readonly string[] {
  const { learning, widened, prior, raised, called_normal: called } = evidence;
  const parts: string[] = [];
  if (learning === true) parts.push(learningText(widened));
  if (isObject(prior)) parts.push(`judged at first by the normal of ${differing(prior, labels)}`);
  if (typeof raised === "string") parts.push(`the threshold is ${raised}`);
  if (Array.isArray(called)) parts.push(...called.map(String));
  return parts;
}

function learningText(widened: Json | undefined): string {
  if (typeof widened !== "number" || widened === 1) return "still learning";
  return `still learning, so judged with ${widened === 2 ? "doubled thresholds" : `thresholds ${widened} times as high`}`;
}

/** A sibling by the labels in which it is another; by all of them where it is not. */
function differing(prior: { readonly [name: string]: Json }, labels: Readonly<Record<string, string>>): string {
  const other = Object.entries(prior).filter(([name, value]) => value !== labels[name]);
  const told = other.length > 0 ? other : Object.entries(prior);
  return told.map(([name, value]) => `${name} ${plain(String(value))}`).join(", ");
}

/** The nearest value that would not have fired. */
function band(signal: unknown, evidence: Evidence): readonly string[] {
  const { would_not_fire: edge, lower, upper, window_seconds: seconds } = evidence;
  if (typeof edge !== "number") return [];
  if (edge === lower && edge !== upper) {
    if (signal === "rate" && edge <= 0) return ["no rate would have fired yet"];
    const least = signal === "rate" && typeof seconds === "number" && seconds > 0 ? edge * seconds : FEW;
    return least < FEW
      ? [`${fewest(Math.ceil(least), evidence)} in ${spanOf(seconds)} would not have fired`]
      : [`${quantity(signal, edge)} or more would not have fired`];
  }
  return signal === "ratio" && edge >= 1
    ? ["no ratio would have fired yet"]
    : [`up to ${quantity(signal, edge)} would not have fired`];
}

/** "one request", "3 requests"; without a noun they are events. */
function fewest(count: number, { counted }: Evidence): string {
  const noun = typeof counted === "string" ? counted : "events";
  return count <= 1 ? `one ${noun.replace(/s$/, "")}` : `${count} ${noun}`;
}

/** A split in words: ": 12 BACKEND, 3 REJECTED"; empty where there is none. */
function splitText(split: Json | undefined): string {
  if (!isObject(split) || !isObject(split["counts"])) return "";
  const sorted = Object.entries(split["counts"]).sort(([, m], [, n]) => Number(n) - Number(m));
  const parts = sorted.map(([value, count]) => `${String(count)} ${plain(value)}`);
  if (typeof split["other"] === "number") parts.push(`${split["other"]} others`);
  return `: ${parts.join(", ")}`;
}

const isObject = (json: Json | undefined): json is { readonly [name: string]: Json } =>
  typeof json === "object" && json !== null && !Array.isArray(json);

/** A label's value as a word of a sentence; in quotes where it is none. */
const plain = (value: string): string => (/^[\w.:/-]+$/.test(value) ? value : JSON.stringify(value));

/** What values are written in. */
const signalOf = ({ unit, signal }: Evidence): Json | undefined => (unit === "us" ? "duration" : signal);

function seen(signal: unknown, evidence: Evidence): string | undefined {
  const { numerator, denominator, observed, window_seconds: seconds, counted, decayed } = evidence;
  if (typeof observed !== "number" || typeof numerator !== "number" || typeof denominator !== "number")
    return undefined;
  const span = typeof seconds === "number" && seconds > 0 ? ` in ${spanOf(seconds)}` : " in one scrape";
  const noun = typeof counted === "string" ? ` ${counted}` : "";
  const [k, n] = decayed === true ? [thousands(numerator), thousands(denominator)] : [numerator, denominator];
  const about = decayed === true ? "about " : "";
  if (signal === "ratio") return `${about}${k} of ${n} (${quantity(signal, observed)})${span}`;
  if (signal === "rate") return `${about}${k}${noun} (${quantity(signal, observed)})${span}`;
  if (signal === "mean" || signal === "duration")
    return `${quantity(signal, observed)} on average over ${n}${noun}${span}`;
  return `${quantity(signal, observed)}${noun}`;
}

const spanOf = (seconds: Json | undefined): string => formatDuration(durationMs(Math.round(Number(seconds)) * 1000));

/** "3,890" */
const thousands = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ",");
