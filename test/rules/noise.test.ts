import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MOST, Noise, raiseEvidence } from "../../src/rules/noise.ts";
import { DAY, epochMs, HOUR, MINUTE } from "../../src/series/time.ts";

const WEEK = 7 * DAY;

/** A subject that has alarms of ten minutes at these times. */
function noisy(...times: readonly number[]): Noise {
  const noise = new Noise();
  for (const at of times) alarm(noise, at);
  return noise;
}

function alarm(noise: Noise, at: number): void {
  noise.relax(epochMs(at));
  noise.began(epochMs(at));
  noise.ended(epochMs(at + 10 * MINUTE));
}

const daily = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i * DAY);

describe("a subject's threshold", () => {
  test.each([
    [1, 0],
    [2, 0],
    [3, 2],
    [4, 4],
    [5, 6],
    [6, 8],
    [7, 8],
    [40, 8],
  ])("after %i alarms, one a day, is raised by %i nats", (alarms, nats) => {
    expect(noisy(...daily(alarms)).raise).toBe(nats);
  });

  test("stays where it is for two alarms a week, for ever", () => {
    const noise = new Noise();
    for (let week = 0; week < 50; week++) for (const day of [0, 3.5]) alarm(noise, week * WEEK + day * DAY);
    expect(noise.raise).toBe(0);
  });

  test("is not raised while the alarm is on", () => {
    const noise = noisy(0, DAY);
    noise.began(epochMs(2 * DAY));
    expect(noise.raise).toBe(0);
    noise.ended(epochMs(2 * DAY + HOUR));
    expect(noise.raise).toBe(2);
  });

  test("takes alarms less than half an hour apart for one", () => {
    const times = Array.from({ length: 50 }, (_, i) => i * 30 * MINUTE);
    expect(noisy(...times).raise).toBe(0);
    expect(noisy(...times.map((at) => 3 * at)).raise).toBe(MOST);
  });

  test("halves with every quiet week, and by one nat at least", () => {
    const noise = noisy(...daily(6));
    const quietFrom = 5 * DAY + 10 * MINUTE;
    const after = [0, 0.99, 1, 2, 3, 4].map((weeks) => noise.relax(epochMs(quietFrom + weeks * WEEK)));
    expect(after).toEqual([8, 8, 4, 2, 1, 0]);
    expect(noise.isOver(epochMs(quietFrom + 4.5 * WEEK))).toBe(false);
    expect(noise.isOver(epochMs(quietFrom + 5 * WEEK))).toBe(true);
  });

  test("does not sink while an alarm lasts", () => {
    const noise = noisy(...daily(6));
    noise.began(epochMs(6 * DAY));
    expect(noise.relax(epochMs(6 * DAY + 3 * WEEK))).toBe(8);
  });
});

describe("what people call an alarm", () => {
  test("called true it counts for none, called false for two, whether it is on or was the last", () => {
    const calls = (call: "true" | "false" | "expected", alarms: number, on: boolean) => {
      const noise = noisy(...daily(alarms - 1));
      noise.began(epochMs(alarms * DAY));
      if (on) noise.called(call);
      noise.ended(epochMs(alarms * DAY + HOUR));
      if (!on) noise.called(call);
      return noise.raise;
    };
    for (const on of [true, false]) {
      expect([calls("true", 3, on), calls("expected", 3, on), calls("false", 3, on)]).toEqual([0, 2, 4]);
      expect([calls("false", 1, on), calls("false", 2, on)]).toEqual([0, 2]);
    }
  });

  test("the last word stands", () => {
    const noise = noisy(...daily(3));
    for (const call of ["false", "true", "false", "expected"] as const) noise.called(call);
    expect(noise.raise).toBe(2);
  });

  test("is too late once the threshold has sunk", () => {
    const noise = noisy(...daily(6));
    expect(noise.relax(epochMs(5 * DAY + 10 * MINUTE + WEEK))).toBe(4);
    noise.called("false");
    expect(noise.raise).toBe(4);
  });
});

test("whatever happens, and whatever anybody says, the raise lies between 0 and 8 nats and alarms alone make it grow", () => {
  const happening = fc.oneof(
    fc.record({ kind: fc.constant("alarm" as const), after: fc.integer({ min: 1, max: 3 * WEEK }) }),
    fc.record({ kind: fc.constant("quiet" as const), after: fc.integer({ min: 1, max: 10 * WEEK }) }),
    fc.record({ kind: fc.constantFrom("true" as const, "expected" as const), after: fc.constant(0) }),
  );
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
      const noise = new Noise();
      let at = 0;
      for (const { kind, after } of happenings) {
        at += after;
        const before = noise.raise;
        if (kind === "alarm") alarm(noise, at);
        else if (kind === "quiet") expect(noise.relax(epochMs(at))).toBeLessThanOrEqual(before);
        else noise.called(kind);
        expect(noise.raise).toBeGreaterThanOrEqual(0);
        expect(noise.raise).toBeLessThanOrEqual(Math.min(MOST, before + 2));
        if (kind === "alarm") at += 10 * MINUTE;
      }
    }),
  );
});

describe("the evidence of an alarm", () => {
  const at = epochMs(2 * DAY + HOUR);
  test("says nothing where nothing is raised", () => {
    expect(raiseEvidence(0, undefined, at)).toEqual({});
    expect(raiseEvidence(0, noisy(0), at)).toEqual({});
  });

  test("says by how much the threshold is raised, and why", () => {
    const noise = noisy(...daily(3));
    expect(raiseEvidence(0, noise, at)).toEqual({ raised_nats: 2, raised: "raised by 2 nats: 3 alarms in 7 days" });
    expect(raiseEvidence(1.2345, noise, at)).toEqual({
      raised_nats: 3.23,
      raised: "raised by 2 nats: 3 alarms in 7 days, and by 1.23 nats: the fleet's budget of false alarms",
    });
  });
});
