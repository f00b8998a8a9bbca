import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Transition } from "../../src/alerts/types.ts";
import type { AlertRule } from "../../src/rules/types.ts";
import { packagedRules } from "../monitor/bench.ts";
import { AVAILABILITY } from "./packaged/availability.ts";
import { FLEET } from "./packaged/fleet.ts";
import { INFERENCE } from "./packaged/inference.ts";
import { METRICS } from "./packaged/metrics.ts";
import { MODELS } from "./packaged/models.ts";
import type { Scenario } from "./packaged/scenario.ts";

const SCENARIOS = [...AVAILABILITY, ...MODELS, ...INFERENCE, ...METRICS, ...FLEET];
/** What is not about one server. */
const OF_THE_FLEET = ["TritonFleetAnomaly"];
/** The watchdog fires for ever; nothing can keep it quiet. */
const NEVER_QUIET = ["SentinelWatchdog"];

const firings = ({ alert, resource, play }: Scenario): readonly Transition[] =>
  play().transitions.filter(
    ({ labels, state }) =>
      state === "firing" && labels.get("alertname") === alert && (!resource || labels.get("resource") === resource),
  );

describe("a packaged alert fires", () => {
  test.each(SCENARIOS.filter(({ fires }) => fires))("$alert: $story", (scenario) => {
    const fired = firings(scenario);
    expect(fired.length).toBeGreaterThanOrEqual(1);
    const { labels, annotations, evidence } = fired[0]!;
    const rule = ruleOf(scenario);
    expect(labels.get("severity")).toBe(textOf(rule, "severity"));
    expect(labels.get("category")).toBe(textOf(rule, "category"));
    expect(Object.keys(evidence).length).toBeGreaterThan(0);
    for (const text of Object.values(annotations)) expect(text).not.toMatch(/<error|<no value>|undefined|NaN/);
    if (scenario.alert.startsWith("Sentinel") || OF_THE_FLEET.includes(scenario.alert)) return;
    expect(labels.get("instance")).toBe("gpu:8002");
    expect(labels.get("job")).toBe("triton");
    expect(annotations["description"]).toMatch(/\d/);
  });
});

describe("a packaged alert stays quiet", () => {
  test.each(SCENARIOS.filter(({ fires }) => !fires))("$alert: $story", (scenario) => {
    expect(firings(scenario).map(({ labels, evidence }) => `${labels} ${JSON.stringify(evidence)}`)).toEqual([]);
  });
});

test("every packaged alert has a scenario in which it fires and one in which it stays quiet", () => {
  const played = (fires: boolean) =>
    new Set(SCENARIOS.filter((one) => one.fires === fires).map(({ alert, resource = "" }) => `${alert} ${resource}`));
  const rules = new Set(packagedRules.alertRules().map((rule) => `${rule.name} ${textOf(rule, "resource")}`));
  expect(played(true)).toEqual(rules);
  for (const rule of NEVER_QUIET) rules.delete(`${rule} `);
  expect(played(false)).toEqual(rules);
});

test("every packaged alert says what to do, how bad it is, and where its runbook is", () => {
  const runbooks = readdirSync(new URL("../../docs/runbooks", import.meta.url));
  for (const rule of packagedRules.alertRules()) {
    const annotations = new Map(rule.annotations);
    expect([...annotations.keys()].sort(), rule.name).toEqual(["description", "remediation", "runbook_url", "summary"]);
    expect(["critical", "warning", "info", "none"], rule.name).toContain(textOf(rule, "severity"));
    expect(runbooks).toContain(`${rule.name}.md`);
  }
});

const ruleOf = ({ alert, resource }: Scenario): AlertRule =>
  packagedRules
    .alertRules()
    .find((rule) => rule.name === alert && (!resource || textOf(rule, "resource") === resource))!;

/** The text of a rule's label, which in the packaged rules has no template in it. */
const textOf = (rule: AlertRule, name: string): string => new Map(rule.labels).get(name)?.text ?? "";
