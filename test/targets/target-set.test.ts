import { afterEach, beforeEach, expect, test } from "vitest";
import { Labels } from "../../src/series/labels.ts";
import { durationMs } from "../../src/series/time.ts";
import type { DiscoveryOptions, ScrapeJob } from "../../src/targets/job.ts";
import { TargetSet, type TargetsFound } from "../../src/targets/target-set.ts";
import { type Answer, FakeTriton } from "../support/fake-triton.ts";
import { TestPorts } from "./discovery/ports.ts";
import { jobOf, ruleOf } from "./job-of.ts";

let ports: TestPorts;
let told: TargetsFound[];
let set: TargetSet;
let heard: (() => void)[];

beforeEach(() => {
  ports = new TestPorts();
  told = [];
  heard = [];
  set = new TargetSet(ports, (found) => {
    told.push(found);
    for (const one of heard.splice(0)) one();
  });
});
afterEach(() => set.stop());

const fixed = (...targets: string[]): DiscoveryOptions => ({ kind: "static", targets, labels: Labels.EMPTY });
const fixedJob = (jobName: string, ...targets: string[]): ScrapeJob =>
  jobOf({ jobName, discoveries: [fixed(...targets)] });

/** A server of target groups, and the options that look at it every second. */
async function server(answer: Answer): Promise<{ fake: FakeTriton; options: DiscoveryOptions }> {
  const fake = await FakeTriton.start(answer);
  return { fake, options: { kind: "http", url: fake.url, refreshInterval: durationMs(1_000), http: {} } };
}
const groups = (...targets: string[]): Answer => ({
  status: 200,
  body: JSON.stringify([{ targets }]),
  headers: { "content-type": "application/json" },
});

/** The instances of the newest find. */
const instances = () => told.at(-1)?.targets.map(({ labels }) => labels.get("instance"));

async function next(): Promise<void> {
  await new Promise<void>((resolve) => heard.push(resolve));
}

test("targets that are known beforehand are told before the call returns, and once", async () => {
  set.replaceJobs([fixedJob("a", "gpu-1:1", "gpu-2:1"), fixedJob("b", "gpu-1:1")]);
  expect([told.length, instances()]).toEqual([1, ["gpu-1:1", "gpu-2:1", "gpu-1:1"]]);
  await ports.clock.pass(60_000);
  expect(told).toHaveLength(1);
});

test("jobs without targets are told as such", () => {
  set.replaceJobs([]);
  expect(told).toEqual([{ targets: [], dropped: [], droppedTotal: 0 }]);
});

test("what is dropped is told with its reason: by rules, by a mistake, by a twin", () => {
  const relabel = [
    ruleOf({ action: "drop", sourceLabels: ["__address__"], regex: "no:1" }),
    ruleOf({ sourceLabels: ["__address__"], regex: "(.*)-twin:1", replacement: "$1:1", targetLabel: "instance" }),
  ];
  set.replaceJobs([jobOf({ relabel, discoveries: [fixed("no:1", "a:1", "a-twin:1", "b/")] })]);
  expect(instances()).toEqual(["a:1"]);
  expect(told[0]?.dropped.map(({ why }) => why)).toEqual([
    "relabelling dropped it",
    "another target has the same labels: http://a:1/metrics",
    expect.stringContaining('Cannot use address "b/"'),
  ]);
  expect(told[0]?.droppedTotal).toBe(3);
});

test("of very many dropped targets some are told and all counted", () => {
  const many = Array.from({ length: 1_500 }, (_, i) => `gpu-${i}/`);
  set.replaceJobs([fixedJob("a", ...many)]);
  expect([told[0]?.dropped.length, told[0]?.droppedTotal]).toEqual([1_000, 1_500]);
});

test("what all discoveries find together is bounded: the one that is too much keeps what it had, and why is told", () => {
  const heavy = (name: string): DiscoveryOptions => ({
    kind: "static",
    targets: Array.from({ length: 3_500 }, (_, i) => `${name}-${i}:1`),
    labels: Labels.of({ a: "x".repeat(4_000), b: "x".repeat(4_000) }),
  });
  const relabel = [ruleOf({ action: "labeldrop", regex: "a|b" })];
  const jobs = ["a", "b", "c", "d"].map((name) => jobOf({ jobName: name, relabel, discoveries: [heavy(name)] }));
  set.replaceJobs(jobs);
  expect(told[0]?.targets.map(({ job }) => job.jobName)).not.toContain("d");
  expect(ports.failures).toContainEqual(expect.stringMatching(/^static: Cannot use targets that weigh \d+ characters/));
});

