import { expect, test } from "vitest";
import { loadConfig } from "../../../src/config/load-config.ts";
import { relabelRegexText } from "../../../src/config/relabel-regex.ts";

function load(rule: string) {
  return loadConfig("c.yml", `alerting: { alert_relabel_configs: [{ ${rule} }] }`, new Map());
}

test("a rule has Prometheus' defaults", () => {
  const loaded = load("target_label: a");
  const [rule] = loaded.kind === "ok" ? loaded.config.alerting.relabel : [];
  expect({ ...rule, regex: relabelRegexText(rule!.regex) }).toEqual({
    action: "replace",
    sourceLabels: [],
    separator: ";",
    regex: "(.*)",
    replacement: "$1",
    targetLabel: "a",
    modulus: 0,
  });
});

test("an expression matches the whole of a value, over line ends", () => {
  const loaded = load('action: keep, regex: "a.|b"');
  const { regex } = (loaded.kind === "ok" ? loaded.config.alerting.relabel : [])[0]!;
  expect(["a\n", "b", "ab", "xb", "abc"].map((text) => regex.matches(text))).toEqual([true, true, true, false, false]);
});

test.each([
  "target_label: a",
  'target_label: "a_$1"',
  `target_label: "\${1}_b"`,
  'target_label: "$name"',
  "action: keep",
  "action: drop, source_labels: [__meta_x], regex: a, replacement: unused",
  "action: hashmod, modulus: 4, target_label: __tmp_h, source_labels: [a]",
  "action: labelmap, replacement: 'x_$1'",
  "action: labeldrop, regex: a",
  // As a Prometheus writes its own configuration down.
  'action: labelkeep, regex: a, separator: ";", replacement: "$1"',
  'action: dropequal, source_labels: [a], target_label: b, regex: "(.*)"',
  "action: lowercase, source_labels: [a], target_label: b",
])("{ %s } is right", (rule) => {
  expect(load(rule).kind).toBe("ok");
});

test.each([
  ["action: replace", "requires 'target_label'"],
  ["action: hashmod, target_label: a", "requires 'modulus'"],
  ["action: uppercase", "requires 'target_label'"],
  ["action: keepequal, source_labels: [a]", "requires 'target_label'"],
  ["action: dropequal, target_label: a, modulus: 3", "'modulus' cannot be set"],
  ["action: labelkeep, regex: a, target_label: b", "'target_label' cannot be set"],
  ['target_label: ""', "Cannot use label name"],
  ['target_label: "1a"', "Cannot use label name"],
  ['target_label: "a$"', "Cannot use label name"],
  ['action: lowercase, target_label: "$1"', "Cannot use label name"],
  ['action: labelmap, replacement: "a b"', "Cannot use label name"],
  ['action: keep, regex: "(?=a)"', "Cannot compile regular expression"],
  ['action: keep, regex: "a)|(b"', "Cannot compile regular expression"],
])("{ %s } is a mistake: %s", (rule, message) => {
  const loaded = load(rule);
  expect(loaded.kind === "mistakes" && loaded.mistakes.map((m) => m.message).join()).toContain(message);
});

test("names with references are checked in linear time", () => {
  expect(load(`target_label: "${"a$1".repeat(20_000)} "`).kind).toBe("mistakes");
});
