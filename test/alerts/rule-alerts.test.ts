import { describe, expect, test } from "vitest";
import { type Advance, RuleAlerts } from "../../src/alerts/rule-alerts.ts";
import type { AlertFacts, AlertSettings, Transition } from "../../src/alerts/types.ts";
import { Labels } from "../../src/series/labels.ts";
import { durationMs, epochMs, MINUTE, parseDuration } from "../../src/series/time.ts";

/** "for 1m, keep 2m, hold 3m, events, limit 5" */
function settings(text: string): AlertSettings {
  const duration = (word: string, otherwise: string) =>
    parseDuration(new RegExp(`${word} (\\w+)`).exec(text)?.[1] ?? otherwise);
  return {
    for: duration("for", "0s"),
    keepFiringFor: duration("keep", "0s"),
    holdFor: duration("hold", "1h"),
    limit: Number(/limit (\d+)/.exec(text)?.[1] ?? 0),
    events: text.includes("events"),
  };
}

const facts = (name: string, value = 1): AlertFacts => ({
  labels: Labels.of({ alertname: "A", subject: name }),
  annotations: { summary: `${name} is ${value}` },
  value,
  evidence: { value },
});
const minute = (n: number) => epochMs(n * MINUTE);
const advanced = (outcome: Advance): readonly Transition[] => {
  if (outcome.kind !== "advanced") throw new Error(`outcome is ${outcome.kind}`);
  return outcome.transitions;
};
const stateOf = (alerts: RuleAlerts) => [...alerts.alerts()][0]?.is.state ?? "-";

/**
 * One tick a minute: `#` with a finding, `.` without, `?` while nothing is known, `!` with an event, `x` where the evaluation
 * failed.
 */
function tick(alerts: RuleAlerts, mark: string, at: number): readonly Transition[] {
  if (mark === "x") return [];
  const findings = mark === "#" || mark === "!" ? [facts("a", at)] : [];
  return advanced(alerts.advance({ at: minute(at), findings, unknown: () => mark === "?" }));
}

test("says since when an alert is there, over dips it was kept through, and not of one that ended", () => {
  const alerts = new RuleAlerts(settings("keep 2m"));
  const since = () => alerts.activeAt(facts("a").labels);
  expect(since()).toBeUndefined();
  for (const [at, mark] of [...".#.#"].entries()) tick(alerts, mark, at);
  expect(since()).toBe(minute(1));
  for (const at of [4, 5, 6]) tick(alerts, ".", at);
  expect(since()).toBeUndefined();
});

test.each([
  ["##.#", "for 1m", "pending firing resolved pending"],
  ["#.#...", "for 0s, keep 2m", "firing firing firing firing firing resolved"],
  ["#", "for 0s", "firing"],
  ["#.#", "for 5m", "pending - pending"],
  ["####", "for 2m", "pending pending firing firing"],
  ["##..##", "for 1m, keep 5m", "pending firing firing firing firing firing"],
  // The clock of keep_firing_for starts again whenever the condition is back.
  ["#..#..#...", "keep 3m", "firing firing firing firing firing firing firing firing firing firing"],
  ["#.x.", "keep 2m", "firing firing firing resolved"],
  ["#x#", "for 2m", "pending pending firing"],
  // Time of which nothing is known counts for no clock.
  ["#?#", "for 2m", "pending pending pending"],
  ["#?##", "for 2m", "pending pending pending firing"],
  ["#??.", "for 1m", "pending pending pending -"],
  ["#???.", "", "firing firing firing firing resolved"],
  ["#.??.", "keep 2m", "firing firing firing firing firing"],
  ["#.??..", "keep 2m", "firing firing firing firing firing resolved"],
  ["#??#??#", "hold 2m", "firing firing firing firing firing firing firing"],
  ["#????", "hold 2m", "firing firing firing resolved resolved"],
  ["#????#", "for 1m, hold 2m", "pending pending pending - - pending"],
  ["#?", "hold 0s", "firing resolved"],
  ["?#", "", "- firing"],
  ["!..", "events, keep 2m", "firing firing firing"],
  ["!...", "events, keep 2m", "firing firing firing resolved"],
  ["!???", "events, keep 2m", "firing firing firing resolved"],
  ["!.!...", "events, keep 2m", "firing firing firing firing firing resolved"],
  ["!", "events, for 5m", "firing"],
])("advance() tells the story of %s, %s", (ticks, rule, states) => {
  const alerts = new RuleAlerts(settings(rule));
  const story = [...ticks].map((mark, at) => {
    tick(alerts, mark, at);
    return stateOf(alerts);
  });
  expect(story.join(" ")).toBe(states);
});

