import { expect, test } from "vitest";
import { EventLog } from "../../src/app/event-log.ts";
import { reloadFailed } from "../../src/app/event-text.ts";
import type { MonitorEvent } from "../../src/monitor/events.ts";
import { Labels } from "../../src/series/labels.ts";
import { epochMs, MINUTE } from "../../src/series/time.ts";
import type { ApiEvent } from "../../src/web/api-types.ts";
import { watched } from "./views/watched.ts";

const GPU = Labels.of({ job: "triton", instance: "gpu:8002" });

const texts = (log: EventLog): string[] =>
  log
    .newest(100)
    .events.map(({ text }) => text)
    .toReversed();

const failed = (why: string, at: number): MonitorEvent => ({ kind: "rule-failed", rule: "Mine", at: epochMs(at), why });

test("tells the life of models, alerts and targets in sentences", () => {
  const { bench, events, triton, tick } = watched();
  tick();
  triton.load("evil");
  tick();
  triton.load("bert");
  tick();
  tick({ "gpu:8002": undefined });
  tick({ "gpu:8002": undefined });
  tick();
  triton.unload("evil");
  tick();
  bench.give([{ kind: "target-gone", target: GPU }]).forEach((event) => void events.tell(event));
  expect(texts(events).filter((text) => !text.startsWith("SentinelWatchdog"))).toEqual([
    "gpu:8002 answers",
    "Model evil version 1 was loaded on gpu:8002",
    "TritonModelLoaded fires: model evil version 1 was loaded on gpu:8002 at run time",
    "Model bert version 1 was loaded again while it served on gpu:8002",
    "TritonModelReloaded fires: model bert version 1 was reloaded on gpu:8002",
    "gpu:8002 cannot be scraped: unreachable, connection refused",
    "TritonTargetDown fires: gpu:8002 does not answer with metrics",
    "gpu:8002 answers",
    "TritonTargetDown is resolved: gpu:8002 does not answer with metrics",
    "Model evil version 1 was unloaded on gpu:8002",
    ...texts(events)
      .slice(-6)
      .filter((text) => text.startsWith("Triton") && /Unloaded|resolved: model/.test(text)),
    "gpu:8002 is no longer watched",
  ]);
});

test("an announcement is told, and the change it covers names it", () => {
  const { bench, events, triton, tick } = watched();
  tick();
  const window = { from: bench.time, until: epochMs(bench.time + 10 * MINUTE) };
  const given = bench.give([{ kind: "announce", model: "bert", by: "ci", reason: "release 7", ...window }]);
  for (const event of given) events.tell(event);
  triton.load("bert");
  tick();
  const [announced, loaded] = texts(events).slice(-2);
  expect(announced).toBe(
    `ci announced a change of model bert until ${new Date(window.until).toISOString()}: release 7`,
  );
  expect(loaded).toContain("Model bert version 1 was loaded again while it served on gpu:8002, announced: ");
  expect(events.newest(1).events[0]).toMatchObject({
    kind: "model",
    details: { announced: { by: "ci", reason: "release 7" } },
  });
});

test("a rule that fails at every scrape is told once in ten minutes, and when it fails otherwise", () => {
  const log = new EventLog(1);
  for (let at = 0; at < 20 * MINUTE; at += 15_000) log.tell(failed("no such series", at));
  log.tell(failed("something else", 20 * MINUTE));
  expect(texts(log)).toEqual([
    "Rule Mine cannot be evaluated: no such series",
    "Rule Mine cannot be evaluated: no such series",
    "Rule Mine cannot be evaluated: something else",
  ]);
});

test("a reload that failed is told with its reason, and no text is longer than it may be", () => {
  const log = new EventLog(1);
  log.add(reloadFailed(epochMs(0), "x".repeat(10_000)));
  const [event] = log.newest(1).events;
  expect(event).toMatchObject({ id: 1, kind: "reload", what: "failed" });
  expect(event?.text.length).toBe(501);
});

test("ids grow, the newest come first, and what is older than five thousand is forgotten", () => {
  const log = new EventLog(1_000_000);
  for (let i = 0; i < 20_001; i++) log.add(reloadFailed(epochMs(i), String(i)));
  expect(log.newest(2).events.map(({ id }) => id)).toEqual([1_020_000, 1_019_999]);
  expect(log.newest(100_000).events.length).toBe(5_000);
  expect(log.newest(100_000, 1_019_998).events.map(({ id }) => id)).toEqual([1_020_000, 1_019_999]);
  expect(log.newest(1, 0, ({ id }) => id < 1_019_000).events.map(({ id }) => id)).toEqual([1_018_999]);
});

