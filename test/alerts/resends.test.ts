import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type PresentAlert, Resends, type Telling } from "../../src/alerts/resends.ts";
import { RuleAlerts } from "../../src/alerts/rule-alerts.ts";
import type { Alert, AlertFacts, AlertSettings, Transition } from "../../src/alerts/types.ts";
import { Labels } from "../../src/series/labels.ts";
import { durationMs, MINUTE, SECOND } from "../../src/series/time.ts";
import { seconds } from "./receiver-story.ts";

const times = { resendDelay: durationMs(60 * SECOND), interval: durationMs(15 * SECOND) };
const settings: AlertSettings = {
  for: durationMs(0),
  keepFiringFor: durationMs(0),
  limit: 0,
  holdFor: durationMs(60 * MINUTE),
  events: false,
};

const factsOf = (model: string, summary = ""): AlertFacts => ({
  labels: Labels.of({ alertname: "Load", model }),
  annotations: { summary },
  value: 1,
  evidence: {},
});

const lineOf = (at: number, { status, facts, startsAt, endsAt, stale, again }: Telling): string =>
  `${at} ${status} ${facts.labels.get("model")} ${startsAt / 1000}–${endsAt / 1000}${stale ? " stale" : ""}${again ? " again" : ""}`;

/** A rule evaluated every 15 s (or as said), and what is sent: `#` found, `.` not found, `!` the evaluation fails. */
function sent(marks: string, options: { every?: number; settings?: Partial<AlertSettings> } = {}): readonly string[] {
  const alerts = new RuleAlerts({ ...settings, ...options.settings });
  const resends = new Resends(times);
  const lines: string[] = [];
  for (const [i, mark] of [...marks].entries()) {
    const at = (i + 1) * (options.every ?? 15);
    const findings = mark === "#" ? [factsOf("a")] : [];
    const done = mark === "!" ? undefined : alerts.advance({ at: seconds(at), findings });
    const transitions = done?.kind === "advanced" ? done.transitions : [];
    const present = [...alerts.alerts()].map((alert): PresentAlert => ({ alert, stale: mark === "!" }));
    for (const telling of resends.due(transitions, present, seconds(at))) lines.push(lineOf(at, telling));
  }
  return lines;
}

describe("Alertmanagers are sent", () => {
  test("a firing alert at once, and again when more than resend_delay has passed", () => {
    expect(sent("##########")).toEqual(["15 firing a 15–255", "90 firing a 15–330 again"]);
  });

  test("nothing of a pending alert", () => {
    expect(sent("###", { settings: { for: durationMs(40 * SECOND) } })).toEqual([]);
    expect(sent("####", { settings: { for: durationMs(45 * SECOND) } })).toEqual(["60 firing a 60–300"]);
  });

  test("as endsAt four times the interval where that is longer than resend_delay", () => {
    const resends = new Resends({ ...times, interval: durationMs(5 * MINUTE) });
    const [telling] = resends.due([firing("a", 10)], [], seconds(10));
    expect(telling?.endsAt).toBe(seconds(10 + 1_200));
  });

  test("that an alert ended at once, and then for fifteen minutes whenever more than resend_delay has passed", () => {
    const lines = sent(`#${".".repeat(70)}`);
    expect(lines.slice(0, 4)).toEqual([
      "15 firing a 15–255",
      "30 resolved a 15–30",
      "105 resolved a 15–30 again",
      "180 resolved a 15–30 again",
    ]);
    expect(lines.at(-1)).toBe("930 resolved a 15–30 again");
    expect(lines).toHaveLength(14);
  });

  test("an alert that fires anew as a new one, and its end no more", () => {
    expect(sent("#.#.......")).toEqual([
      "15 firing a 15–255",
      "30 resolved a 15–30",
      "45 firing a 45–285",
      "60 resolved a 45–60",
      "135 resolved a 45–60 again",
    ]);
  });

  test("what is held because its rule fails, marked as such", () => {
    expect(sent("#!!!!!!")).toEqual(["15 firing a 15–255", "90 firing a 15–330 stale again"]);
  });

  test("of an event on the labels of another first that the other ended, then that it fires with a later start", () => {
    const events = { events: true, keepFiringFor: durationMs(600 * SECOND) };
    expect(sent("##.", { settings: events })).toEqual([
      "15 firing a 15–255",
      "30 resolved a 15–30",
      "30 firing a 30–270",
    ]);
  });

  test("annotations as they are now", () => {
    const resends = new Resends(times);
    resends.due([firing("a", 0)], [present("a", 0, "5 %")], seconds(0));
    const [telling] = resends.due([], [present("a", 0, "12 %")], seconds(61));
    expect(telling?.facts.annotations).toEqual({ summary: "12 %" });
  });
});

const firing = (model: string, at: number): Transition => ({
  ...factsOf(model),
  at: seconds(at),
  state: "firing",
  activeAt: seconds(at),
  firedAt: seconds(at),
});

const present = (model: string, at: number, summary = ""): PresentAlert => ({
  alert: { ...factsOf(model, summary), is: { state: "firing", activeAt: seconds(at), firedAt: seconds(at) } },
  stale: false,
});

