import { parseDuration, SECOND } from "../../series/time.ts";
import type { TemplateFunction } from "./ast.ts";
import { index, len, slice } from "./collections.ts";
import { compareValues, equalValues } from "./compare.ts";
import { html, js, queryEscape, urlquery } from "./escape.ts";
import { stripDomain, stripPort } from "./hosts.ts";
import { humanize, humanize1024, humanizeDuration, humanizePercentage, humanizeTimestamp } from "./humanize.ts";
import { title, toLower, toUpper } from "./letters.ts";
import { print, println } from "./print.ts";
import { printf } from "./printf.ts";
import { matchText, replaceAll } from "./regex.ts";
import { first, label, query, sampleValue, sortByLabel, strvalue } from "./samples.ts";
import { toDuration, toTime } from "./time.ts";
import { asText, Dict, isTrue, type Value } from "./values.ts";

/** A function of Go that has nothing to call here: no value of a template is a function. */
export const REFUSED: ReadonlySet<string> = new Set(["call"]);

type Call = TemplateFunction["call"];

const exactly = (count: number, call: Call): TemplateFunction => ({ min: count, max: count, call });

const any = (min: number, call: Call): TemplateFunction => ({ min, max: Infinity, call });

const one = (call: (value: Value) => Value): TemplateFunction => exactly(1, ([value]) => call(value!));

const texts = (name: string, count: number, call: (...texts: string[]) => Value): TemplateFunction =>
  exactly(count, (args) => call(...args.map((arg) => asText(name, arg))));

/** Go looks no further than the first that is equal. */
const eq: Call = ([a, ...others]) => others.some((b) => equalValues("eq", a!, b));

const compare = (name: string, holds: (order: number) => boolean): TemplateFunction =>
  exactly(2, ([a, b]) => holds(compareValues(name, a!, b!)));

const match: Call = (args, run) => {
  const [pattern, text] = args.map((arg) => asText("match", arg));
  return matchText(pattern!, text!, run);
};

const reReplaceAll: Call = (args, run) => {
  const [pattern, by, text] = args.map((arg) => asText("reReplaceAll", arg));
  return replaceAll(pattern!, by!, text!, run);
};

const now: Call = (_, { at }) => {
  if (at === undefined) throw new RangeError("Cannot call now: no evaluation has a time here");
  return at / 1000;
};

/** The path of the external URL, unescaped; "" where it has none. */
const pathPrefix: Call = (_, { externalURL }) => {
  const path = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*([^?#]*)/i.exec(externalURL)?.[1] ?? "";
  return path.replace(/(?:%[\da-f]{2})+/gi, (escaped) => {
    const bytes = escaped
      .slice(1)
      .split("%")
      .map((hex) => Number.parseInt(hex, 16));
    return new TextDecoder().decode(Uint8Array.from(bytes));
  });
};

/** Where Prometheus' web interface shows an expression. */
const link = (expr: string, tab: 0 | 1): string => `/graph?g0.expr=${queryEscape(expr)}&g0.tab=${tab}`;

/** Every function a template can call, but `and` and `or`, which do not always look at all their arguments. */
export const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ["eq", any(2, eq)],
  ["ne", exactly(2, ([a, b]) => !equalValues("ne", a!, b!))],
  // Go answers gt and ge by denying le and lt, so both hold for NaN.
  ["lt", compare("lt", (order) => order < 0)],
  ["le", compare("le", (order) => order <= 0)],
  ["gt", compare("gt", (order) => !(order <= 0))],
  ["ge", compare("ge", (order) => !(order < 0))],
  ["not", one((value) => !isTrue(value))],
  ["len", one(len)],
  ["index", any(1, index)],
  ["slice", any(1, slice)],
  ["print", any(0, print)],
  ["println", any(0, println)],
  ["printf", any(1, printf)],
  ["html", any(0, html)],
  ["js", any(0, js)],
  ["urlquery", any(0, urlquery)],
  ["query", exactly(1, query)],
  ["first", exactly(1, first)],
  ["label", exactly(2, label)],
  ["value", exactly(1, sampleValue)],
  ["strvalue", exactly(1, strvalue)],
  ["sortByLabel", exactly(2, sortByLabel)],
  ["args", any(0, (args) => new Dict(args.map((arg, i) => [`arg${i}`, arg])))],
  ["humanize", one(humanize)],
  ["humanize1024", one(humanize1024)],
  ["humanizePercentage", one(humanizePercentage)],
  ["humanizeDuration", one(humanizeDuration)],
  ["humanizeTimestamp", one(humanizeTimestamp)],
  ["toTime", one(toTime)],
  ["toDuration", one(toDuration)],
  ["now", exactly(0, now)],
  ["title", texts("title", 1, (text) => title(text!))],
  ["toUpper", texts("toUpper", 1, (text) => toUpper(text!))],
  ["toLower", texts("toLower", 1, (text) => toLower(text!))],
  ["safeHtml", texts("safeHtml", 1, (text) => text!)],
  ["stripPort", texts("stripPort", 1, (text) => stripPort(text!))],
  ["stripDomain", texts("stripDomain", 1, (text) => stripDomain(text!))],
  ["parseDuration", texts("parseDuration", 1, (text) => parseDuration(text!) / SECOND)],
  ["match", exactly(2, match)],
  ["reReplaceAll", exactly(3, reReplaceAll)],
  ["graphLink", texts("graphLink", 1, (expr) => link(expr!, 0))],
  ["tableLink", texts("tableLink", 1, (expr) => link(expr!, 1))],
  ["urlQueryEscape", texts("urlQueryEscape", 1, (text) => queryEscape(text!))],
  ["pathPrefix", exactly(0, pathPrefix)],
  ["externalURL", exactly(0, (_, { externalURL }) => externalURL)],
]);
