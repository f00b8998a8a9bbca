import { describe, expect, test } from "vitest";
import { Groups } from "../../src/alerts/groups.ts";
import { Labels } from "../../src/series/labels.ts";
import { matcher } from "../../src/series/matchers.ts";
import { alertOf, receiver, seconds, tell, wordOf } from "./receiver-story.ts";

describe("a receiver hears", () => {
  test("of alerts that begin together in one notification, after group_wait", () => {
    expect(tell({ happens: ["0 +Load:a", "20 +Load:b"], until: 300 })).toEqual([
      "30 first notification: +Load:a +Load:b",
    ]);
  });

  test("of each group by itself", () => {
    expect(tell({ happens: ["0 +Load:a", "20 +Burst:a"], until: 300 })).toEqual([
      "30 first notification: +Load:a",
      "50 first notification: +Burst:a",
    ]);
  });

  test("of what comes soon after a notification when group_interval has passed", () => {
    expect(tell({ happens: ["0 +Load:a", "40 +Load:b"], until: 900 })).toEqual([
      "30 first notification: +Load:a",
      "330 new alerts added: +Load:a +Load:b",
    ]);
  });

  test("of what comes long after a notification when group_wait has passed", () => {
    expect(tell({ happens: ["0 +Load:a", "1000 +Load:b"], until: 1900 })).toEqual([
      "30 first notification: +Load:a",
      "1030 new alerts added: +Load:a +Load:b",
    ]);
  });

  test("that one ended, and then that all did", () => {
    expect(tell({ happens: ["0 +Load:a", "1 +Load:b", "100 -Load:a", "400 -Load:b"], until: 2000 })).toEqual([
      "30 first notification: +Load:a +Load:b",
      "330 some alerts resolved: +Load:b -Load:a",
      "630 all alerts resolved: -Load:b",
    ]);
  });

  test("nothing of ends where it does not want to", () => {
    const options = { sendResolved: false };
    expect(tell({ options, happens: ["0 +Load:a", "100 -Load:a"], until: 5000 })).toEqual([
      "30 first notification: +Load:a",
    ]);
  });

  test("again what fires on, after repeat_interval and with all that fires by then", () => {
    expect(tell({ happens: ["0 +Load:a"], until: 8000 })).toEqual([
      "30 first notification: +Load:a",
      "3630 repeat interval elapsed: +Load:a",
      "7230 repeat interval elapsed: +Load:a",
    ]);
  });

  test.each([true, false])("of what began and ended within group_wait, as ended (send_resolved %s)", (sendResolved) => {
    expect(tell({ options: { sendResolved }, happens: ["0 +Load:a", "10 -Load:a"], until: 9000 })).toEqual([
      "30 first notification: -Load:a",
    ]);
  });

  test("of an alert that ended and began anew as of a new one, and no oftener than group_interval", () => {
    const happens = ["0 +Load:a", "40 -Load:a", "60 +Load:a", "80 -Load:a", "100 +Load:a"];
    for (const sendResolved of [true, false]) {
      expect(tell({ options: { sendResolved }, happens, until: 3000 })).toEqual([
        "30 first notification: +Load:a",
        "330 new alerts added: +Load:a",
      ]);
    }
  });

  test("anew, group_interval later, what it did not take", () => {
    expect(tell({ happens: ["0 +Load:a", "40 -Load:a"], until: 3000, takes: (n) => n > 1 })).toEqual([
      "30 first notification: +Load:a (lost)",
      "330 first notification: -Load:a (lost)",
      "630 first notification: -Load:a",
    ]);
  });

  test("an end that it did not take until it takes it, and then no more", () => {
    expect(tell({ happens: ["0 +Load:a", "40 -Load:a"], until: 9000, takes: (n) => n !== 1 })).toEqual([
      "30 first notification: +Load:a",
      "330 all alerts resolved: -Load:a (lost)",
      "630 all alerts resolved: -Load:a",
    ]);
  });

  test("a repetition that it did not take after group_interval", () => {
    expect(tell({ happens: ["0 +Load:a"], until: 4000, takes: (n) => n !== 1 })).toEqual([
      "30 first notification: +Load:a",
      "3630 repeat interval elapsed: +Load:a (lost)",
      "3930 repeat interval elapsed: +Load:a",
    ]);
  });
});

