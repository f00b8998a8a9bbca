import { describe, expect, test } from "vitest";
import { fingerprint } from "../../src/series/labels.ts";
import { Bench, rulesOf } from "./bench.ts";
import { SimulatedTriton } from "./simulated-triton.ts";

const RULES = rulesOf(`groups:
- name: g
  rules:
  - alert: Errors
    detect:
      ratio:
        bad: nv_inference_request_failure
        total: [nv_inference_request_success, nv_inference_request_failure]
      baseline: { half_life: 3d }
    keep_firing_for: 60s
    labels: { team: ml }
  - alert: Idle
    detect:
      rate: nv_inference_request_success
      direction: down
      fire: { times: 3 }
    for: 5m
  - alert: Loaded
    detect: { models: [reloaded] }
  - alert: Down
    expr: up == 0
`);

type Verdict = "true" | "false" | "expected";

class Play {
  readonly bench = new Bench({ rules: RULES, every: 15 });
  readonly triton = new SimulatedTriton("bert", "resnet");

  constructor() {
    this.pass(60);
  }

  /** Scrapes on which so many of a hundred requests to bert fail. */
  pass(scrapes: number, failing = 0): this {
    for (let i = 0; i < scrapes; i++) {
      this.triton.serve("bert", { requests: 100 - failing, failures: failing });
      this.triton.serve("resnet", { requests: 100 });
      this.bench.tick({ "gpu:8002": this.triton.page() });
    }
    return this;
  }

  /** The fingerprint of the newest alert of a rule. */
  named(alertname: string): string {
    const told = this.bench.transitions.filter(({ labels }) => labels.get("alertname") === alertname);
    return fingerprint(told.at(-1)!.labels);
  }

  say(alertname: string, verdict: Verdict, note = "load test", by = "alice") {
    const events = this.bench.give([{ kind: "feedback", fingerprint: this.named(alertname), verdict, note, by }]);
    return events.find((event) => event.kind === "feedback")!;
  }

  /** What is called normal of any subject. */
  tolerances() {
    const judges = [...this.bench.world.targetRules.values()].flatMap((target) => [...target.judges()]);
    return judges.flatMap(([, judge]) => [...judge.judged()].flatMap(({ tolerances }) => tolerances));
  }
}

const calledNormal =
  /^up to 33 % \(at most 4 bad\/s, 15m in a row\) was called normal by alice on 2026-11-23 until 2026-12-05, less with time$/;

describe("feedback on an alert of a detector", () => {
  test.each([
    ["expected", "expected"],
    ["false", "false-alarm"],
  ] as const)("%s ends it at once and says why; what it showed fires no more", (verdict, reason) => {
    const play = new Play().pass(8, 30);
    expect(play.bench.story("Errors")).toEqual(["firing"]);
    const said = play.say("Errors", verdict);
    expect(said).toMatchObject({ outcome: "recorded", did: expect.stringMatching(calledNormal) });
    expect(play.pass(40, 30).bench.story("Errors")).toEqual(["firing", `resolved (${reason})`]);
  });

  test("what goes further than was called normal fires again", () => {
    const play = new Play().pass(8, 30);
    play.say("Errors", "expected");
    expect(play.pass(8, 30).pass(8, 80).bench.story("Errors")).toEqual(["firing", "resolved (expected)", "firing"]);
  });

  test("true lets it fire on, and a day does not make it normal", () => {
    const play = new Play().pass(8, 30);
    expect(play.say("Errors", "true")).toMatchObject({
      outcome: "recorded",
      did: "what was seen is kept out of what is normal, however long it lasts",
    });
    expect(play.pass(5_800, 30).bench.story("Errors")).toEqual(["firing"]);
    expect(play.bench.events.filter(({ kind }) => kind === "rebaselined")).toEqual([]);
  });

  test("works on one that has ended and is still listed", () => {
    const play = new Play().pass(8, 30).pass(20);
    expect(play.bench.story("Errors")).toEqual(["firing", "resolved"]);
    expect(play.say("Errors", "expected")).toMatchObject({ did: expect.stringMatching(calledNormal) });
    expect(play.pass(8, 30).bench.story("Errors")).toEqual(["firing", "resolved"]);
  });

  test("the same word again changes nothing, another one stands from then on", () => {
    const play = new Play().pass(8, 30);
    play.say("Errors", "expected");
    expect(play.say("Errors", "expected")).toMatchObject({ outcome: "repeated" });
    expect(play.bench.transitions.filter(({ state }) => state === "resolved")).toHaveLength(1);
    expect(play.say("Errors", "true")).toMatchObject({ outcome: "recorded" });
    expect(play.pass(4, 30).bench.story("Errors")).toEqual(["firing", "resolved (expected)", "firing"]);
  });

  test("the same word with another note, or by another, is said anew: author, note and date are those of the last", () => {
    const play = new Play().pass(8, 30);
    play.say("Errors", "expected");
    const first = play.tolerances();
    play.pass(20);
    expect(play.say("Errors", "expected", "load test of March", "bob")).toMatchObject({ outcome: "recorded" });
    expect(play.tolerances()).toMatchObject([
      { limit: first[0]!.limit, from: play.bench.now, word: { by: "bob", note: "load test of March" } },
    ]);
  });

  test("concerns the subject of the alert and no other", () => {
    const play = new Play().pass(8, 30);
    play.say("Errors", "expected");
    for (let i = 0; i < 8; i++) {
      play.triton.serve("resnet", { requests: 0, failures: 30 });
      play.pass(1, 30);
    }
    expect(play.bench.story("Errors", "resnet")).toEqual(["firing"]);
    expect(play.bench.story("Errors", "bert")).toEqual(["firing", "resolved (expected)"]);
  });

  test("outlives a reload that changes the rule's words", () => {
    const play = new Play().pass(8, 30);
    play.say("Errors", "expected");
    const [group] = RULES.groups;
    const text = rulesOf(`groups:
- name: g
  rules:
  - alert: Errors
    detect:
      ratio:
        bad: nv_inference_request_failure
        total: [nv_inference_request_success, nv_inference_request_failure]
      baseline: { half_life: 3d }
      fire: { score: 0.9 }
    labels: { team: ml }
`);
    expect(text.groups[0]!.rules).not.toEqual(group!.rules);
    play.bench.reload({ rules: text });
    expect(play.pass(20, 30).bench.story("Errors")).toEqual(["firing", "resolved (expected)"]);
  });
});

