import fc from "fast-check";
import { expect, test } from "vitest";
import { fieldDifferences, matchAlerts } from "../../../src/rules/tests/match-alerts.ts";
import { seen, wanted } from "./expectations.ts";

const text = fc.constantFrom("1", "2", "3");
const labels = fc.record({ a: text, b: text, c: text }, { requiredKeys: [] });

test("alerts match in whatever order they come", () => {
  fc.assert(
    fc.property(fc.array(labels, { maxLength: 6 }), fc.infiniteStream(fc.nat()), (all, order) => {
      const came = all.map((one) => ({ one, rank: order.next().value })).sort((x, y) => x.rank - y.rank);
      const match = matchAlerts(
        all.map((one) => wanted(one)),
        came.map(({ one }) => seen(one)),
        false,
      );
      expect(match).toEqual({ differing: [], missing: [], unexpected: [] });
    }),
  );
});

test("parts of alerts match the alerts they were taken from, however they have to be dealt out", () => {
  const part = fc.tuple(labels, fc.subarray(["a", "b", "c"] as const));
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (all) => {
      const parts = all.map(([one, kept]) =>
        wanted(Object.fromEntries(kept.flatMap((name) => (one[name] ? [[name, one[name]]] : [])))),
      );
      const match = matchAlerts(
        parts,
        all.map(([one]) => seen(one)),
        true,
      );
      expect(match).toEqual({ differing: [], missing: [], unexpected: [] });
    }),
  );
});

test("every expected alert and every one that came is told once", () => {
  fc.assert(
    fc.property(
      fc.array(labels, { maxLength: 6 }),
      fc.array(labels, { maxLength: 6 }),
      fc.boolean(),
      (a, b, subset) => {
        const { differing, missing, unexpected } = matchAlerts(
          a.map((one) => wanted(one)),
          b.map((one) => seen(one)),
          subset,
        );
        for (const { fields } of differing) expect(fields.length).toBeGreaterThan(0);
        const matched = a.length - differing.length - missing.length;
        expect(matched).toBeGreaterThanOrEqual(0);
        expect(b.length - differing.length - unexpected.length).toBe(matched);
      },
    ),
  );
});

test("an alert that nearly came is held against the one most like it", () => {
  const { differing, missing, unexpected } = matchAlerts(
    [wanted({ model: "a", severity: "page" }), wanted({ model: "b", severity: "page" })],
    [seen({ model: "b", severity: "warn" }), seen({ model: "c", severity: "info" })],
    false,
  );
  expect(differing.map(({ fields }) => fields)).toEqual([
    [{ what: "label", name: "severity", expected: "page", came: "warn" }],
  ]);
  expect(missing).toEqual([wanted({ model: "a", severity: "page" })]);
  expect(unexpected).toEqual([seen({ model: "c", severity: "info" })]);
});

test("a label that is expected to be empty is not the same as none", () => {
  expect(fieldDifferences(wanted({ a: "" }), seen({}), false)).toEqual([
    { what: "label", name: "a", expected: "", came: undefined },
  ]);
});

test("with subset only what was given counts, annotations as well", () => {
  const came = seen({ a: "1", b: "2" }, { summary: "s", more: "m" });
  expect(fieldDifferences(wanted({ a: "1" }, { summary: "s" }), came, true)).toEqual([]);
  expect(fieldDifferences(wanted({ a: "1" }, { summary: "s" }), came, false)).toHaveLength(2);
});

test("many alerts that all differ are told without comparing each with each", () => {
  const many = Array.from({ length: 2_000 }, (_, i) => ({ i: String(i), a: "1" }));
  const match = matchAlerts(
    many.map((one) => wanted(one)),
    many.map((one) => seen({ ...one, a: "2" })),
    false,
  );
  expect(match.missing).toHaveLength(2_000);
});
