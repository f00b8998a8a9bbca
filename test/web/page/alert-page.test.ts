import { expect, test } from "vitest";
import type { ApiAlert } from "../../../src/web/api-types.ts";
import { alertPage } from "../../../src/web/page/alert-page.ts";

const ALERT: ApiAlert = {
  fingerprint: "0000000000000001",
  labels: { alertname: "TritonErrorRatioAnomaly", model: "bert", version: "2" },
  annotations: {},
  state: "firing",
  activeAt: "2026-11-22T13:07:40.000Z",
  firedAt: "2026-11-22T13:07:40.000Z",
  value: "2e-01",
  evidence: {},
};

/** The page's numbers by their names. */
function numbersOf(evidence: ApiAlert["evidence"]) {
  const page = alertPage({ ...ALERT, evidence }, [], "1.2.3", "2026-11-22T13:08:00.000Z");
  const found = page.matchAll(/<dt>([^<]*)<\/dt><dd><bdi>([^<]*)<\/bdi><\/dd>/g);
  return Object.fromEntries([...found].map(([, name, value]) => [name, value]));
}

test("what the events were, a sibling and people's words are told as a person would, the largest first", () => {
  expect(
    numbersOf({
      split: { label: "reason", counts: { REJECTED: 3, BACKEND: 12 }, other: 4 },
      prior: { model: "bert", version: "1" },
      called_normal: ["up to 31 % by alice", "up to 2 % by bob"],
      learning: true,
      score: 2.5,
    }),
  ).toMatchObject({
    split: "reason: 12 BACKEND, 3 REJECTED, 4 others",
    prior: "model bert, version 1",
    "called normal": "up to 31 % by alice; up to 2 % by bob",
    learning: "true",
    score: "2.5",
  });
});

test("labels that are called as a split's fields are labels", () => {
  expect(numbersOf({ prior: { label: "a", counts: "b" } })).toMatchObject({ prior: "label a, counts b" });
  expect(numbersOf({ prior: { label: "a", counts: { x: 1 }, more: "b" } })["prior"]).toBe(
    "label a, counts x 1, more b",
  );
});
