import { expect, test } from "vitest";
import type { LogLevel } from "../../src/telemetry/log.ts";
import { Telemetry } from "../../src/telemetry/telemetry.ts";
import { promtool, promtoolMissing } from "../outputs/promtool.ts";

const TARGET = { job: "triton", instance: "a:8002" };

function telemetry(logLevel: LogLevel = "info") {
  const lines: string[] = [];
  const sink = { write: (line: string) => lines.push(line.replace(/^ts=\S+ /, "").trim()) };
  return { lines, t: new Telemetry({ version: "1.2.3", revision: "abc", logLevel, logFormat: "logfmt", sink }) };
}

const down = { kind: "unreachable", why: "refused" };

test("scrapes are counted by outcome and not told one by one", async () => {
  const { t, lines } = telemetry();
  for (let i = 0; i < 3; i++) t.scrapeFinished(TARGET, { kind: "body" }, 0.01, 377);
  const text = await t.metricsText();
  expect(text).toContain('triton_sentinel_scrapes_total{outcome="body"} 3');
  expect(text).toContain("triton_sentinel_samples_total 1131");
  expect(text).toContain("triton_sentinel_scrape_seconds_count 3");
  expect(lines).toEqual([]);
});

test("a target is told when it begins to fail, fails in another way, and recovers", () => {
  const { t, lines } = telemetry();
  for (const outcome of [{ kind: "body" }, down, down, { kind: "too-slow" }, { kind: "body" }, { kind: "body" }]) {
    t.scrapeFinished(TARGET, outcome, 0.01, 0);
  }
  expect(lines).toEqual([
    'level=warn msg="target cannot be scraped" job=triton target=a:8002 outcome=unreachable why=refused',
    'level=warn msg="target cannot be scraped" job=triton target=a:8002 outcome=too-slow',
    'level=info msg="target can be scraped again" job=triton target=a:8002 after=too-slow',
  ]);
});

test("a target that is gone is forgotten", () => {
  const { t, lines } = telemetry();
  t.scrapeFinished(TARGET, down, 0.01, 0);
  t.targetGone(TARGET);
  t.scrapeFinished(TARGET, { kind: "body" }, 0.01, 0);
  expect(lines).toHaveLength(2);
});

test("at debug every scrape is told", () => {
  const { t, lines } = telemetry("debug");
  t.scrapeFinished(TARGET, { kind: "body" }, 0.01, 377);
  expect(lines).toEqual([
    'level=debug msg="scrape finished" job=triton target=a:8002 outcome=body seconds=0.01 samples=377',
  ]);
});

test("rules, alerts, reloads, bugs and the store are counted", async () => {
  const { t, lines } = telemetry();
  t.ruleEvaluated("Fine", 0.001);
  t.ruleEvaluated("Broken", 0.001, "many-to-many matching");
  t.alertTransition({ alertname: "X", state: "pending", labels: "{}" });
  t.alertTransition({ alertname: "X", state: "firing", labels: '{model="evil\n"}' });
  t.bugCaught("rule", new TypeError("oops"), "X");
  t.configLoaded(1_795_000_000);
  t.configRefused("sentinel.yml:3:1: unknown field");
  t.slotsMissed(0);
  t.slotsMissed(2);
  t.storeMeasured({ reachSeconds: 60, bytes: 1_000, series: 10 });
  const text = await t.metricsText();
  for (const line of [
    'triton_sentinel_build_info{version="1.2.3",revision="abc",nodeversion="',
    "triton_sentinel_rule_evaluation_duration_seconds_count 2",
    'triton_sentinel_rule_evaluation_failures_total{rule="Broken"} 1',
    'triton_sentinel_alert_transitions_total{state="firing"} 1',
    'triton_sentinel_internal_errors_total{where="rule"} 1',
    "triton_sentinel_config_last_reload_successful 0",
    "triton_sentinel_config_last_reload_success_timestamp_seconds 1795000000",
    "triton_sentinel_scrape_slots_missed_total 2",
    "triton_sentinel_store_reach_seconds 60",
    "nodejs_eventloop_lag_seconds",
    "process_resident_memory_bytes",
  ]) {
    expect(text).toContain(line);
  }
  expect(lines.map((line) => line.split(" ").slice(0, 3).join(" "))).toEqual([
    'level=error msg="rule cannot',
    'level=error msg="internal error"',
    'level=info msg="configuration loaded"',
    'level=error msg="configuration refused;',
  ]);
  expect(lines[1]).toContain(String.raw`stack="TypeError: oops\n    at `);
});

