import { expect, test } from "vitest";
import { matcher } from "../../src/series/matchers.ts";
import { epochMs } from "../../src/series/time.ts";
import { Bench } from "./bench.ts";
import { SimulatedTriton } from "./simulated-triton.ts";

/** Twenty quiet scrapes, then bert is loaded again. */
function reload(bench: Bench): Bench {
  const triton = new SimulatedTriton("bert", "resnet");
  for (let i = 0; i < 20; i++) bench.tick({ "gpu:8002": triton.page() });
  triton.load("bert");
  for (let i = 0; i < 3; i++) bench.tick({ "gpu:8002": triton.page() });
  return bench;
}

const modelEvents = ({ events }: Bench) =>
  events.flatMap((event) => (event.kind === "model" ? [{ kind: event.event.kind, announced: event.announced }] : []));

const span = (from: number, until: number) => {
  const times = { kind: "span", from: epochMs(from), until: epochMs(until) } as const;
  return [{ name: "release", reason: "v2", match: [matcher("model", "=~", "b.*")], times }];
};

test("a reload nobody announced fires, and the alert says that nothing was announced", () => {
  const bench = reload(new Bench());
  expect(bench.story("TritonModelReloaded", "bert")).toEqual(["firing"]);
  expect(bench.transitions.find(({ labels }) => labels.get("model") === "bert")?.evidence).toMatchObject({
    ...{ event: "reloaded", announcements_considered: [] },
  });
  expect(modelEvents(bench)).toEqual([{ kind: "reloaded", announced: undefined }]);
});

test("a reload in a window of the config fires nothing and is an event that names the window", () => {
  const { now } = new Bench();
  const bench = reload(new Bench({ windows: span(now, now + 60_000) }));
  expect(bench.firing()).toEqual(["SentinelWatchdog"]);
  const announced = { kind: "announced", name: "release", by: "configuration", reason: "v2" };
  expect(modelEvents(bench)).toEqual([{ kind: "reloaded", announced }]);
});

test("a reload after the window fires, and the alert says which window was looked at and when it ended", () => {
  const { now } = new Bench();
  const bench = reload(new Bench({ windows: span(now, now + 5_000) }));
  const { evidence } = bench.transitions.find(({ labels }) => labels.get("model") === "bert")!;
  expect(evidence["announcements_considered"]).toEqual(['window "release" ended 2026-11-23T08:00:05.000Z']);
});

test("an announcement made while running covers the model it names, and says who made it", () => {
  const bench = new Bench();
  const until = epochMs(bench.now + 60_000);
  const who = { kind: "announce", by: "ci", reason: "canary", from: bench.time, until } as const;
  bench.give([{ ...who, model: "bert" }]);
  reload(bench);
  expect(bench.firing()).toEqual(["SentinelWatchdog"]);
  expect(modelEvents(bench)).toEqual([
    { kind: "reloaded", announced: expect.objectContaining({ by: "ci", reason: "canary" }) },
  ]);
});

test("what became of an announcement is told, with the very input", () => {
  const bench = new Bench();
  const from = bench.time;
  const announcement = { kind: "announce", model: "bert", by: "ci", reason: "", from } as const;
  const good = { ...announcement, until: epochMs(from + 1) };
  const bad = { ...announcement, until: from };
  const events = bench.give([good, bad]).filter(({ kind }) => kind === "announcement");
  expect(events).toEqual([
    { kind: "announcement", at: from, announcement: good, outcome: "accepted" },
    { kind: "announcement", at: from, announcement: bad, outcome: "refused", why: "it ends before it begins" },
  ]);
  expect(events[0]).toHaveProperty("announcement", good);
  expect(bench.world.deployments.announcements(from)).toEqual([good]);
});

test("an announcement of another model does not cover it, and the alert says so", () => {
  const bench = new Bench();
  const until = epochMs(bench.now + 60_000);
  bench.give([{ kind: "announce", model: "resnet", by: "ci", reason: "", from: bench.time, until }]);
  reload(bench);
  const { evidence } = bench.transitions.find(({ labels }) => labels.get("model") === "bert")!;
  expect(evidence["announcements_considered"]).toEqual(['announcement by "ci" is for model "resnet"']);
});
