import { RE2JS } from "re2js";
import { describe, expect, test } from "vitest";
import type { Telling } from "../../src/alerts/resends.ts";
import { type OutgoingContext, toOutgoing } from "../../src/alerts/to-outgoing.ts";
import { fingerprint, Labels } from "../../src/series/labels.ts";
import type { RelabelRule } from "../../src/series/relabel-rule.ts";
import { seconds } from "./receiver-story.ts";

const PLAIN: OutgoingContext = { externalLabels: Labels.EMPTY, relabel: [], externalUrl: "" };

const telling = (labels: Record<string, string>, more: Partial<Telling> & { runbook?: string } = {}): Telling => ({
  facts: {
    labels: Labels.of(labels),
    annotations: { summary: "it burns", ...(more.runbook !== undefined && { runbook_url: more.runbook }) },
    value: 2,
    evidence: { signal: "ratio" },
  },
  status: "firing",
  startsAt: seconds(1),
  endsAt: seconds(241),
  stale: false,
  again: false,
  ...more,
});

const rule = (given: Partial<RelabelRule>): RelabelRule => ({
  action: "replace",
  sourceLabels: [],
  separator: ";",
  regex: RE2JS.compile("^(?s:.*)$"),
  replacement: "$1",
  targetLabel: "",
  modulus: 0,
  ...given,
});

const labelsOf = (labels: Record<string, string>, context: Partial<OutgoingContext>) =>
  toOutgoing(telling(labels), { ...PLAIN, ...context })?.labels.toJSON();

describe("labels", () => {
  test("of the outside are laid under the alert's own", () => {
    const externalLabels = Labels.of({ cluster: "eu", severity: "none" });
    expect(labelsOf({ alertname: "A", severity: "warning" }, { externalLabels })).toEqual({
      alertname: "A",
      cluster: "eu",
      severity: "warning",
    });
  });

  test("are relabelled after that", () => {
    const externalLabels = Labels.of({ replica: "1", cluster: "eu" });
    const relabel = [
      rule({ action: "labeldrop", regex: RE2JS.compile("^(?s:replica)$") }),
      rule({ sourceLabels: ["cluster"], regex: RE2JS.compile("^(?s:(.*))$"), targetLabel: "site" }),
      rule({ targetLabel: "cluster", replacement: "" }),
    ];
    expect(labelsOf({ alertname: "A" }, { externalLabels, relabel })).toEqual({ alertname: "A", site: "eu" });
  });

  test.each([
    ["drop", rule({ action: "drop", sourceLabels: ["alertname"], regex: RE2JS.compile("^(?s:A)$") })],
    ["leave none", rule({ action: "labeldrop" })],
  ])("that relabelling would %s are no alert", (_, dropping) => {
    expect(labelsOf({ alertname: "A" }, { relabel: [dropping] })).toBeUndefined();
  });

  test("make the fingerprint as they are in the end, and the link as they are here", () => {
    const context = { ...PLAIN, externalLabels: Labels.of({ cluster: "eu" }), externalUrl: "https://sentinel/x" };
    const outgoing = toOutgoing(telling({ alertname: "A" }), context);
    expect(outgoing?.fingerprint).toBe(fingerprint(Labels.of({ alertname: "A", cluster: "eu" })));
    expect(outgoing?.generatorUrl).toBe(`https://sentinel/x/alerts/${fingerprint(Labels.of({ alertname: "A" }))}`);
  });
});

describe("annotations", () => {
  const annotationsOf = (more: Partial<Telling> & { runbook?: string }, externalUrl = "https://sentinel") =>
    toOutgoing(telling({ alertname: "A" }, more), { ...PLAIN, externalUrl })?.annotations;

  test.each([
    ["docs/runbooks/TritonTargetDown.md", "https://sentinel/runbooks/TritonTargetDown"],
    ["https://wiki/down", "https://wiki/down"],
    ["docs/runbooks/../../etc/passwd.md", "docs/runbooks/../../etc/passwd.md"],
    ["runbooks/mine.md", "runbooks/mine.md"],
  ])("show the runbook %s as %s", (runbook, shown) => {
    expect(annotationsOf({ runbook })).toEqual({ summary: "it burns", runbook_url: shown });
  });

  test("leave the runbook as it is where nobody said how we are reached, and give no link", () => {
    expect(annotationsOf({ runbook: "docs/runbooks/A.md" }, "")).toMatchObject({ runbook_url: "docs/runbooks/A.md" });
    expect(toOutgoing(telling({ alertname: "A" }), PLAIN)?.generatorUrl).toBe("");
  });

  test("say that an alert is held because its rule fails", () => {
    expect(annotationsOf({ stale: true })).toEqual({ summary: "it burns", stale_evaluation: "true" });
  });
});

test("times, value and evidence go out as they are", () => {
  expect(toOutgoing(telling({ alertname: "A" }, { status: "resolved" }), PLAIN)).toMatchObject({
    status: "resolved",
    startsAt: seconds(1),
    endsAt: seconds(241),
    value: 2,
    evidence: { signal: "ratio" },
  });
});
