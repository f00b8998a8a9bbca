import { describe, expect, test } from "vitest";
import { Bench, rulesOf, scrapeOf } from "./bench.ts";
import { SimulatedTriton } from "./simulated-triton.ts";

const rule = (fields: string): string => `groups: [{ name: g, rules: [{ ${fields} }] }]`;
const LOADED = rulesOf(rule("alert: Loaded, detect: { models: [loaded] }"));
const WAITING = "alert: Waiting, detect: { level: nv_inference_pending_request_count, fire: { min_bad: 20 } }";

/** Lets a queue stand long on each of the pages, after a minute without one. */
function backlog(bench: Bench, name: string): SimulatedTriton {
  const triton = new SimulatedTriton("bert");
  for (let i = 0; i < 70; i++) bench.tick({ [name]: triton.page() });
  triton.model("bert").pending = 90;
  for (let i = 0; i < 3; i++) bench.tick({ [name]: triton.page() });
  return triton;
}

describe("a detect rule moves the alerts of the target that was scraped, and of no other", () => {
  test("two targets with the same instance in different jobs have alerts of their own", () => {
    const bench = new Bench({ rules: LOADED });
    const [a, b] = [new SimulatedTriton("bert"), new SimulatedTriton("bert")];
    bench.tick({ "blue/gpu:8002": a.page(), "green/gpu:8002": b.page() });
    a.load("evil");
    b.load("evil");
    bench.tick({ "blue/gpu:8002": a.page(), "green/gpu:8002": b.page() });
    expect(bench.transitions.map(({ labels, state }) => [labels.get("job"), labels.get("instance"), state])).toEqual([
      ["blue", "gpu:8002", "firing"],
      ["green", "gpu:8002", "firing"],
    ]);
    for (let i = 0; i < 70; i++) bench.tick({ "blue/gpu:8002": a.page() });
    expect(bench.transitions.slice(2).map(({ labels, state }) => [labels.get("job"), state])).toEqual([
      ["blue", "resolved"],
    ]);
  });

  test("`by` without instance still tells targets apart", () => {
    const bench = new Bench({ rules: rulesOf(rule("alert: Loaded, detect: { models: [loaded], by: [model] }")) });
    const triton = new SimulatedTriton("bert");
    bench.tick({ a: triton.page(), b: triton.page() });
    triton.load("evil");
    bench.tick({ a: triton.page(), b: triton.page() });
    expect(bench.firing()).toEqual(["Loaded a", "Loaded b"]);
  });

  test("an alert whose rule writes over instance ends with its subject", () => {
    const bench = new Bench({ rules: rulesOf(rule(`${WAITING}, labels: { instance: fleet }`)) });
    const triton = backlog(bench, "a");
    expect(bench.firing()).toEqual(["Waiting fleet"]);
    triton.model("bert").pending = 0;
    for (let i = 0; i < 5; i++) bench.tick({ a: triton.page() });
    expect(bench.firing()).toEqual([]);
  });

  test("two targets that give the same labels, because a rule writes over them, are an error of the rule", () => {
    const bench = new Bench({
      rules: rulesOf(rule("alert: Loaded, detect: { models: [loaded] }, labels: { instance: fleet, job: all }")),
    });
    const triton = new SimulatedTriton("bert");
    bench.tick({ a: triton.page(), b: triton.page() });
    triton.load("evil");
    const events = bench.tick({ a: triton.page(), b: triton.page() });
    expect(events.filter(({ kind }) => kind === "rule-failed")).toEqual([
      expect.objectContaining({ rule: "Loaded", why: expect.stringMatching(/more than once .* for two targets$/) }),
    ]);
    expect(bench.firing()).toEqual(["Loaded fleet"]);
  });

  test("a flood on one target cuts off its own alerts, says so once, and leaves room for other targets", () => {
    const limited = "groups: [{ name: g, limit: 2, rules: [{ alert: Loaded, detect: { models: [loaded] } }] }]";
    const bench = new Bench({ rules: rulesOf(limited) });
    const [a, b] = [new SimulatedTriton("bert"), new SimulatedTriton("bert")];
    bench.tick({ a: a.page(), b: b.page() });
    for (let i = 0; i < 5; i++) a.load(`flood-${i}`);
    bench.tick({ a: a.page(), b: b.page() });
    a.load("one-more");
    b.load("evil");
    bench.tick({ a: a.page(), b: b.page() });
    expect(bench.firing()).toEqual(["Loaded a", "Loaded a", "Loaded b"]);
    expect(bench.events.filter(({ kind }) => kind === "alerts-cut")).toEqual([
      {
        kind: "alerts-cut",
        rule: "Loaded",
        target: bench.world.targets.values().next().value?.labels,
        at: expect.any(Number),
        cut: 3,
      },
    ]);
  });
});