test.each([
  ["##.#", "for 1m", "0 pending, 1 firing, 2 resolved, 3 pending"],
  ["#", "for 0s", "0 firing"],
  ["#.", "for 1m", "0 pending"],
  ["###", "for 0s", "0 firing"],
  ["#???", "hold 2m", "0 firing, 3 resolved unknown"],
  ["!.!.", "events, keep 5m", "0 firing, 2 resolved superseded, 2 firing"],
  ["!.", "events", "0 firing, 1 resolved"],
])("advance() announces the changes of %s, %s", (ticks, rule, expected) => {
  const alerts = new RuleAlerts(settings(rule));
  const told = [...ticks].flatMap((mark, at) => tick(alerts, mark, at));
  const text = told.map(({ at, state, reason }) =>
    [at / MINUTE, state, ...(reason === undefined ? [] : [reason])].join(" "),
  );
  expect(text.join(", ")).toBe(expected);
});

type State = "inactive" | "pending" | "firing" | "kept" | "resolved";

/** How to get there with for 1m, keep 2m, and what each mark leads to then: no state and no mark can be left out. */
const TABLE: Record<State, { readonly after: string } & Record<"#" | "." | "?", State>> = {
  inactive: { after: "", "#": "pending", ".": "inactive", "?": "inactive" },
  pending: { after: "#", "#": "firing", ".": "inactive", "?": "pending" },
  firing: { after: "##", "#": "firing", ".": "kept", "?": "firing" },
  kept: { after: "##.", "#": "firing", ".": "kept", "?": "kept" },
  resolved: { after: "##...", "#": "pending", ".": "resolved", "?": "resolved" },
};

test.each(Object.entries(TABLE))("from %s every mark leads where the table says", (from, { after, ...to }) => {
  const reach = (ticks: string): State => {
    const alerts = new RuleAlerts(settings("for 1m, keep 2m"));
    for (const [at, mark] of [...ticks].entries()) tick(alerts, mark, at);
    const is = [...alerts.alerts()][0]?.is;
    if (is === undefined) return "inactive";
    return is.state === "firing" && is.keptSince !== undefined ? "kept" : is.state;
  };
  expect(reach(after)).toBe(from);
  expect(Object.keys(to).map((mark) => [mark, reach(after + mark)])).toEqual(Object.entries(to));
});

describe("an alert", () => {
  test("keeps the last facts when it is resolved", () => {
    const alerts = new RuleAlerts(settings("for 1m"));
    for (const at of [0, 1, 2]) tick(alerts, "#", at);
    expect(tick(alerts, ".", 3)).toEqual([
      { ...facts("a", 2), at: minute(3), state: "resolved", activeAt: minute(0), firedAt: minute(1) },
    ]);
  });

  test("is remembered for 15 minutes after it was resolved", () => {
    const alerts = new RuleAlerts(settings(""));
    tick(alerts, "#", 0);
    tick(alerts, ".", 1);
    tick(alerts, ".", 16);
    expect(stateOf(alerts)).toBe("resolved");
    tick(alerts, ".", 17);
    expect(stateOf(alerts)).toBe("-");
  });

  test("is pending again, and told to be over, when a reload raises `for`", () => {
    const alerts = new RuleAlerts(settings("for 1m"));
    for (const at of [0, 1, 2]) tick(alerts, "#", at);
    alerts.settings = settings("for 5m");
    expect(tick(alerts, "#", 3).map(({ state }) => state)).toEqual(["resolved", "pending"]);
    expect(tick(alerts, "#", 4)).toEqual([]);
    expect(tick(alerts, "#", 5)).toMatchObject([{ state: "firing", activeAt: minute(0), firedAt: minute(5) }]);
  });

  test("is resolved because its rule was removed", () => {
    const alerts = new RuleAlerts(settings("for 1m"));
    alerts.advance({ at: minute(0), findings: [facts("a")] });
    alerts.advance({ at: minute(1), findings: [facts("a"), facts("b")] });
    expect(alerts.close(minute(2), "rule-removed")).toMatchObject([
      { labels: facts("a").labels, state: "resolved", reason: "rule-removed" },
    ]);
  });
});