test.skipIf(promtoolMissing)("promtool has nothing to object to", async () => {
  const { t } = telemetry();
  t.scrapeFinished(TARGET, { kind: "body" }, 0.01, 377);
  t.ruleEvaluated('evil "\n{}', 0.1, "x");
  expect(await promtool(["check", "metrics"], await t.metricsText())).toEqual({ code: 0, output: "" });
});

test("each rule is counted from 0, and forgotten when it is no longer there", async () => {
  const { t } = telemetry();
  t.rulesInForce([{ name: "A", severity: "critical" }, { name: "B", severity: "info" }, { name: "recorded" }]);
  t.ruleEvaluated("A", 0.25);
  t.ruleEvaluated("A", 0.25, "cannot");
  t.alertTransition({ alertname: "A", severity: "critical", state: "firing", labels: "{}" });
  t.rulesInForce([{ name: "A", severity: "critical" }, { name: "recorded" }]);
  const text = await t.metricsText();
  expect(
    text.split("\n").filter((line) => /^triton_sentinel_(rule_evaluation.*rule=|alerts_fired)/.test(line)),
  ).toEqual([
    'triton_sentinel_rule_evaluations_total{rule="A"} 2',
    'triton_sentinel_rule_evaluations_total{rule="recorded"} 0',
    'triton_sentinel_rule_evaluation_seconds_total{rule="A"} 0.5',
    'triton_sentinel_rule_evaluation_seconds_total{rule="recorded"} 0',
    'triton_sentinel_rule_evaluation_failures_total{rule="A"} 1',
    'triton_sentinel_rule_evaluation_failures_total{rule="recorded"} 0',
    'triton_sentinel_alerts_fired_total{alertname="A",severity="critical"} 1',
  ]);
});

test("severities that are made up without end are counted together", async () => {
  const { t } = telemetry();
  for (let i = 0; i < 100; i++) t.alertTransition({ alertname: "A", severity: `s${i}`, state: "firing", labels: "{}" });
  const lines = (await t.metricsText()).split("\n").filter((line) => line.includes("alerts_fired_total{"));
  expect(lines).toHaveLength(21);
  expect(lines.at(-1)).toBe('triton_sentinel_alerts_fired_total{alertname="A",severity="other"} 80');
});

test("targets, looks for them, announcements, reloads and refusals are counted", async () => {
  const { t, lines } = telemetry();
  t.targetsChanged(new Map([["gone", { active: 1, dropped: 0 }]]));
  t.targetsChanged(new Map([["triton", { active: 2, dropped: 1 }]]));
  t.discoveryFailed("dns", "no answer");
  t.announced("accepted", { model: "bert", by: "ci" });
  t.configLoaded(1_795_000_000, "old");
  t.configLoaded(1_795_000_001, "new");
  t.configRefused("sentinel.yml:3:1: unknown field");
  for (const models of [5, 2, 3]) t.refusedSoFar({ models, series: 7 });
  t.stepped(1_795_000_002);
  t.streamClients(4);
  const text = (await t.metricsText()).split("\n");
  for (const line of [
    'discovered_targets{target_job="triton"} 2',
    'dropped_targets{target_job="triton"} 1',
    'discovery_failures_total{kind="dns"} 1',
    'announcements_total{outcome="accepted"} 1',
    'announcements_total{outcome="refused"} 0',
    'config_reloads_total{outcome="loaded"} 2',
    'config_reloads_total{outcome="refused"} 1',
    'config_hash_info{hash="new"} 1',
    'refused_total{what="models"} 6',
    'refused_total{what="series"} 7',
    'refused_total{what="subjects"} 0',
    "last_step_timestamp_seconds 1795000002",
    "stream_clients 4",
  ]) {
    expect(text).toContain(`triton_sentinel_${line}`);
  }
  expect(text.filter((line) => /"gone"|hash="old"/.test(line))).toEqual([]);
  expect(lines[0]).toBe('level=warn msg="targets cannot be looked up; those there were stay" kind=dns why="no answer"');
});
