import { expect, test } from "vitest";
import { RuleSet } from "../../src/monitor/rule-set.ts";
import type { RecordingRule, Rule, RuleGroup } from "../../src/rules/types.ts";
import { METRIC_NAME } from "../../src/series/labels.ts";
import type { Matcher } from "../../src/series/matchers.ts";
import { Bench, rulesOf, scrapeOf } from "./bench.ts";
import { SimulatedTriton } from "./simulated-triton.ts";

/** A buffer that fails where the page reader looks at a part of it: a stand-in for a bug of ours while reading. */
class HostileBuffer extends Uint8Array {
  override subarray(): never {
    throw new Error("a bug in the page reader");
  }
}

const bugs = (bench: Bench) => bench.events.filter(({ kind }) => kind === "bug");

test("a bug on one page costs that page: it is told, the page kept, and other targets and the next page go on", () => {
  const bench = new Bench();
  const triton = new SimulatedTriton("bert");
  bench.tick({ a: triton.page(), b: triton.page() });
  bench.now += 1_000;
  triton.load("evil");
  const text = new TextEncoder().encode(`${triton.page()}rest`);
  const hostile = { kind: "body", body: new HostileBuffer(text), length: text.length - 4 } as const;
  bench.give([{ ...scrapeOf("a", undefined, bench.time), outcome: hostile }, scrapeOf("b", triton.page(), bench.time)]);
  expect(bugs(bench)).toEqual([
    expect.objectContaining({ where: "page", error: new Error("a bug in the page reader") }),
  ]);
  expect(bench.world.offending).toMatchObject({ length: hostile.length, page: { length: hostile.length } });
  expect(bench.firing()).toEqual(["TritonModelLoaded b", "SentinelInternalError", "SentinelWatchdog"]);
  bench.tick({ a: triton.page(), b: triton.page() });
  expect(bench.story("TritonModelLoaded", "evil")).toEqual(["firing", "firing"]);
});

test("a bug after the page's samples were taken sets `up` to 0 and loses no event of the page", () => {
  let broken = false;
  const hostile = matcherThat((name) => {
    if (broken && name === "triton_sentinel_counter_regressions") throw new Error("a bug in a view");
    return name === "up";
  });
  const bench = new Bench({ rules: withMatcher(hostile) });
  const triton = new SimulatedTriton("bert");
  for (let i = 0; i < 3; i++) bench.tick({ a: triton.page() });
  triton.load("evil");
  broken = true;
  bench.tick({ a: triton.page() });
  expect(bugs(bench)).toEqual([expect.objectContaining({ where: "page", error: new Error("a bug in a view") })]);
  expect(bench.firing()).toEqual(["Down a"]);
  broken = false;
  bench.tick({ a: triton.page() });
  expect(bench.firing()).toEqual(["Loaded a"]);
});

const matcherThat = (matches: Matcher["matches"]): Matcher => ({ name: METRIC_NAME, op: "=~", value: "up", matches });

/** Rules of which the first reads what a matcher picks. */
function withMatcher(matcher: Matcher): RuleSet {
  const [group] = rulesOf(`groups:
- name: g
  rules:
  - { record: x, expr: '{__name__=~"up"}' }
  - { alert: Loaded, detect: { models: [loaded] } }
  - { alert: Down, expr: up == 0 }`).groups as [RuleGroup];
  const [record, ...rest] = group.rules as [RecordingRule, ...Rule[]];
  const tree = { ...record.tree, matchers: [matcher] } as RecordingRule["tree"];
  return new RuleSet([{ ...group, rules: [{ ...record, tree }, ...rest] }]);
}
