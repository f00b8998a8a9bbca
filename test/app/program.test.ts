import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Program } from "../../src/app/program.ts";
import { readSettings } from "../../src/app/settings.ts";
import { MINUTE, SECOND } from "../../src/series/time.ts";
import { Telemetry } from "../../src/telemetry/telemetry.ts";
import { HandClock } from "../outputs/hand-clock.ts";

let folder: string;
let program: Program;
let clock: HandClock;
let logged: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "program-"));
  clock = new HandClock();
  logged = "";
});
afterEach(async () => {
  await program.stop(SECOND);
  rmSync(folder, { recursive: true });
});

const config = () => join(folder, "triton-sentinel.yml");
/** A configuration whose jobs find their targets in files that a test need not have. */
const jobs = (...names: string[]) =>
  `scrape_configs:\n${names.map((name) => `  - { job_name: ${name}, file_sd_configs: [{ files: ["${name}.yml"] }] }\n`).join("")}`;
const fixed = (...names: string[]) =>
  `scrape_configs:\n${names.map((name) => `  - { job_name: ${name}, static_configs: [{ targets: ["${name}:8002"] }] }\n`).join("")}`;

async function started(text: string): Promise<void> {
  writeFileSync(config(), text);
  const settings = () => readSettings({ config: config(), urls: [] });
  const first = await settings();
  program = await Program.make(first, {
    clock,
    telemetry: new Telemetry({
      ...{ version: "1", revision: "", logLevel: "error", logFormat: "json" },
      sink: { write: (line: string) => (logged += line) },
    }),
    version: "1",
    flags: {},
    settings,
    tell: () => {},
  });
  program.start(first.config.jobs);
}

const reload = async (text: string) => {
  writeFileSync(config(), text);
  return program.reloader.reload("signal");
};
const watched = () =>
  program.api.targets().activeTargets.map(({ scrapePool, labels }) => `${scrapePool} ${labels["instance"]}`);
const firing = () => program.api.alerts(false).alerts.map(({ labels }) => labels["alertname"]);

test.each([
  ["added", ["a", "b"]],
  ["renamed", ["b"]],
  ["swapped for two others", ["c", "d"]],
])("a static job that a reload has %s is watched, and its targets are counted", async (_, names) => {
  await started(fixed("a"));
  expect(await reload(fixed(...names))).toMatchObject({ kind: "done" });
  expect(watched()).toEqual(names.map((name) => `${name} ${name}:8002`));
  const page = await program.api.metrics("text");
  for (const name of names) expect(page).toContain(`triton_sentinel_discovered_targets{target_job="${name}"} 1\n`);
  expect(page).not.toContain(names.includes("a") ? "nothing" : 'discovered_targets{target_job="a"}');
  expect(await reload(fixed("a"))).toMatchObject({ kind: "done" });
  expect(watched()).toEqual(["a a:8002"]);
});

test("a job that finds nothing is counted with 0", async () => {
  await started(jobs("empty"));
  expect(await program.api.metrics("text")).toContain('triton_sentinel_discovered_targets{target_job="empty"} 0\n');
});

test("without any target rules are evaluated all the same: the watchdog barks", async () => {
  await started(jobs("empty"));
  expect(firing()).toEqual([]);
  await clock.pass(MINUTE);
  expect(firing()).toContain("SentinelWatchdog");
  const first = program.world.lastTick!;
  await clock.pass(MINUTE);
  expect(program.world.lastTick).toBeGreaterThan(first);
});

test("scrapes that are far apart do not hold up rules: there is a step at least every one and a half evaluation intervals", async () => {
  await started(`global: { scrape_interval: 1h, evaluation_interval: 1m }\n${jobs("slow")}`);
  const ticks = new Set<number>();
  for (let i = 0; i < 60; i++) {
    await clock.pass(10 * SECOND);
    if (program.world.lastTick !== undefined) ticks.add(program.world.lastTick);
  }
  const sorted = [...ticks].sort((a, b) => a - b);
  expect(sorted.length).toBeGreaterThan(5);
  expect(Math.max(...sorted.slice(1).map((at, i) => at - sorted[i]!))).toBeLessThanOrEqual(1.5 * MINUTE);
});

test("a group with an interval of its own is evaluated in its slots", async () => {
  writeFileSync(
    join(folder, "mine.yml"),
    "groups: [{ name: mine, interval: 2s, rules: [{ record: beat, expr: vector(1) }] }]\n",
  );
  await started(`rule_files: [mine.yml]\n${jobs("empty")}`);
  await clock.pass(20 * SECOND);
  const [state] = [...program.world.recordStates.values()].filter(({ rule }) => rule.name === "beat");
  expect(clock.now() - state!.lastEvaluation!).toBeLessThanOrEqual(2 * SECOND);
});

test("why a reload was refused is told to everybody by place and message; the lines of the file to whoever may reload, and the log", async () => {
  await started(fixed("a"));
  const rule = (line: string) => `groups: [{ name: mine, rules: [{ record: beat, expr: vector(1) }] }]\n${line}`;
  writeFileSync(join(folder, "mine.yml"), rule("bogus: hunter2 # and a note\n"));
  const refused = await reload(`rule_files: [mine.yml]\n${fixed("a")}`);
  const said = refused.kind === "refused" ? refused.why : "";
  expect([said, logged]).toEqual([expect.stringContaining("and a note"), expect.stringContaining("and a note")]);
  const place = /mine\.yml:2:1: error: .*bogus/;
  const shown = [program.api.reload().error, program.api.runtimeInfo().reloadConfigError].map(String);
  for (const text of [...shown, JSON.stringify(program.api.events(10, undefined))]) {
    expect(text).toMatch(place);
    expect(text).not.toMatch(/hunter2|and a note/);
  }
});

test("a program that is stopping takes no other configuration, and looks for no targets any more", async () => {
  await started(jobs("a"));
  const stopped = program.stop(SECOND);
  expect(await reload(jobs("b"))).toMatchObject({ kind: "refused", why: "the program is stopping" });
  await stopped;
  expect(clock.pending).toEqual([]);
});
