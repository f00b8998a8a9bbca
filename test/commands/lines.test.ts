import { expect, test } from "vitest";
import type { Transition } from "../../src/alerts/types.ts";
import { transitionText } from "../../src/commands/lines.ts";
import { Labels } from "../../src/series/labels.ts";
import { epochMs } from "../../src/series/time.ts";

const transition = (other: Partial<Transition> = {}): Transition => ({
  at: epochMs(Date.UTC(2026, 10, 23, 8)),
  activeAt: epochMs(0),
  state: "firing",
  labels: Labels.of({ alertname: "Loaded", model: "m", severity: "info" }),
  annotations: { summary: "m was loaded" },
  value: 1,
  evidence: {},
  ...other,
});

test("an alert's step is a line: when, what became of it, how grave, which alert, in words", () => {
  expect(transitionText(transition())).toBe("2026-11-23T08:00:00.000Z  firing    info      Loaded  m was loaded");
});

test("a reason stands at the end, and labels where there is no summary", () => {
  const line = transitionText(transition({ state: "resolved", reason: "superseded", annotations: {} }));
  expect(line).toBe(
    '2026-11-23T08:00:00.000Z  resolved  info      Loaded  {alertname="Loaded", model="m", severity="info"}  (superseded)',
  );
});

test("what a server put into a name cannot move the cursor or begin a line", () => {
  const line = transitionText(transition({ annotations: { summary: "a\n\u001b[2Jb\u202e" } }));
  for (const character of "\n\u001b\u202e") expect(line).not.toContain(character);
});
