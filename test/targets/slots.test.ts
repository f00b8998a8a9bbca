import fc from "fast-check";
import { expect, test } from "vitest";
import { Labels } from "../../src/series/labels.ts";
import { durationMs, epochMs } from "../../src/series/time.ts";
import { slotAtOrAfter, slotOffset } from "../../src/targets/slots.ts";

const INTERVAL = durationMs(15_000);
const target = (instance: string) => Labels.of({ job: "triton", instance });

test("a slot is the same after every start, whatever other labels the target has", () => {
  const a = target("gpu-1:8002");
  expect(slotOffset(a, INTERVAL)).toBe(6275);
  expect(slotOffset(a.with({ rack: "7" }), INTERVAL)).toBe(6275);
});

test("a thousand targets spread over the interval: no tenth of it gets twice its share", () => {
  const tenths = new Array<number>(10).fill(0);
  for (let i = 0; i < 1000; i++) {
    const tenth = Math.floor(slotOffset(target(`gpu-${i}:8002`), INTERVAL) / 1500);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  expect(Math.max(...tenths)).toBeLessThan(200);
});

test("the next slot is at or after the instant, less than an interval away, and on the grid", () => {
  fc.assert(
    fc.property(fc.nat(2_000_000_000_000), fc.integer({ min: 1, max: 3_600_000 }), fc.nat(), (at, interval, n) => {
      const offset = durationMs(n % interval);
      const slot = slotAtOrAfter(epochMs(at), durationMs(interval), offset);
      expect(slot).toBeGreaterThanOrEqual(at);
      expect(slot - at).toBeLessThan(interval);
      expect((slot - offset) % interval).toBe(0);
    }),
  );
});