describe("an alert", () => {
  test("whose rule was removed is told as ended, and repeated though nobody has it any more", () => {
    const resends = new Resends(times);
    resends.due([firing("a", 0)], [present("a", 0)], seconds(0));
    const removed: Transition = { ...firing("a", 0), at: seconds(20), state: "resolved", reason: "rule-removed" };
    const lines = [removed, undefined, undefined].flatMap((transition, i) =>
      resends
        .due(transition === undefined ? [] : [transition], [], seconds(20 + 61 * i))
        .map((telling) => lineOf(20 + 61 * i, telling)),
    );
    expect(lines).toEqual(["20 resolved a 0–20", "81 resolved a 0–20 again", "142 resolved a 0–20 again"]);
  });

  test("that was there before a restart is sent at once, firing as news and ended as none", () => {
    const ended: Alert = {
      ...factsOf("b"),
      is: { state: "resolved", activeAt: seconds(0), firedAt: seconds(0), resolvedAt: seconds(900) },
    };
    const old: Alert = { ...ended, ...factsOf("c"), is: { ...ended.is, resolvedAt: seconds(99) } as Alert["is"] };
    const all = [present("a", 0), { alert: ended, stale: false }, { alert: old, stale: false }];
    const resends = new Resends(times);
    expect(resends.due([], all, seconds(1_000)).map((telling) => lineOf(1_000, telling))).toEqual([
      "1000 firing a 0–1240",
      "1000 resolved b 0–900 again",
    ]);
    expect(resends.due([], all, seconds(1_010))).toEqual([]);
  });

  test("that fires and ends within one step is told both, in order", () => {
    const resends = new Resends(times);
    const end: Transition = { ...firing("a", 0), at: seconds(0), state: "resolved" };
    expect(resends.due([firing("a", 0), end], [], seconds(0)).map(({ status }) => status)).toEqual([
      "firing",
      "resolved",
    ]);
  });

  test("that two rules give is one: it lasts as long as the one that began first, and then the other takes over", () => {
    const resends = new Resends(times);
    const end = (began: number, at: number): Transition => ({
      ...firing("a", began),
      at: seconds(at),
      state: "resolved",
    });
    const steps: [at: number, transitions: Transition[], present: PresentAlert[]][] = [
      [0, [firing("a", 0)], [present("a", 0)]],
      [10, [firing("a", 10)], [present("a", 0), present("a", 10)]],
      [20, [], [present("a", 10), present("a", 0)]],
      [30, [end(10, 30)], [present("a", 0)]],
      [40, [firing("a", 40)], [present("a", 0), present("a", 40)]],
      [50, [end(0, 50)], [present("a", 40)]],
    ];
    const lines = steps.flatMap(([at, transitions, there]) =>
      resends.due(transitions, there, seconds(at)).map((telling) => lineOf(at, telling)),
    );
    expect(lines).toEqual(["0 firing a 0–240", "50 resolved a 0–50", "50 firing a 40–290"]);
  });

  test("that vanishes without a word is forgotten", () => {
    const resends = new Resends(times);
    resends.due([firing("a", 0)], [present("a", 0)], seconds(0));
    resends.due([], [], seconds(10));
    expect(resends.due([], [present("a", 0)], seconds(20)).map(({ again }) => again)).toEqual([false]);
  });
});

test("ends are told each, but only ten thousand are repeated", () => {
  const resends = new Resends(times);
  const ends = Array.from({ length: 12_000 }, (_, i): Transition => ({ ...firing(`m${i}`, 0), state: "resolved" }));
  expect(resends.due(ends, [], seconds(0))).toHaveLength(12_000);
  expect(resends.due([], [], seconds(61))).toHaveLength(10_000);
});

test("whatever happens, who listens knows what fires, in which life, and hears of it before it expires", () => {
  const anyMarks = fc.array(fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }), { maxLength: 60 });
  fc.assert(
    fc.property(anyMarks, fc.boolean(), (ticks, events) => {
      const alerts = new RuleAlerts({ ...settings, events, keepFiringFor: durationMs(30 * SECOND) });
      const resends = new Resends(times);
      const known = new Map<string, Telling>();
      for (const [i, marks] of ticks.entries()) {
        const at = seconds((i + 1) * 15);
        const findings = marks.flatMap((mark, n) => (mark ? [factsOf(`m${n}`)] : []));
        const done = alerts.advance({ at, findings });
        const there = [...alerts.alerts()];
        const transitions = done.kind === "advanced" ? done.transitions : [];
        for (const telling of resends.due(
          transitions,
          there.map((alert) => ({ alert, stale: false })),
          at,
        )) {
          const before = known.get(telling.facts.labels.key);
          // Nobody's life begins before the one told last has ended.
          if (before?.status === "firing") expect(telling.startsAt).toBe(before.startsAt);
          known.set(telling.facts.labels.key, telling);
        }
        const firing = there.flatMap(({ labels, is }) => (is.state === "firing" ? [[labels.key, is.firedAt]] : []));
        const believed = [...known.values()].filter(({ status, endsAt }) => status === "firing" && endsAt > at);
        expect(believed.map(({ facts, startsAt }) => [facts.labels.key, startsAt]).sort()).toEqual(firing.sort());
      }
    }),
  );
});