describe("while a target is down", () => {
  test("its alerts are held as they are, and go on when it answers again", () => {
    const bench = new Bench({ rules: rulesOf(rule(WAITING)) });
    const triton = backlog(bench, "a");
    for (let i = 0; i < 600; i++) bench.tick({ a: undefined });
    expect(bench.story("Waiting")).toEqual(["firing"]);
    triton.model("bert").pending = 0;
    for (let i = 0; i < 5; i++) bench.tick({ a: triton.page() });
    expect(bench.story("Waiting")).toEqual(["firing", "resolved"]);
  });

  test("they are held for hold_for at most", () => {
    const bench = new Bench({ rules: rulesOf(rule(WAITING)) });
    backlog(bench, "a");
    for (let i = 0; i < 3_602; i++) bench.tick({ a: undefined });
    expect(bench.story("Waiting")).toEqual(["firing", "resolved (unknown)"]);
  });

  test.each([
    ["of the rule", WAITING.replace(" }", " }, missing: resolve"), {}],
    ["of the evaluation", WAITING, { onUnknown: "resolve" as const }],
  ])("they resolve where that is the setting %s", (_, text, evaluation) => {
    const bench = new Bench({ rules: rulesOf(rule(text)), evaluation });
    backlog(bench, "a");
    bench.tick({ a: undefined });
    expect(bench.story("Waiting")).toEqual(["firing", "resolved"]);
  });

  test("alerts of expr rules on it are held, those on other targets and other jobs are not", () => {
    const text = rule("alert: Serving, expr: nv_inference_request_success > 5");
    const bench = new Bench({ rules: rulesOf(text) });
    const triton = new SimulatedTriton("bert");
    triton.serve("bert", { requests: 9 });
    bench.tick({ "blue/a": triton.page(), "green/a": triton.page(), "blue/b": triton.page() });
    expect(bench.firing()).toHaveLength(3);
    const other = new SimulatedTriton("bert").page();
    bench.tick({ "blue/a": undefined, "green/a": other, "blue/b": other });
    const held = [...bench.world.ruleStates.values()].flatMap((state) => [...state.alerts()]);
    expect(
      held.filter(({ is }) => is.state === "firing").map(({ labels }) => String(labels.only("job", "instance"))),
    ).toEqual(['{instance="a", job="blue"}']);
  });
});

test("each rule and each group says when it was last evaluated, how long that took, and what went wrong", () => {
  const now = { seconds: 0 };
  const probe = { now: () => (now.seconds += 2), evaluated: () => undefined };
  const text = `groups: [{ name: g, rules: [
    { record: x, expr: up },
    { record: twice, expr: nv_inference_request_success, labels: { model: same } },
    { alert: Loaded, detect: { models: [loaded] } },
    { alert: Up, expr: up == 1 }] }]`;
  const bench = new Bench({ rules: rulesOf(text), probe });
  const [group] = bench.world.rules.groups;
  expect(bench.world.evaluationOf(group!)).toEqual({ last: undefined, seconds: 0 });
  bench.tick({ a: new SimulatedTriton("bert", "resnet").page() });
  const states = [...bench.world.recordStates.values(), ...bench.world.ruleStates.values()];
  expect(states.map(({ rule, health, evaluationSeconds }) => [rule.name, health, evaluationSeconds])).toEqual([
    ["x", "ok", 2],
    ["twice", "err", 2],
    ["Loaded", "ok", 2],
    ["Up", "ok", 2],
  ]);
  expect(states[1]).toMatchObject({ lastError: expect.any(String), lastEvaluation: bench.time });
  expect(bench.world.evaluationOf(group!)).toEqual({ last: bench.time, seconds: 8 });
});

describe("a scrape that is not newer than the one before it", () => {
  test("is told as a failure and changes nothing", () => {
    const bench = new Bench();
    const triton = new SimulatedTriton("bert");
    for (let i = 0; i < 5; i++) bench.tick({ a: triton.page() });
    const before = bench.events.length;
    triton.load("evil");
    bench.give([scrapeOf("a", triton.page(), bench.time)]);
    bench.now -= 3_000;
    bench.give([scrapeOf("a", undefined, bench.time)]);
    expect(bench.events.slice(before)).toEqual([
      expect.objectContaining({
        kind: "scraped",
        outcome: "internal-error",
        why: expect.stringContaining("not newer"),
      }),
      expect.objectContaining({ kind: "scraped", outcome: "internal-error" }),
    ]);
    bench.now += 3_000;
    bench.tick({ a: triton.page() });
    expect(bench.story("TritonModelLoaded", "evil")).toEqual(["firing"]);
  });
});

test("the same inputs give the same events, whatever else the program did", () => {
  const play = () => {
    const bench = new Bench();
    const triton = new SimulatedTriton("bert", "resnet");
    for (let i = 0; i < 100; i++) {
      triton.serve("bert", { requests: 20 + (i % 7), failures: i > 80 ? 9 : 0 });
      if (i === 50) triton.load("resnet");
      bench.tick({ b: triton.page(), a: i % 30 === 0 ? undefined : triton.page() });
    }
    return JSON.stringify(bench.transitions);
  };
  expect(play()).toBe(play());
});
