import { Labels } from "../series/labels.ts";
import { parseDuration, SECOND } from "../series/time.ts";
import type { TemplateFunction, Value } from "./template-ast.ts";
import { stripDomain, stripPort } from "./template-hosts.ts";
import {
  humanize,
  humanize1024,
  humanizeDuration,
  humanizePercentage,
  humanizeTimestamp,
} from "./template-humanize.ts";
import { printf } from "./template-printf.ts";
import { matchText, replaceAll } from "./template-regex.ts";
import { html, js, print, println, title, toLower, toUpper, urlquery } from "./template-text.ts";
import { asText, compareValues, isTrue, typeName } from "./template-values.ts";

/** Functions of Go or Prometheus that this program does not offer: they query, tell the time or make values it does not know. */
export const ELSEWHERE: ReadonlySet<string> = new Set(
  (
    "query first label value strvalue sortByLabel args toTime toDuration now tableLink graphLink pathPrefix externalURL " +
    "urlQueryEscape call slice nil"
  ).split(" "),
);

const one = (call: (value: Value) => Value): TemplateFunction => ({ min: 1, max: 1, call: ([value]) => call(value!) });

const texts = (name: string, count: number, call: (...texts: string[]) => Value): TemplateFunction => ({
  min: count,
  max: count,
  call: (args) => call(...args.map((arg) => asText(name, arg))),
});

const any = (min: number, call: (args: readonly Value[]) => Value): TemplateFunction => ({ min, max: Infinity, call });

const compare = (name: string, holds: (order: number) => boolean): TemplateFunction => ({
  min: 2,
  max: 2,
  call: ([a, b]) => holds(compareValues(name, a!, b!)),
});

/** Bytes of a string, labels of a label set. */
function len(value: Value): bigint {
  if (value instanceof Labels) return BigInt(value.pairs.length);
  if (typeof value === "string") return BigInt(new TextEncoder().encode(value).length);
  throw new RangeError(`Cannot call len: ${typeName(value)} has no length`);
}

function index([of, name]: readonly Value[]): Value {
  if (of instanceof Labels) return of.get(asText("index", name)) ?? "";
  throw new RangeError(`Cannot call index: expected labels, got ${typeName(of!)}`);
}

/** Every function a template can call, but `and` and `or`, which do not always look at all their arguments. */
export const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ["eq", any(2, ([a, ...others]) => others.some((b) => compareValues("eq", a!, b) === 0))],
  // Go answers gt and ge by denying le and lt, so both hold for NaN.
  ["ne", compare("ne", (order) => order !== 0)],
  ["lt", compare("lt", (order) => order < 0)],
  ["le", compare("le", (order) => order <= 0)],
  ["gt", compare("gt", (order) => !(order <= 0))],
  ["ge", compare("ge", (order) => !(order < 0))],
  ["not", one((value) => !isTrue(value))],
  ["len", one(len)],
  ["index", { min: 2, max: 2, call: index }],
  ["print", any(0, print)],
  ["println", any(0, println)],
  ["printf", any(1, printf)],
  ["html", any(1, html)],
  ["js", any(1, js)],
  ["urlquery", any(1, urlquery)],
  ["humanize", one(humanize)],
  ["humanize1024", one(humanize1024)],
  ["humanizePercentage", one(humanizePercentage)],
  ["humanizeDuration", one(humanizeDuration)],
  ["humanizeTimestamp", one(humanizeTimestamp)],
  ["title", texts("title", 1, (text) => title(text!))],
  ["toUpper", texts("toUpper", 1, (text) => toUpper(text!))],
  ["toLower", texts("toLower", 1, (text) => toLower(text!))],
  ["safeHtml", texts("safeHtml", 1, (text) => text!)],
  ["stripPort", texts("stripPort", 1, (text) => stripPort(text!))],
  ["stripDomain", texts("stripDomain", 1, (text) => stripDomain(text!))],
  ["parseDuration", texts("parseDuration", 1, (text) => parseDuration(text!) / SECOND)],
  ["match", texts("match", 2, (pattern, text) => matchText(pattern!, text!))],
  ["reReplaceAll", texts("reReplaceAll", 3, (pattern, by, text) => replaceAll(pattern!, by!, text!))],
]);
