import { describe, expect, test } from "vitest";
import type { ChangeWindow, WindowTimes } from "../../src/alerts/change-windows.ts";
import { type Announcement, Deployments } from "../../src/alerts/deployments.ts";
import { Labels } from "../../src/series/labels.ts";
import { matcher } from "../../src/series/matchers.ts";
import { epochMs } from "../../src/series/time.ts";

const time = (text: string) => epochMs(Date.parse(text));
const NOON = time("2026-03-04T12:00:00Z");
const LABELS = Labels.of({ instance: "gpu-7:8002", model: "bert", version: "3" });

const announcement = (changes: Partial<Announcement> = {}): Announcement => ({
  model: "bert",
  by: "ci",
  reason: "rollout 5",
  from: time("2026-03-04T11:55:00Z"),
  until: time("2026-03-04T12:05:00Z"),
  ...changes,
});
const window = (times: WindowTimes, ...match: ChangeWindow["match"]): ChangeWindow => ({
  name: "patch day",
  reason: "weekly updates",
  match,
  times,
});
const announced = (...all: Announcement[]) => {
  const deployments = new Deployments([]);
  for (const one of all) deployments.announce(one, time("2026-03-04T00:00:00Z"));
  return deployments;
};

describe("an announcement", () => {
  test("authorises the change it is for, and says who made it", () => {
    expect(announced(announcement()).authorise(LABELS, NOON)).toEqual({
      kind: "announced",
      name: "announcement of bert",
      by: "ci",
      reason: "rollout 5",
    });
  });

  test.each([
    [{ model: "resnet" }, 'announcement by "ci" is for model "resnet"'],
    [{ instance: "gpu-8:8002" }, 'announcement by "ci" is for instance "gpu-8:8002"'],
    [{ version: "4" }, 'announcement by "ci" is for version "4"'],
    [{ until: time("2026-03-04T11:59:00Z") }, 'announcement by "ci" ended 2026-03-04T11:59:00.000Z'],
    [{ from: time("2026-03-04T12:00:01Z") }, 'announcement by "ci" begins 2026-03-04T12:00:01.000Z'],
  ])("that does not apply is named with the reason: %j", (changes, why) => {
    expect(announced(announcement(changes)).authorise(LABELS, NOON)).toEqual({
      kind: "unannounced",
      considered: [why],
    });
  });

  test("that missed by time alone is named before those for others, and the list is bounded", () => {
    const others = Array.from({ length: 50 }, (_, i) => announcement({ model: `m${i}` }));
    const missed = announcement({ by: "late", until: time("2026-03-04T11:59:00Z") });
    const outcome = announced(missed, ...others).authorise(LABELS, NOON);
    expect(outcome).toMatchObject({ kind: "unannounced" });
    const considered = outcome.kind === "unannounced" ? outcome.considered : [];
    expect(considered).toHaveLength(10);
    expect([considered[0], considered[9]]).toEqual([
      'announcement by "late" ended 2026-03-04T11:59:00.000Z',
      "42 more",
    ]);
  });

  test("is forgotten a day after it ended", () => {
    const deployments = announced(announcement());
    const later = time("2026-03-05T12:05:01Z");
    deployments.announce(announcement({ model: "resnet", until: time("2026-03-06T00:00:00Z") }), later);
    expect(deployments.authorise(LABELS, later)).toEqual({
      kind: "unannounced",
      considered: ['announcement by "ci" is for model "resnet"'],
    });
  });

  test.each([
    [{ until: time("2026-03-04T11:00:00Z") }, "it ends before it begins"],
    [{ from: time("2026-03-01T00:00:00Z"), until: time("2026-03-02T00:00:00Z") }, "it has ended already"],
    [{ reason: "x".repeat(1_001) }, "a text in it is longer than 1000 characters"],
  ])("is refused: %#", (changes, why) => {
    expect(new Deployments([]).announce(announcement(changes), NOON)).toEqual({ kind: "refused", why });
  });

  test("is refused when there are a thousand, but ended ones make room", () => {
    const deployments = announced(...Array.from({ length: 1_000 }, () => announcement()));
    expect(deployments.announce(announcement(), NOON)).toMatchObject({ kind: "refused" });
    const later = time("2026-03-04T13:00:00Z");
    const next = announcement({ from: later, until: time("2026-03-04T14:00:00Z") });
    expect(deployments.announce(next, later)).toEqual({ kind: "accepted" });
    expect(deployments.announcements(later)).toEqual([next]);
  });
});