describe("feedback on an alert that is not firing openly", () => {
  test("ends one that is pending, and of a rule that looks downwards nothing is too little", () => {
    const play = new Play();
    for (let i = 0; i < 12; i++) play.bench.tick({ "gpu:8002": play.triton.page() });
    expect(play.bench.story("Idle", "bert")).toEqual(["pending"]);
    const pending = play.bench.transitions.find(({ labels }) => labels.get("model") === "bert")!;
    const input = { kind: "feedback", verdict: "expected", note: "", by: "alice" } as const;
    const [said] = play.bench.give([{ ...input, fingerprint: fingerprint(pending.labels) }]);
    expect(said).toMatchObject({
      did: expect.stringMatching(/^down to 0\/s \(15m in a row\) was called normal by alice/),
    });
    for (let i = 0; i < 60; i++) play.bench.tick({ "gpu:8002": play.triton.page() });
    expect(play.bench.story("Idle", "bert")).toEqual(["pending"]);
    expect(play.bench.story("Idle", "resnet")).toEqual(["pending", "firing"]);
  });

  test("ends one that is held because its server cannot be scraped", () => {
    const play = new Play().pass(8, 30);
    for (let i = 0; i < 4; i++) play.bench.tick({ "gpu:8002": undefined });
    play.say("Errors", "expected");
    expect(play.bench.story("Errors")).toEqual(["firing", "resolved (expected)"]);
    expect(play.pass(12, 30).bench.story("Errors")).toEqual(["firing", "resolved (expected)"]);
  });
});

describe("feedback is recorded and teaches nothing", () => {
  test("on an expression's alert, which goes on", () => {
    const play = new Play();
    for (let i = 0; i < 2; i++) play.bench.tick({ "gpu:8002": undefined });
    const said = play.say("Down", "expected");
    expect(said).toMatchObject({ outcome: "recorded", did: "nothing is learned from it: its rule is an expression" });
    expect(play.bench.firing()).toContain("Down gpu:8002");
  });

  test("on an event's alert", () => {
    const play = new Play();
    play.triton.load("bert");
    play.pass(1);
    expect(play.say("Loaded", "expected")).toMatchObject({ did: expect.stringContaining("events, which are facts") });
  });

  test("on an alert whose own labels hide which of two models it is about", () => {
    const play = new Play();
    const text = `groups:
- name: g
  rules:
  - alert: Errors
    detect:
      ratio:
        bad: nv_inference_request_failure
        total: [nv_inference_request_success, nv_inference_request_failure]
    labels: { model: any }
`;
    play.bench.reload({ rules: rulesOf(text) });
    play.pass(60).pass(8, 30);
    expect(play.say("Errors", "expected")).toMatchObject({ did: expect.stringContaining("no single subject") });
    expect(play.pass(1, 30).bench.firing()).toContain("Errors gpu:8002");
  });

  test("on an alert whose rule is gone", () => {
    const play = new Play().pass(8, 30);
    play.bench.reload({ rules: rulesOf("groups: [{ name: g, rules: [{ alert: Other, expr: up == 0 }] }]") });
    expect(play.bench.story("Errors")).toEqual(["firing", "resolved (rule-removed)"]);
    expect(play.say("Errors", "false")).toMatchObject({
      did: expect.stringContaining("its rule or its target is gone"),
    });
  });
});

test("what was called normal after two minutes fires again after a quarter of an hour, and then holds twice as long", () => {
  const play = new Play().pass(8, 30);
  play.say("Errors", "expected");
  play.pass(59, 30);
  expect(play.bench.story("Errors")).toEqual(["firing", "resolved (expected)"]);
  play.pass(8, 30);
  expect(play.bench.story("Errors")).toEqual(["firing", "resolved (expected)", "firing"]);
  expect(play.say("Errors", "expected")).toMatchObject({ did: expect.stringContaining(", 34m in a row)") });
});

test("a fingerprint nobody knows is told as unknown", () => {
  const play = new Play();
  const input = { kind: "feedback", fingerprint: "0".repeat(16), verdict: "true", note: "", by: "alice" } as const;
  expect(play.bench.give([input])).toEqual([
    { kind: "feedback", at: play.bench.time, feedback: input, outcome: "unknown" },
  ]);
});

test("an alarm of a day is taken for normal: told as an event with both levels, and as the reason of its end", () => {
  const play = new Play().pass(5_770, 10);
  expect(play.bench.story("Errors")).toEqual(["firing", "resolved (rebaselined)"]);
  const told = play.bench.events.filter((event) => event.kind === "rebaselined");
  expect(told).toMatchObject([{ rule: { name: "Errors" }, to: expect.closeTo(0.1, 1) }]);
  expect(told[0]!.labels.get("model")).toBe("bert");
  expect(told[0]!.from).toBeLessThan(0.01);
});
