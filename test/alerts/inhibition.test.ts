import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type FiringAlert, Inhibition, type InhibitRule } from "../../src/alerts/inhibition.ts";
import { Labels } from "../../src/series/labels.ts";
import { matcher } from "../../src/series/matchers.ts";
import { durationMs, epochMs, MINUTE } from "../../src/series/time.ts";
import { tell } from "./receiver-story.ts";

const rule = (source: string, target: string, ...equal: readonly string[]): InhibitRule => ({
  source: [matcher("severity", "=", source)],
  target: [matcher("severity", "=~", target)],
  equal,
});

const BEGAN = epochMs(Date.UTC(2026, 10, 23, 8));

const firing = (...sets: readonly Readonly<Record<string, string>>[]): readonly FiringAlert[] =>
  sets.map((labels) => ({ labels: Labels.of(labels), own: Labels.of({ ...labels, own: "yes" }), startsAt: BEGAN }));

/** @param later by how many seconds the alert began after the sources */
const by = (
  rules: readonly InhibitRule[],
  sources: readonly FiringAlert[],
  labels: Readonly<Record<string, string>>,
  later = 0,
) =>
  new Inhibition(rules, sources)
    .by({ labels: Labels.of(labels), startsAt: epochMs(BEGAN + later * 1000) })
    ?.own.toJSON();

describe("an alert is kept back", () => {
  const sources = firing({ severity: "critical", instance: "a" });

  test("while one fires that matches the source and agrees in the labels of equal", () => {
    const rules = [rule("critical", "warning|info", "instance")];
    const found = by(rules, sources, { severity: "warning", instance: "a" });
    expect(found).toEqual({ severity: "critical", instance: "a", own: "yes" });
    expect(by(rules, sources, { severity: "warning", instance: "b" })).toBeUndefined();
    expect(by(rules, sources, { severity: "none", instance: "a" })).toBeUndefined();
    expect(by(rules, [], { severity: "warning", instance: "a" })).toBeUndefined();
    expect(by([], sources, { severity: "warning", instance: "a" })).toBeUndefined();
  });

  test("by any rule, not by the first alone", () => {
    const rules = [rule("critical", "info"), rule("critical", "warning")];
    expect(by(rules, sources, { severity: "warning" })).toBeDefined();
  });

  test("also where both lack a label of equal, or one has it empty", () => {
    const rules = [rule("critical", "warning", "cluster")];
    expect(by(rules, sources, { severity: "warning" })).toBeDefined();
    expect(by(rules, sources, { severity: "warning", cluster: "eu" })).toBeUndefined();
  });

  test("with a label whose values run into those of another only where each agrees", () => {
    const rules = [rule("critical", "warning", "a", "b")];
    const odd = firing({ severity: "critical", a: 'x","y', b: "z" });
    expect(by(rules, odd, { severity: "warning", a: "x", b: 'y","z' })).toBeUndefined();
    expect(by(rules, odd, { severity: "warning", a: 'x","y', b: "z" })).toBeDefined();
  });

  test("never by itself, nor by another that matches both sides as it does", () => {
    const rules = [rule("critical", "critical|warning", "instance")];
    expect(by(rules, sources, { severity: "critical", instance: "a" })).toBeUndefined();
    expect(by(rules, sources, { severity: "critical", instance: "a", model: "m" })).toBeUndefined();
    expect(by(rules, sources, { severity: "warning", instance: "a" })).toBeDefined();
  });

  test("however much later it began, where the rule says nothing of that", () => {
    expect(by([rule("critical", "warning")], sources, { severity: "warning" }, 86_400)).toBeDefined();
  });

  test.each([
    [0, true],
    [300, true],
    [301, false],
    [86_400, false],
    [-300, true],
    [-301, false],
  ])("where the rule asks that both began within 5m and it began %d s later: %s", (later, kept) => {
    const rules = [{ ...rule("critical", "warning"), beganWithin: durationMs(5 * MINUTE) }];
    expect(by(rules, sources, { severity: "warning" }, later) !== undefined).toBe(kept);
  });

  test("by the one of several that it began with", () => {
    const rules = [{ ...rule("critical", "warning"), beganWithin: durationMs(5 * MINUTE) }];
    const second = { ...firing({ severity: "critical", n: "2" })[0]!, startsAt: epochMs(BEGAN + 7_200_000) };
    const found = by(rules, [...sources, second], { severity: "warning" }, 7_210);
    expect(found?.["n"]).toBe("2");
  });
});

test("it is what Alertmanager's loop over rules and sources finds", () => {
  const label = fc.constantFrom("x", "y", "");
  const labels = fc.record({ severity: fc.constantFrom("critical", "warning"), a: label, b: label });
  const ruleOf = fc.record({
    source: fc.constantFrom("critical", "warning"),
    target: fc.constantFrom("critical", "warning", ".*"),
    equal: fc.subarray(["a", "b"]),
  });
  fc.assert(
    fc.property(fc.array(ruleOf), fc.array(labels), labels, (written, sets, one) => {
      const rules = written.map(({ source, target, equal }) => rule(source, target, ...equal));
      const matches = (pattern: string, severity: string) => new RegExp(`^(?:${pattern})$`).test(severity);
      const expected = written.some(({ source, target, equal }) => {
        if (!matches(target, one.severity)) return false;
        const twoSided = matches(source, one.severity);
        return sets.some(
          (other) =>
            matches(source, other.severity) &&
            equal.every((name) => other[name as "a" | "b"] === one[name as "a" | "b"]) &&
            !(twoSided && matches(target, other.severity)),
        );
      });
      expect(by(rules, firing(...sets), one) !== undefined).toBe(expected);
    }),
  );
});

describe("a receiver does not hear", () => {
  test("of what is kept back, while others of its group are told", () => {
    const story = { happens: ["0 +Load:a", "0 +Load:b"], inhibited: ["0 5000 Load:a"], until: 4_000 };
    expect(tell(story)).toEqual(["30 first notification: +Load:b", "3630 repeat interval elapsed: +Load:b"]);
  });

  test("anything of a group of which all is kept back", () => {
    expect(tell({ happens: ["0 +Load:a", "500 -Load:a"], inhibited: ["0 9000 Load:a"], until: 8_000 })).toEqual([]);
  });

  test("of what is kept back until nothing keeps it back", () => {
    expect(tell({ happens: ["0 +Load:a"], inhibited: ["0 100 Load:a"], until: 500 })).toEqual([
      "100 first notification: +Load:a",
    ]);
    expect(tell({ happens: ["0 +Load:b", "1 +Load:a"], inhibited: ["0 100 Load:a"], until: 500 })).toEqual([
      "30 first notification: +Load:b",
      "330 new alerts added: +Load:b +Load:a",
    ]);
  });

  test("again of what was told and is kept back since, but of its end", () => {
    const story = { happens: ["0 +Load:a", "1000 -Load:a"], inhibited: ["100 9000 Load:a"], until: 8_000 };
    expect(tell(story)).toEqual(["30 first notification: +Load:a", "1030 all alerts resolved: -Load:a"]);
  });

  test("repeats of what is kept back since it was told", () => {
    const story = { happens: ["0 +Load:a"], inhibited: ["100 9000 Load:a"], until: 8_000 };
    expect(tell(story)).toEqual(["30 first notification: +Load:a"]);
  });

  test("the same twice because it was kept back in between", () => {
    const story = { happens: ["0 +Load:a"], inhibited: ["100 400 Load:a"], until: 3_000 };
    expect(tell(story)).toEqual(["30 first notification: +Load:a"]);
  });
});