describe("grouping", () => {
  const groupsOf = (groupBy: readonly string[], ...words: readonly string[]): readonly string[] => {
    const groups = new Groups({ ...receiver, groupBy }, "");
    groups.take(
      words.map((word) => ({ alert: alertOf(word, 0), again: false })),
      seconds(0),
    );
    return groups.due(seconds(30)).map(({ groupKey, alerts }) => `${groupKey} ${alerts.length}`);
  };

  test.each([
    [["alertname"], ['{}:{alertname="Load"} 2', '{}:{alertname="Burst"} 1']],
    [[], ["{}:{} 3"]],
    [["model"], ['{}:{model="a"} 2', '{}:{model="b"} 1']],
    [["nonsense"], ["{}:{} 3"]],
    [
      ["..."],
      [
        '{}:{alertname="Load", model="a", severity="warning"} 1',
        '{}:{alertname="Load", model="b", severity="warning"} 1',
        '{}:{alertname="Burst", model="a", severity="warning"} 1',
      ],
    ],
  ])("by %j gives %j", (by, groups) => {
    expect(groupsOf(by, "Load:a", "Load:b", "Burst:a")).toEqual(groups);
  });

  test("says what the alerts of a notification have in common", () => {
    const groups = new Groups(receiver, "https://sentinel");
    groups.take(
      [alertOf("Load:a", 0), alertOf("Load:b", 1)].map((alert) => ({ alert, again: false })),
      seconds(1),
    );
    const [notification] = groups.due(seconds(30));
    expect(notification).toMatchObject({ receiver: "ops", status: "firing", externalUrl: "https://sentinel" });
    expect(notification?.groupLabels.toJSON()).toEqual({ alertname: "Load" });
    expect(notification?.commonLabels.toJSON()).toEqual({ alertname: "Load", severity: "warning" });
    expect(notification?.commonAnnotations).toEqual({ runbook: "same for all" });
  });

  test.each([
    [[], ["+Load:a"]],
    [[matcher("severity", "=", "none")], ["+Watchdog"]],
    [[matcher("severity", "=~", ".*")], ["+Load:a", "+Watchdog"]],
    [[matcher("severity", "!=", "none"), matcher("model", "=", "b")], []],
  ])("takes only what matches (%#)", (match, words) => {
    const groups = new Groups({ ...receiver, match }, "");
    const watchdog = { ...alertOf("Watchdog", 0), labels: Labels.of({ alertname: "Watchdog", severity: "none" }) };
    groups.take(
      [
        { alert: alertOf("Load:a", 0), again: false },
        { alert: watchdog, again: false },
      ],
      seconds(0),
    );
    expect(groups.due(seconds(30)).flatMap(({ alerts }) => alerts.map(wordOf))).toEqual(words);
  });
});

describe("an alert", () => {
  test("that is repeated to us is told once, with the annotations it had last", () => {
    const groups = new Groups(receiver, "");
    groups.take([{ alert: alertOf("Load:a", 0), again: false }], seconds(0));
    const newer = { ...alertOf("Load:a", 0), annotations: { summary: "12 % fail" } };
    groups.take([{ alert: newer, again: true }], seconds(20));
    expect(groups.due(seconds(30)).map(({ alerts }) => alerts)).toEqual([[newer]]);
  });

  test("of which we hear again that it ended is none to tell of", () => {
    const groups = new Groups(receiver, "");
    groups.take([{ alert: alertOf("Load:a", 0, 10), again: true }], seconds(60));
    expect(groups.nextDue).toBeUndefined();
  });

  test("that nobody repeats has ended", () => {
    const groups = new Groups(receiver, "");
    groups.take([{ alert: { ...alertOf("Load:a", 0), endsAt: seconds(240) }, again: false }], seconds(0));
    for (const { groupKey } of groups.due(seconds(30))) groups.settled(groupKey, true, seconds(30));
    groups.take([], seconds(240));
    expect(groups.due(seconds(3000))).toEqual([]);
    groups.take([], seconds(241));
    expect(groups.due(seconds(330)).map(({ reason, alerts }) => [reason, alerts[0]?.endsAt])).toEqual([
      ["all alerts resolved", seconds(240)],
    ]);
  });

  test("that begins often before anybody is told says how often", () => {
    const groups = new Groups(receiver, "");
    for (const [before, at] of [
      [0, 0],
      [0, 5],
      [5, 9],
    ] as const) {
      if (at > 0) groups.take([{ alert: alertOf("Load:a", before, at), again: false }], seconds(at));
      groups.take([{ alert: alertOf("Load:a", at), again: false }], seconds(at));
    }
    const tellAt = (at: number) =>
      groups.due(seconds(at)).map(({ groupKey, alerts }) => {
        groups.settled(groupKey, true, seconds(at));
        return [alerts.map(wordOf).join(" "), alerts[0]?.annotations["occurrences"]];
      });
    expect(tellAt(30)).toEqual([["+Load:a", "3 since 1970-01-01T00:00:00.000Z"]]);
    const heard = [alertOf("Load:a", 9, 40), alertOf("Load:a", 40)].map((alert) => ({ alert, again: false }));
    groups.take(heard, seconds(40));
    expect(tellAt(330)).toEqual([["+Load:a", undefined]]);
  });

  test("that relabelling made of two is one, and no news when the other speaks", () => {
    const groups = new Groups(receiver, "");
    groups.take(
      [alertOf("Load:a", 0), alertOf("Load:a", 7)].map((alert) => ({ alert, again: false })),
      seconds(7),
    );
    const tellAt = (at: number) =>
      groups.due(seconds(at)).map(({ groupKey, reason, alerts }) => {
        groups.settled(groupKey, true, seconds(at));
        return [reason, ...alerts.map(({ startsAt }) => startsAt / 1000)];
      });
    expect(tellAt(30)).toEqual([["first notification", 0]]);
    groups.take(
      [alertOf("Load:a", 0), alertOf("Load:a", 7)].map((alert) => ({ alert, again: true })),
      seconds(67),
    );
    expect(tellAt(900)).toEqual([]);
    groups.take([{ alert: alertOf("Load:a", 7, 901), again: false }], seconds(901));
    expect(tellAt(1000)).toEqual([["all alerts resolved", 0]]);
  });

  test("that ends while its beginning is under way is told as ended afterwards", () => {
    const groups = new Groups(receiver, "");
    groups.take([{ alert: alertOf("Load:a", 0), again: false }], seconds(0));
    expect(groups.due(seconds(30))).toHaveLength(1);
    groups.take([{ alert: alertOf("Load:a", 0, 40), again: false }], seconds(40));
    expect(groups.nextDue).toBeUndefined();
    groups.settled('{}:{alertname="Load"}', true, seconds(50));
    expect(groups.nextDue).toBe(seconds(330));
    expect(groups.due(seconds(330)).map(({ reason }) => reason)).toEqual(["all alerts resolved"]);
  });
});