test("jobs that look at the same targets make no more of them than there is room for", () => {
  const heavy: DiscoveryOptions = {
    kind: "static",
    targets: Array.from({ length: 3_500 }, (_, i) => `gpu-${i}:1`),
    labels: Labels.of({ a: "x".repeat(4_000), b: "x".repeat(4_000) }),
  };
  set.replaceJobs(["a", "b", "c", "d"].map((jobName) => jobOf({ jobName, discoveries: [heavy] })));
  expect(told[0]?.targets.length).toBeLessThan(14_000);
  expect(told[0]?.dropped[0]?.why).toMatch(/^the labels of all targets are more than \d+ characters$/);
  expect(told[0]?.droppedTotal).toBe(14_000 - (told[0]?.targets.length ?? 0));
});

test("all discoveries are waited for, so that a start does not begin with half of the targets", async () => {
  const { fake, options } = await server(groups("late:1"));
  const answered = next();
  set.replaceJobs([jobOf({ discoveries: [fixed("early:1"), options] })]);
  expect(told).toEqual([]);
  await answered;
  expect(instances()).toEqual(["early:1", "late:1"]);
  await fake.close();
});

test("but for five seconds at most", async () => {
  const { fake, options } = await server({ behaves: "hang" });
  set.replaceJobs([jobOf({ discoveries: [fixed("early:1"), options] })]);
  await ports.clock.pass(4_999);
  expect(told).toEqual([]);
  await ports.clock.pass(1);
  expect(instances()).toEqual(["early:1"]);
  await set.stop();
  await fake.close();
});

test("changes are told at most every five seconds, and what has not changed stays the same object", async () => {
  const { fake, options } = await server(groups("a:1", "b:1"));
  const answered = next();
  set.replaceJobs([jobOf({ discoveries: [options] })]);
  await answered;
  const since = ports.clock.time;
  let asked = 0;
  fake.serve(() => groups("b:1", `new-${++asked}:1`));
  const changed = next();
  while (told.length < 2) {
    await ports.clock.armed();
    await ports.clock.pass(100);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await changed;
  expect(ports.clock.time - since).toBeGreaterThanOrEqual(5_000);
  expect(instances()).toEqual(["b:1", expect.stringMatching(/^new-\d+:1$/)]);
  expect(told[1]?.targets[0]).toBe(told[0]?.targets[1]);
  await set.stop();
  await fake.close();
});

test("a reload keeps the targets of jobs that say the same, and the discoveries that other jobs look at too", async () => {
  const { fake, options } = await server(groups("found:1"));
  const jobs = (path: string) => [
    jobOf({ jobName: "stays", discoveries: [options] }),
    jobOf({ jobName: "changes", metricsPath: path, discoveries: [options] }),
  ];
  const answered = next();
  set.replaceJobs(jobs("/old"));
  await answered;
  set.replaceJobs(jobs("/new"));
  expect([told.length, fake.requests]).toEqual([2, 1]);
  const [stays, changes] = told[1]?.targets ?? [];
  expect(stays).toBe(told[0]?.targets[0]);
  expect([changes?.url, changes?.labels.get("job")]).toEqual(["http://found:1/new", "changes"]);
  set.replaceJobs(jobs("/new"));
  expect(told).toHaveLength(2);
  await set.stop();
  await fake.close();
});

test("a job that goes takes its targets with it", () => {
  set.replaceJobs([fixedJob("a", "gpu-1:1"), fixedJob("b", "gpu-1:1")]);
  set.replaceJobs([fixedJob("b", "gpu-1:1")]);
  expect(told[1]?.targets).toEqual([told[0]?.targets[1]]);
});

test("once stopped it tells nothing more", async () => {
  const { fake, options } = await server(groups("a:1"));
  set.replaceJobs([jobOf({ discoveries: [options] })]);
  await set.stop();
  await ports.clock.pass(60_000);
  expect(told).toEqual([]);
  await fake.close();
});
