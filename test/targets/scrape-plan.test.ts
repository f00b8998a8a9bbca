import fc from "fast-check";
import { expect, test } from "vitest";
import { Labels } from "../../src/series/labels.ts";
import { durationMs, epochMs } from "../../src/series/time.ts";
import { type Planned, ScrapePlan } from "../../src/targets/scrape-plan.ts";
import { slotAtOrAfter, slotOffset } from "../../src/targets/slots.ts";

const target = (instance: string, interval = 15_000): Planned => ({
  labels: Labels.of({ job: "triton", instance }),
  interval: durationMs(interval),
});
const START = epochMs(1_795_000_000_000);
const firstSlot = (of: Planned) => slotAtOrAfter(START, of.interval, slotOffset(of.labels, of.interval));

/** A plan made just before the first target's slot, so that no scrape goes before it. */
function planOf(...targets: Planned[]): ScrapePlan<Planned> {
  const plan = new ScrapePlan<Planned>();
  plan.replace(targets, epochMs(firstSlot(targets[0]!) - 1_000));
  return plan;
}

test("a target is due once in each of its slots, and the scrape carries the slot's time", () => {
  const a = target("a");
  const plan = planOf(a);
  const slot = firstSlot(a);
  expect(plan.nextDue).toBe(slot);
  expect(plan.due(epochMs(slot - 1))).toEqual([]);
  expect(plan.due(epochMs(slot + 40))).toEqual([{ target: a, at: slot }]);
  expect(plan.due(epochMs(slot + 41))).toEqual([]);
  plan.done(a);
  expect(plan.due(epochMs(slot + 15_000))).toEqual([{ target: a, at: slot + 15_000 }]);
  expect(plan.missed).toBe(0);
});

test("a slot that comes while the target is busy is missed and counted", () => {
  const a = target("a");
  const plan = planOf(a);
  const slot = firstSlot(a);
  plan.due(slot);
  expect(plan.due(epochMs(slot + 15_000))).toEqual([]);
  plan.done(a);
  expect(plan.due(epochMs(slot + 20_000))).toEqual([]);
  expect(plan.due(epochMs(slot + 30_000))).toHaveLength(1);
  expect(plan.missed).toBe(1);
});

test("after a sleep nothing is made up for: slots gone by are counted, one just begun is taken", () => {
  const a = target("a");
  const plan = planOf(a);
  const slot = firstSlot(a);
  expect(plan.due(epochMs(slot + 45_500))).toEqual([{ target: a, at: slot + 45_000 }]);
  expect(plan.missed).toBe(3);
  plan.done(a);
  expect(plan.due(epochMs(slot + 60_000 + 5_000))).toEqual([]);
  expect(plan.missed).toBe(4);
});

test("a clock set back by an hour does not stop the scraping for an hour", () => {
  const a = target("a");
  const plan = planOf(a);
  const back = epochMs(firstSlot(a) - 3_600_000);
  expect(plan.due(back)).toEqual([{ target: a, at: back }]);
});

test("a reload keeps the slots and the busy state of what stays, forgets what goes and begins what comes", () => {
  const [a, b] = [target("a"), target("b")];
  const plan = planOf(a, b);
  plan.due(firstSlot(a));
  const again = { ...a };
  plan.replace([again, target("c", 5_000)], START);
  expect(plan.current(a)).toBe(again);
  expect(plan.current(b)).toBeUndefined();
  expect(plan.due(epochMs(firstSlot(a) + 15_000)).map(({ target }) => target.labels.get("instance"))).not.toContain(
    "a",
  );
});

test("a reload that changes the interval does not scrape a busy target twice at once", () => {
  const a = target("a");
  const plan = planOf(a);
  plan.due(firstSlot(a));
  const quick = target("a", 1_000);
  plan.replace([quick], firstSlot(a));
  expect(plan.due(slotAtOrAfter(firstSlot(a), quick.interval, slotOffset(quick.labels, quick.interval)))).toEqual([]);
});

test("a result of a target that went away while it was scraped belongs to nobody, also when the target has come back", () => {
  const a = target("a");
  const plan = planOf(a);
  plan.due(firstSlot(a));
  plan.replace([], firstSlot(a));
  plan.replace([{ ...a }], firstSlot(a));
  expect(plan.current(a)).toBeUndefined();
});

test("of few targets a new one is scraped within a second, and from then on in its slots", () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1_000, max: 120_000 }), (instance, interval) => {
      const a = target(instance, interval);
      const plan = new ScrapePlan<Planned>();
      plan.replace([a], START);
      const times: number[] = [];
      for (let now = START; times.length < 3; now = epochMs(now + 100)) {
        times.push(...plan.due(now).map(({ at }) => at));
        plan.done(a);
      }
      const slot = firstSlot(a);
      const [first, second, third] = times as [number, number, number];
      if (slot - START > 3_000) {
        expect(first - START).toBeLessThanOrEqual(1_000);
        expect(second).toBe(slot);
      } else expect(first).toBe(slot);
      expect(first).toBeLessThan(second);
      expect(third - second).toBe(interval);
      expect(plan.missed).toBe(0);
    }),
    { numRuns: 50 },
  );
});

test("of many targets a new one waits for its slot, so that they do not all come at once", () => {
  const many = Array.from({ length: 51 }, (_, i) => target(`gpu-${i}`, 60_000));
  const plan = new ScrapePlan<Planned>();
  plan.replace(many, START);
  expect(plan.nextDue).toBe(Math.min(...many.map(firstSlot)));
});

test("a target that stays through a reload is not scraped out of turn", () => {
  const a = target("a", 60_000);
  const plan = planOf(a);
  const slot = firstSlot(a);
  plan.due(slot);
  plan.done(a);
  plan.replace([{ ...a }], epochMs(slot + 5_000));
  expect(plan.nextDue).toBe(slot + 60_000);
});