test("who subscribes hears what was missed, oldest first, and then what happens, until they leave", () => {
  const log = new EventLog(1);
  for (const why of ["a", "b", "c"]) log.add(reloadFailed(epochMs(0), why));
  const heard: number[] = [];
  const told = ({ id }: ApiEvent) => void heard.push(id);
  const leave = log.subscribe(1, told);
  const leaveToo = log.subscribe(undefined, told);
  log.add(reloadFailed(epochMs(0), "d"));
  leave();
  leave();
  log.add(reloadFailed(epochMs(0), "e"));
  leaveToo();
  log.add(reloadFailed(epochMs(0), "f"));
  expect(heard).toEqual([2, 3, 4, 4, 5]);
});

const loaded = (instance: string, model: string, at: number): MonitorEvent => ({
  kind: "model",
  target: Labels.of({ job: "triton", instance }),
  event: {
    kind: "loaded",
    id: Labels.of({ model, version: "1" }),
    at: epochMs(at),
    seconds: 1,
    again: false,
    restarted: false,
  },
});

test("of one target no more than 200 changes a minute are told, and then how many were not", () => {
  const log = new EventLog(1);
  for (let i = 0; i < 300; i++) log.tell(loaded("evil:8002", `m${i}`, i));
  log.tell(loaded("gpu:8002", "bert", 400));
  log.tell(loaded("evil:8002", "later", MINUTE));
  const all = log.newest(1_000).events.map(({ text }) => text);
  expect(all).toHaveLength(203);
  expect(all.slice(0, 3)).toEqual([
    "Model later version 1 was loaded on evil:8002",
    "100 further events of models and alerts of evil:8002 are not listed: too many in a minute",
    "Model bert version 1 was loaded on gpu:8002",
  ]);
});

test("long events leave room for fewer of them", () => {
  const log = new EventLog(1);
  for (let i = 0; i < 8_000; i++) log.tell(loaded(`t${i}:8002`, "x".repeat(4_000), i));
  const { events } = log.newest(10_000);
  expect(JSON.stringify(events).length).toBeLessThan(4_100_000);
  expect(events[0]?.labels["instance"]).toBe("t7999:8002");
});

test("that alerts are cut off is told once in ten minutes for each rule and target, with the target", () => {
  const log = new EventLog(1);
  const cut = (at: number): MonitorEvent => ({ kind: "alerts-cut", rule: "R", target: GPU, at: epochMs(at), cut: 7 });
  for (let at = 0; at < 11 * MINUTE; at += MINUTE) log.tell(cut(at));
  const text = "Rule R finds more of gpu:8002 than it may have alerts: 7 are cut off, those there are stay";
  expect(texts(log)).toEqual([text, text]);
});

test("of the words of one token no more than 30 a minute are told, and at the next scrape how many were not", () => {
  const log = new EventLog(1);
  const say = (token: string, note: string, at: number) =>
    log.tell({
      kind: "feedback",
      at: epochMs(at),
      feedback: {
        kind: "feedback",
        fingerprint: "0".repeat(16),
        verdict: "true",
        note,
        by: `bob (token ${token})`,
        token,
      },
      outcome: "recorded",
      labels: Labels.of({ alertname: "Errors" }),
      did: "nothing is learned",
    });
  for (let i = 0; i < 100; i++) say("ci", String(i), i);
  say("ops", "quiet", 101);
  expect(log.newest(1_000).events).toHaveLength(31);
  const page = { outcome: "page", seconds: 0, bytes: 0, samples: 0, series: 0, problems: [] } as const;
  log.tell({ kind: "scraped", target: GPU, at: epochMs(MINUTE), ...page });
  say("ci", "later", MINUTE + 1);
  expect(texts(log).slice(30)).toEqual([
    "bob (token ops) says that Errors was right (quiet): nothing is learned",
    "70 further words on alerts with token ci are not listed: too many in a minute",
    "gpu:8002 answers",
    "bob (token ci) says that Errors was right (later): nothing is learned",
  ]);
});
