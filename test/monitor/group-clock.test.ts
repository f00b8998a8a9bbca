import { expect, test } from "vitest";
import { GroupClock } from "../../src/monitor/group-clock.ts";
import type { RuleGroup } from "../../src/rules/types.ts";
import { durationMs, epochMs } from "../../src/series/time.ts";

const group = (interval?: number, name = "g", file = "f"): RuleGroup => ({
  ...{ name, file, queryOffset: durationMs(0), limit: 0, rules: [] },
  ...(interval !== undefined && { interval: durationMs(interval) }),
});

const instants = (one: RuleGroup, ...ticks: readonly number[]): readonly (number | undefined)[] => {
  const clock = new GroupClock(durationMs(15_000));
  return ticks.map((tick) => clock.due(one, epochMs(tick)));
};

test("a group without an interval follows the ticks, at most once per evaluation interval", () => {
  expect(instants(group(), 1_000, 2_000, 15_900, 16_000, 31_000)).toEqual([
    1_000,
    undefined,
    15_900,
    undefined,
    31_000,
  ]);
});

test("a tick up to a tenth of the interval early is the next one, for scrapes jitter", () => {
  expect(instants(group(), 0, 13_499, 13_500)).toEqual([0, undefined, 13_500]);
});

test("a group with an interval is due once a slot, for the slot's instant, and first one slot after the start", () => {
  expect(instants(group(10_000), 12_000, 19_999, 20_300, 25_000, 30_000)).toEqual([
    ...[undefined, undefined, 20_000, undefined, 30_000],
  ]);
});

test("slots that passed without a tick are skipped and not run late", () => {
  expect(instants(group(10_000), 1_000, 95_000, 96_000, 100_000)).toEqual([undefined, 90_000, undefined, 100_000]);
});

test("a clock set back makes no group due again before its time", () => {
  expect(instants(group(), 100_000, 50_000, 115_000)).toEqual([100_000, undefined, 115_000]);
});

test("groups of the same name in different files keep their own time", () => {
  const clock = new GroupClock(durationMs(15_000));
  expect([
    clock.due(group(undefined, "g", "a"), epochMs(1)),
    clock.due(group(undefined, "g", "b"), epochMs(2)),
  ]).toEqual([1, 2]);
});