describe("a flood", () => {
  test("of label values makes one group of those beyond a thousand, and nothing is lost", () => {
    const groups = new Groups({ ...receiver, groupBy: ["model"] }, "");
    const flood = Array.from({ length: 1_500 }, (_, i) => ({ alert: alertOf(`Load:m${i}`, 0), again: false }));
    groups.take(flood, seconds(0));
    groups.take(
      flood.map(({ alert }) => ({ alert, again: true })),
      seconds(10),
    );
    const due = groups.due(seconds(30));
    expect(due).toHaveLength(1_001);
    expect(due.find(({ groupKey }) => groupKey === "{}:{}")?.alerts).toHaveLength(500);
    expect(groups.refused).toBe(0);
  });

  test("of alerts in one group leaves the group a thousand, and counts the rest", () => {
    const groups = new Groups(receiver, "");
    groups.take(
      Array.from({ length: 1_500 }, (_, i) => ({ alert: alertOf(`Load:m${i}`, 0), again: false })),
      seconds(0),
    );
    expect(groups.due(seconds(30)).map(({ alerts }) => alerts.length)).toEqual([1_000]);
    expect(groups.refused).toBe(500);
  });

  test("that was told makes room for the next", () => {
    const groups = new Groups(receiver, "");
    for (const [round, at] of [0, 1_000, 2_000].entries()) {
      const heard = (ended?: number) =>
        Array.from({ length: 1_000 }, (_, i) => ({ alert: alertOf(`Load:${round}-${i}`, at, ended), again: false }));
      for (const [alerts, when, then] of [
        [heard(), at, at + 30],
        [heard(at + 40), at + 40, at + 400],
      ] as const) {
        groups.take(alerts, seconds(when));
        for (const { groupKey } of groups.due(seconds(then))) groups.settled(groupKey, true, seconds(then));
      }
    }
    expect(groups.refused).toBe(0);
  });

  test("that is over leaves nothing behind", () => {
    const groups = new Groups({ ...receiver, groupBy: ["..."], sendResolved: false }, "");
    const heard = (at: number, ended?: number) =>
      Array.from({ length: 1_200 }, (_, i) => ({ alert: alertOf(`Load:m${i}`, at, ended), again: false }));
    groups.take(heard(0), seconds(0));
    for (const { groupKey } of groups.due(seconds(30))) groups.settled(groupKey, true, seconds(30));
    groups.take(heard(0, 40), seconds(40));
    groups.due(seconds(400));
    groups.take(heard(500), seconds(500));
    expect(groups.due(seconds(530)).filter(({ reason }) => reason === "first notification")).toHaveLength(1_001);
  });
});
