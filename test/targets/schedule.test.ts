import { expect, test } from "vitest";
import { Labels } from "../../src/series/labels.ts";
import { durationMs } from "../../src/series/time.ts";
import type { ScrapeOutcome } from "../../src/targets/outcome.ts";
import { type Scheduled, type ScrapeResult, ScrapeSchedule } from "../../src/targets/schedule.ts";
import { slotOffset } from "../../src/targets/slots.ts";
import { HandClock, settled } from "./hand-clock.ts";

/** A target whose scrapes end when the test says so. */
class HandTarget implements Scheduled {
  readonly labels: Labels;
  readonly interval = durationMs(1_000);
  waiting: ((outcome: ScrapeOutcome) => void)[] = [];
  scrapes = 0;

  constructor(instance: string) {
    this.labels = Labels.of({ job: "triton", instance });
  }

  scrape(): Promise<ScrapeOutcome> {
    this.scrapes++;
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  async answer(kind: "unreachable" | "too-slow" = "unreachable"): Promise<void> {
    this.waiting.shift()?.({ kind, why: "" });
    await settled();
  }
}

function schedule() {
  const clock = new HandClock();
  const batches: ScrapeResult<HandTarget>[][] = [];
  const made = new ScrapeSchedule<HandTarget>(clock, (results) => void batches.push([...results]));
  return { clock, batches, schedule: made };
}

test("what arrives within a tick is delivered together, and a slow target holds nobody back", async () => {
  const { clock, batches, schedule: s } = schedule();
  const [a, b, slow] = [new HandTarget("a"), new HandTarget("b"), new HandTarget("slow")];
  s.replace([a, b, slow]);
  await clock.pass(1_100);
  await a.answer();
  await b.answer("too-slow");
  expect(batches).toEqual([]);
  await clock.pass(100);
  expect(batches).toHaveLength(1);
  expect(batches[0]?.map(({ target, outcome }) => [target.labels.get("instance"), outcome.kind])).toEqual([
    ["a", "unreachable"],
    ["b", "too-slow"],
  ]);
  await slow.answer();
  await clock.pass(100);
  expect(batches).toHaveLength(2);
});

test("a result carries the start of its slot and how long the scrape took", async () => {
  const { clock, batches, schedule: s } = schedule();
  const a = new HandTarget("a");
  s.replace([a]);
  while (a.scrapes === 0) await clock.pass(100);
  const began = clock.time;
  clock.time += 30;
  await a.answer();
  await clock.pass(100);
  const [result] = batches.flat();
  expect(result?.duration).toBe(30);
  expect((result?.at ?? 0) % 1_000).toBe(slotOffset(a.labels, a.interval));
  expect(began - (result?.at ?? 0)).toBeLessThanOrEqual(100);
});

test("a target is not scraped again while its scrape runs, nor before its result was delivered", async () => {
  const { clock, schedule: s } = schedule();
  const a = new HandTarget("a");
  s.replace([a]);
  await clock.pass(5_000);
  expect([a.scrapes, a.waiting.length]).toEqual([1, 1]);
  expect(s.missedSlots).toBe(4);
  await a.answer();
  await clock.pass(1_100);
  expect(a.scrapes).toBe(2);
});

test("it wakes for what is due and for what has arrived, and otherwise sleeps", async () => {
  const { clock, schedule: s } = schedule();
  const a = new HandTarget("a");
  s.replace([a]);
  for (let i = 0; i < 100; i++) {
    await clock.pass(100);
    await a.answer();
  }
  expect(a.scrapes).toBe(10);
  expect(clock.wakeUps).toBeLessThanOrEqual(20);
});

test("a scrape that rejects is our bug and becomes internal-error", async () => {
  const { clock, batches, schedule: s } = schedule();
  const a = new HandTarget("a");
  a.scrape = () => Promise.reject(new Error("broken\nhere"));
  s.replace([a]);
  await clock.pass(1_200);
  expect(batches.flat()[0]?.outcome).toEqual({ kind: "internal-error", why: "Error: broken\\nhere" });
});

test("after a reload a result goes to the target as it is now, and to none where it is gone", async () => {
  const { clock, batches, schedule: s } = schedule();
  const [a, b, newA] = [new HandTarget("a"), new HandTarget("b"), new HandTarget("a")];
  s.replace([a, b]);
  await clock.pass(1_100);
  s.replace([newA]);
  await a.answer();
  await b.answer();
  await clock.pass(100);
  expect(batches.flat().map(({ target }) => target)).toEqual([newA]);
});

test("once stopped it neither scrapes nor delivers", async () => {
  const { clock, batches, schedule: s } = schedule();
  const a = new HandTarget("a");
  s.replace([a]);
  await clock.pass(1_100);
  s.stop();
  await a.answer();
  await clock.pass(10_000);
  expect([a.scrapes, batches.length]).toEqual([1, 0]);
});