describe("a change window", () => {
  const nights: WindowTimes = { kind: "weekly", days: ["fri"], from: 22 * 60, to: 2 * 60, timeZone: "Europe/Berlin" };
  const days: WindowTimes = { kind: "weekly", days: ["sun", "mon"], from: 120, to: 240, timeZone: "Europe/Berlin" };
  const span: WindowTimes = { kind: "span", from: NOON, until: time("2026-03-04T13:00:00Z") };

  test.each([
    ["a span at its start", span, "2026-03-04T12:00:00Z", true],
    ["a span at its end", span, "2026-03-04T13:00:00Z", true],
    ["a span past its end", span, "2026-03-04T13:00:00.001Z", false],
    ["a night on its day", nights, "2026-03-06T21:30:00Z", true],
    ["a night before its hour", nights, "2026-03-06T20:59:59Z", false],
    ["a night on the day after", nights, "2026-03-07T00:59:59Z", true],
    ["a night after its end", nights, "2026-03-07T01:00:00Z", false],
    ["the hours after midnight of the day itself", nights, "2026-03-06T00:30:00Z", false],
    ["a night in summer time", nights, "2026-07-03T20:00:00Z", true],
    ["Sunday in winter time", days, "2026-03-01T01:30:00Z", true],
    // The clock goes from 01:59 to 03:00 at 01:00 UTC, and back from 02:59 to 02:00 at 01:00 UTC.
    ["the hour after the clock went forward", days, "2026-03-29T01:00:00Z", true],
    ["the minute before it went forward", days, "2026-03-29T00:59:00Z", false],
    ["the repeated hour", days, "2026-10-25T01:30:00Z", true],
    ["the hour before the repeated hour ends", days, "2026-10-25T02:59:00Z", true],
    ["the end in winter time", days, "2026-10-25T03:00:00Z", false],
  ])("knows about %s", (_, times, at, open) => {
    expect(new Deployments([window(times)]).authorise(LABELS, time(at)).kind).toBe(open ? "announced" : "unannounced");
  });

  test("says whose word it is, or when it is open", () => {
    const deployments = new Deployments([window(nights)]);
    expect(deployments.authorise(LABELS, time("2026-03-06T22:00:00Z"))).toEqual({
      kind: "announced",
      name: "patch day",
      by: "configuration",
      reason: "weekly updates",
    });
    expect(deployments.authorise(LABELS, NOON)).toEqual({
      kind: "unannounced",
      considered: ['window "patch day" is open fri 22:00–02:00 Europe/Berlin'],
    });
  });

  test("is for what it matches only", () => {
    expect(new Deployments([window(span, matcher("model", "=~", "resnet.*"))]).authorise(LABELS, NOON)).toEqual({
      kind: "unannounced",
      considered: ['window "patch day" is for model=~"resnet.*"'],
    });
  });

  test("in a time zone nobody knows is a mistake that replaces nothing", () => {
    const deployments = new Deployments([window(span)]);
    expect(() => deployments.replaceWindows([window({ ...nights, timeZone: "Mars/Olympus" })])).toThrow(
      'Cannot read time zone "Mars/Olympus": expected an IANA name, for example "Europe/Berlin"',
    );
    expect(deployments.authorise(LABELS, NOON).kind).toBe("announced");
  });
});
