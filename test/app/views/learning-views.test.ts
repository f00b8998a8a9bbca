import { describe, expect, test } from "vitest";
import { showAllLearning, showLearning } from "../../../src/app/views/learning-views.ts";
import { watched } from "./watched.ts";

describe("what a subject lacks", () => {
  test.each([
    [{ seconds: 40, scrapes: 1, events: 0 }, "ratio", 15, "learning, about 40 s more"],
    [{ seconds: 0, scrapes: 3, events: 0 }, "ratio", 15, "learning, about 45 s more"],
    [{ seconds: 20, scrapes: 3, events: 120.4 }, "ratio", 1, "learning, about 20 s and 121 requests more"],
    [{ seconds: 0, scrapes: 0, events: 1 }, "rate", 15, "learning, 1 event more"],
    [{ seconds: 0, scrapes: 0, events: 6 }, "level", 15, "learning, 6 blocks more"],
    [{ seconds: 119.5, scrapes: 0, events: 0 }, "mean", 15, "learning, about 2 min more"],
    [{ seconds: 0, scrapes: 0, events: 0 }, "mean", 15, "learning"],
    [{ seconds: 5 * 3600, scrapes: 0, events: 0 }, "ratio", 15, "learning, about 5 h more"],
    [{ seconds: 6.5 * 86_400, scrapes: 0, events: 0 }, "rate", 15, "learning, about 7 days more"],
  ] as const)("%j of a %s at a scrape each %d s reads: %s", (lacking, kind, spacing, text) => {
    expect(showLearning(lacking, kind, spacing).text).toBe(text);
  });
});

test("the program tells how many subjects learn, until none does that has what it needs", () => {
  const { bench, triton, tick, views } = watched();
  const pass = (seconds: number) => {
    for (let i = 0; i < seconds; i++) {
      for (const model of ["bert", "resnet"]) triton.serve(model, { requests: 50 });
      tick();
    }
  };
  pass(10);
  const first = showAllLearning(bench.world);
  expect(first.subjects).toBeGreaterThan(0);
  expect(first.slowest).toMatch(/^learning, /);
  expect(views.runtimeInfo().learning).toEqual(first);
  const ratio = () => views.subjects().subjects.filter(({ rule }) => rule === "TritonErrorRatioAnomaly");
  expect(ratio().map(({ learning }) => learning?.seconds)).toEqual([111, 111]);
  pass(180);
  expect(ratio().map(({ learning, state }) => [learning, state])).toEqual([
    [undefined, "normal"],
    [undefined, "normal"],
  ]);
  expect(showAllLearning(bench.world).subjects).toBeLessThan(first.subjects);
});

test("a rule of slow climbs learns until its reference is known, and nobody waits for it", () => {
  const { bench, triton, tick, views } = watched();
  for (let i = 0; i < 400; i++) {
    triton.serve("bert", { requests: 50, failures: i % 2 });
    tick();
  }
  const creep = views
    .subjects()
    .subjects.find(({ rule, labels }) => rule === "TritonErrorRatioCreep" && labels["model"] === "bert")!;
  expect(creep).toMatchObject({ state: "learning", learning: { text: "learning, about 24 h more", events: 0 } });
  const { verdict, looked } = views.subject(creep.id)!;
  expect(looked.windowSeconds).toBeLessThan(400);
  expect(verdict).toMatch(/^Still learning: about \d+ of [\d,]+ \([\d.]+ %\) in 6m\d+s$/);
  expect(showAllLearning(bench.world).slowest ?? "").not.toMatch(/ h more| days more/);
});

test("a version just loaded says with whose normal it begins", () => {
  const { triton, tick, views } = watched();
  const pass = (seconds: number, ...versions: readonly string[]) => {
    for (let i = 0; i < seconds; i++) {
      for (const version of versions) triton.serve("bert", { requests: 50 }, version);
      tick();
    }
  };
  pass(150, "1");
  triton.load("bert", "2");
  pass(3, "1", "2");
  const [found] = views
    .subjects()
    .subjects.filter(({ rule, labels }) => rule === "TritonErrorRatioAnomaly" && labels["version"] === "2");
  expect(found?.prior).toEqual({ instance: "gpu:8002", job: "triton", model: "bert", version: "1" });
  expect(views.subject(found!.id)!.verdict).toMatch(
    /^Still learning: [^;]+; .*; judged at first by the normal of version 1$/,
  );
});
