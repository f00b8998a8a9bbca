import { expect, test } from "vitest";
import { durationMs, epochMs } from "../../../src/series/time.ts";
import { linted, said } from "./lint.ts";

test("the order of findings is that of the file, each with its place, its severity and its lint", () => {
  const text =
    "- alert: A\n  expr: nv_gpu_utilization > 2\n  for: 20s\n  labels: { severity: hgih, 'a-b': '{{ $value }}' }";
  expect(linted(text)).toEqual([
    '4:12 warning missing-summary: group "g", rule 1, "A": it has no summary: expected an annotation that says in a line what is so',
    '4:12 info missing-runbook: group "g", rule 1, "A": it has no runbook_url: expected an annotation that leads to what to do',
    '5:11 warning never-fires: group "g", rule 1, "A": it never fires: a value from 0 to 1 is never > 2',
    '6:10 warning short-for: group "g", rule 1, "A": for 20s is shorter than two evaluations, one every 15s: expected more, or 0s',
    '7:25 warning unknown-severity: group "g", rule 1, "A": severity "hgih" is unknown: expected one of critical, warning, info, none',
    '7:31 warning quoted-name: group "g", rule 1, "A": label name "a-b" must be quoted in PromQL: expected letters, digits and "_"',
    '7:38 error value-in-label: group "g", rule 1, "A": label "a-b" contains the value: whenever it changes this is another alert',
  ]);
});

test("a label of the group is the rule's, and its mistakes stand at the group", () => {
  const text = "groups:\n- name: g\n  labels: { severity: page }\n  rules:\n  - { alert: A, expr: up == 0 }";
  expect(linted(text).filter((line) => line.includes("severity"))).toEqual([
    expect.stringMatching(/^3:23 warning unknown-severity/),
  ]);
});

test("a severity that is a template may be anything", () => {
  const text = `- { alert: A, expr: up == 0, labels: { severity: '{{ if eq $labels.job "x" }}critical{{ end }}' } }`;
  expect(said("unknown-severity", text)).toEqual([]);
  expect(said("missing-severity", text)).toEqual([]);
});

test("the interval of a group counts before that of the scrapes", () => {
  const text = "groups: [{ name: g, interval: 1m, rules: [{ alert: A, expr: up == 0, for: 90s }] }]";
  expect(said("short-for", text)).toEqual([
    "for 1m30s is shorter than two evaluations, one every 1m: expected more, or 0s",
  ]);
  expect(said("short-for", text.replace("interval: 1m, ", ""), { interval: durationMs(60_000) })).toHaveLength(1);
  expect(said("short-for", text.replace("interval: 1m, ", ""))).toEqual([]);
});

test("ranges are held against the interval of the scrapes", () => {
  const text = "- { alert: A, expr: 'rate(nv_inference_count[20s]) > 1 and nv_inference_count offset 1s > 1' }";
  expect(said("short-range", text)).toHaveLength(1);
  expect(said("short-range", text, { scrapeInterval: durationMs(10_000) })).toEqual([]);
});

test("rules of several files are compared", () => {
  const [line] = linted("- { alert: A, expr: up == 0 }", {}, "- { alert: B, expr: up == 1 }").filter((one) =>
    one.includes("duplicate"),
  );
  expect(line).toBeUndefined();
  const twins = ["- { alert: A, expr: up == 0 }", "- { alert: A, expr: up == 1 }"];
  expect(linted(twins[1]!, {}, twins[0]!).join()).not.toContain("duplicate");
  expect(linted(`${twins[0]}\n- { alert: B, expr: 'up  == 0' }`).join("\n")).toContain(
    'duplicate-rule: group "g", rule 2, "B": fires on the same as A at a.yml:4',
  );
});

test("tiers of one condition are no duplicates", () => {
  const tier = (severity: string, rest = "") =>
    `- { alert: A, expr: up == 0, labels: { severity: ${severity} }${rest} }`;
  expect(said("duplicate-rule", [tier("warning"), tier("critical", ", for: 10m")].join("\n"))).toEqual([]);
});

const excepting = (...exceptions: string[]): string =>
  `- { alert: A, expr: up == 0, except: [${exceptions.map((one) => `{ ${one}, reason: x }`).join(", ")}] }`;

test.each([
  [["match: { a: b }", "match: { a: b, c: d }"], 1],
  [["match: { a: b }", "match: { a: b }"], 1],
  [["match: 'a=~\"b.*\"'", "match: { a: bc }"], 1],
  [["match: { a: b }, until: 2030-01-01", "match: { a: b, c: d }"], 0],
  [["match: { a: b }, until: 2030-01-01", "match: { a: b, c: d }, until: 2029-01-01"], 1],
  [["match: { a: b }", "match: { c: d }"], 0],
] as const)("overlapping-exceptions of %j: %i", (exceptions, found) => {
  expect(said("overlapping-exceptions", excepting(...exceptions))).toHaveLength(found);
});

test("an exception is expired from the instant on at which it ends", () => {
  const rule = excepting("match: { a: b }, until: 2026-11-22T00:00:00Z");
  const at = (ms: number) => said("expired-exception", rule, { now: epochMs(Date.UTC(2026, 10, 22) + ms) });
  expect(at(-1)).toEqual([]);
  expect(at(0)).toHaveLength(1);
});

test("whether an exception is of use is asked only where a recording can tell", () => {
  const rule = excepting("match: { a: b }");
  expect(said("unused-exception", rule)).toEqual([]);
  expect(said("unused-exception", rule, { hits: () => 0 })).toHaveLength(1);
  expect(said("unused-exception", rule, { hits: () => 1 })).toEqual([]);
});

test("time in a label changes as a value does", () => {
  const rule = "- { alert: A, expr: up == 0, labels: { at: '{{ humanizeTimestamp 1.0 }}' } }";
  expect(said("value-in-label", rule)).toEqual([
    'label "at" contains the time: whenever it changes this is another alert',
  ]);
});

test("rules that are switched off are nobody's trouble", () => {
  const text =
    "groups: [{ name: g, rules: [{ alert: A, expr: vector(1) }] }]\noverrides: [{ alert: A, disabled: true }]";
  expect(linted(text)).toEqual([]);
});