describe("one evaluation", () => {
  test("with two findings of the same labels changes nothing", () => {
    const alerts = new RuleAlerts(settings(""));
    tick(alerts, "#", 0);
    const before = alerts.save();
    const outcome = alerts.advance({ at: minute(1), findings: [facts("b"), facts("b")] });
    expect(outcome).toEqual({ kind: "duplicate", labels: facts("b").labels });
    expect(alerts.save()).toEqual(before);
  });

  test("with two events of the same labels ends the first for the second", () => {
    const alerts = new RuleAlerts(settings("events"));
    const told = advanced(alerts.advance({ at: minute(0), findings: [facts("a", 1), facts("a", 2)] }));
    expect(told.map(({ state, value }) => `${state} ${value}`)).toEqual(["firing 1", "resolved 1", "firing 2"]);
  });

  test("tells the ends first, then findings in their order", () => {
    const alerts = new RuleAlerts(settings(""));
    alerts.advance({ at: minute(0), findings: ["b", "c", "a"].map((name) => facts(name)) });
    const told = advanced(alerts.advance({ at: minute(1), findings: ["z", "c", "d"].map((name) => facts(name)) }));
    expect(told.map(({ labels, state }) => `${labels.get("subject")} ${state}`)).toEqual([
      "b resolved",
      "a resolved",
      "z firing",
      "d firing",
    ]);
  });

  test("beyond the limit cuts new alerts off, counts them, and leaves those there are", () => {
    const alerts = new RuleAlerts(settings("limit 2"));
    const flood = (names: string, at: number) =>
      alerts.advance({ at: minute(at), findings: [...names].map((name) => facts(name)) });
    expect(flood("ab", 0)).toMatchObject({ cut: 0 });
    expect(flood("xyab", 1)).toMatchObject({ transitions: [], cut: 2 });
    expect(advanced(flood("xyb", 2)).map(({ labels, state }) => `${labels.get("subject")} ${state}`)).toEqual([
      "a resolved",
      "x firing",
    ]);
  });

  test("keeps at most 1,000 alerts that name no target, without a limit, and as many resolved ones", () => {
    const alerts = new RuleAlerts(settings(""));
    const many = (prefix: string) => Array.from({ length: 1_100 }, (_, i) => facts(`${prefix}${i}`));
    expect(alerts.advance({ at: minute(0), findings: many("a") })).toMatchObject({ cut: 100 });
    expect(alerts.advance({ at: minute(1), findings: many("b") })).toMatchObject({ cut: 100 });
    alerts.advance({ at: minute(2), findings: [] });
    expect([...alerts.alerts()]).toHaveLength(1_000);
  });

  test("keeps at most 200 alerts of one target, and as many resolved ones, and takes no place of another's", () => {
    const alerts = new RuleAlerts(settings(""));
    const of = (instance: string, count: number, from = 0) =>
      Array.from({ length: count }, (_, i) => ({
        ...facts(""),
        labels: Labels.of({ instance, model: `m${from + i}` }),
      }));
    const honest = of("honest", 2);
    expect(alerts.advance({ at: minute(0), findings: [...of("evil", 300), ...honest] })).toMatchObject({ cut: 100 });
    expect(alerts.advance({ at: minute(1), findings: of("evil", 300, 300) })).toMatchObject({ cut: 100 });
    expect(alerts.advance({ at: minute(2), findings: honest })).toMatchObject({ cut: 0 });
    const counts = { firing: 0, resolved: 0 };
    for (const { is } of alerts.alerts()) if (is.state !== "pending") counts[is.state]++;
    expect(counts).toEqual({ firing: 2, resolved: 200 });
  });
});

describe("after a restart", () => {
  test("an alert goes on where it was, and the time away counts for no clock", () => {
    const before = new RuleAlerts(settings("for 5m"));
    for (const at of [0, 1, 2]) tick(before, "#", at);
    const after = new RuleAlerts(settings("for 5m"));
    after.restore(before.save(), durationMs(10 * MINUTE));
    expect([...after.alerts()]).toEqual([...before.alerts()]);
    expect(tick(after, "#", 12)).toEqual([]);
    expect(tick(after, "#", 14)).toEqual([]);
    expect(tick(after, "#", 15)).toMatchObject([{ state: "firing", activeAt: minute(0) }]);
  });

  test("a firing alert does not fire again", () => {
    const before = new RuleAlerts(settings("for 1m"));
    for (const at of [0, 1, 2]) tick(before, "#", at);
    const after = new RuleAlerts(settings("for 1m"));
    after.restore(before.save(), durationMs(60 * MINUTE));
    expect(tick(after, "#", 62)).toEqual([]);
    expect(tick(after, ".", 63)).toMatchObject([{ state: "resolved", firedAt: minute(1) }]);
  });
});
