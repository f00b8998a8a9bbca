import fc from "fast-check";
import { expect, test } from "vitest";
import { Groups } from "../../src/alerts/groups.ts";
import type { Notification, OutgoingAlert } from "../../src/alerts/outgoing.ts";
import type { ReceiverOptions } from "../../src/alerts/receiver.ts";
import { durationMs, SECOND } from "../../src/series/time.ts";
import { alertOf, receiver, seconds } from "./receiver-story.ts";

/** Times in ticks of ten seconds; what each of three alerts does at each tick, and which notifications arrive. */
interface Life {
  readonly options: ReceiverOptions;
  readonly ticks: readonly (readonly boolean[])[];
  readonly taken: readonly boolean[];
  /** How many ticks each notification is under way. */
  readonly takes: readonly number[];
}

const TICK = 10;
const ALERTS = ["Load:a", "Load:b", "Burst:a"];
const span = (min: number, max: number) => fc.integer({ min, max }).map((n) => durationMs(n * TICK * SECOND));

const anyOptions: fc.Arbitrary<ReceiverOptions> = fc
  .record({
    sendResolved: fc.boolean(),
    groupBy: fc.constantFrom(["alertname"], [], ["..."]),
    groupWait: span(0, 6),
    groupInterval: span(1, 12),
    repeatInterval: span(20, 60),
  })
  .map((options) => ({ ...receiver, ...options }));

const anyTicks = fc.array(fc.array(fc.boolean(), { minLength: ALERTS.length, maxLength: ALERTS.length }), {
  maxLength: 60,
});
const anyLife = (taken: fc.Arbitrary<boolean>, slowest: number): fc.Arbitrary<Life> =>
  fc.record({
    options: anyOptions,
    ticks: anyTicks,
    taken: fc.array(taken, { minLength: 200, maxLength: 200 }),
    takes: fc.array(fc.nat(slowest), { minLength: 200, maxLength: 200 }),
  });

interface Told {
  readonly at: number;
  readonly notification: Notification;
  readonly taken: boolean;
}

interface Lived {
  readonly told: readonly Told[];
  readonly began: readonly { readonly word: string; readonly at: number }[];
}

/** Lives through it, and then 150 calm ticks in which nothing fires and everything arrives at once. */
function live({ options, ticks, taken, takes }: Life): Lived {
  const groups = new Groups(options, "");
  const told: Told[] = [];
  const began: { word: string; at: number }[] = [];
  const since = new Map<string, number>();
  const underWay = new Set<{ readonly told: Told; readonly until: number }>();
  const settle = (now: number) => {
    for (const one of underWay) {
      if (one.until > now) continue;
      underWay.delete(one);
      groups.settled(one.told.notification.groupKey, one.told.taken, seconds(now));
    }
  };
  const quiet = Array.from({ length: 150 }, () => ALERTS.map(() => false));
  for (const [i, marks] of [...ticks, ...quiet].entries()) {
    const now = i * TICK;
    const calm = i >= ticks.length;
    const heard: { alert: OutgoingAlert; again: boolean }[] = [];
    for (const [n, word] of ALERTS.entries()) {
      const start = since.get(word);
      if (marks[n] === true && start === undefined) {
        since.set(word, now);
        began.push({ word, at: now });
        heard.push({ alert: alertOf(word, now), again: false });
      } else if (marks[n] === true) heard.push({ alert: alertOf(word, start!), again: true });
      else if (start !== undefined) {
        since.delete(word);
        heard.push({ alert: alertOf(word, start, now), again: false });
      }
    }
    groups.take(heard, seconds(now));
    settle(now);
    for (const notification of groups.due(seconds(now))) {
      const one = { at: now, notification, taken: calm || (taken[told.length] ?? true) };
      underWay.add({ told: one, until: calm ? now : now + (takes[told.length] ?? 0) * TICK });
      told.push(one);
    }
    settle(now);
  }
  return { told, began };
}

const nameOf = ({ labels }: OutgoingAlert): string => {
  const model = labels.get("model");
  return model === undefined ? labels.get("alertname")! : `${labels.get("alertname")}:${model}`;
};

test("every alert that begins is told, within group_wait and group_interval", () => {
  fc.assert(
    fc.property(anyLife(fc.constant(true), 0), (life) => {
      const { told, began } = live(life);
      const { groupWait, groupInterval } = life.options;
      for (const { word, at } of began) {
        const latest = at + (groupWait + groupInterval) / SECOND;
        const heard = told.some((one) => {
          const alert = one.notification.alerts.find((each) => nameOf(each) === word);
          return one.at >= at && one.at <= latest && alert !== undefined && alert.startsAt >= seconds(at);
        });
        expect(heard).toBe(true);
      }
    }),
  );
});

test("whatever does not arrive, each beginning is counted once in what does", () => {
  fc.assert(
    fc.property(anyLife(fc.boolean(), 20), (life) => {
      const { told, began } = live(life);
      const known = new Map<string, number>();
      const counted = new Map<string, number>();
      for (const { notification } of told.filter(({ taken }) => taken)) {
        for (const alert of notification.alerts) {
          const word = nameOf(alert);
          if (known.get(word) !== alert.startsAt) {
            const occurrences = Number.parseInt(alert.annotations["occurrences"] ?? "1", 10);
            counted.set(word, (counted.get(word) ?? 0) + occurrences);
          }
          known.set(word, alert.startsAt);
        }
      }
      for (const word of ALERTS) {
        expect(counted.get(word) ?? 0).toBe(began.filter((one) => one.word === word).length);
      }
    }),
  );
});

test("an alert told as firing is told as ended exactly once, unless it began anew before or nobody wants to know", () => {
  fc.assert(
    fc.property(anyLife(fc.boolean(), 20), (life) => {
      const states = new Map<string, string>();
      for (const { notification } of live(life).told.filter(({ taken }) => taken)) {
        for (const alert of notification.alerts) {
          const word = nameOf(alert);
          const state = `${alert.status} ${alert.startsAt}`;
          if (alert.status === "resolved") {
            expect(states.get(word)).not.toBe(state);
            if (!life.options.sendResolved) expect(states.get(word)).not.toBe(`firing ${alert.startsAt}`);
          }
          states.set(word, state);
        }
      }
      if (!life.options.sendResolved) return;
      for (const state of states.values()) expect(state).toMatch(/^resolved/);
    }),
  );
});

test("nothing is told twice within repeat_interval without news, and a group not twice within group_interval", () => {
  fc.assert(
    fc.property(anyLife(fc.boolean(), 20), (life) => {
      const { groupInterval, repeatInterval } = life.options;
      const last = new Map<string, Told>();
      const tried = new Map<string, number>();
      for (const one of live(life).told) {
        const { groupKey, alerts } = one.notification;
        const before = last.get(groupKey);
        const known = new Set(
          before?.notification.alerts.map(
            ({ fingerprint, status, startsAt }) => `${fingerprint} ${status} ${startsAt}`,
          ),
        );
        const news = alerts.some(
          ({ fingerprint, status, startsAt }) => !known.has(`${fingerprint} ${status} ${startsAt}`),
        );
        if (before !== undefined && !news) {
          expect((one.at - before.at) * SECOND).toBeGreaterThanOrEqual(repeatInterval);
        }
        const since = tried.get(groupKey);
        if (since !== undefined) expect((one.at - since) * SECOND).toBeGreaterThanOrEqual(groupInterval);
        tried.set(groupKey, one.at);
        if (one.taken) last.set(groupKey, one);
      }
    }),
  );
});
