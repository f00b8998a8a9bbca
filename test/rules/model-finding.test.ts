import { expect, test } from "vitest";
import type { ModelEvent } from "../../src/models/events.ts";
import { modelFinding } from "../../src/rules/model-finding.ts";
import { Labels } from "../../src/series/labels.ts";
import { epochMs } from "../../src/series/time.ts";

const TARGET = Labels.of({ job: "triton", instance: "gpu:8002", env: "prod" });
const BY = ["job", "instance", "model", "version"];
const id = Labels.of({ model: "m", version: "2" });
const at = epochMs(Date.UTC(2026, 10, 23, 8));

const FACTS = { source: "metrics", signal: "models", at: "2026-11-23T08:00:00.000Z", announcements_considered: [] };

test.each<[ModelEvent, number, object]>([
  [
    { kind: "loaded", id, at, seconds: 1.5, again: true, restarted: false },
    1.5,
    { load_seconds: 1.5, loaded_before: true, after_restart: false },
  ],
  [
    { kind: "reloaded", id, at, seconds: 1.5, before: 1.2, inPlace: true },
    1.5,
    { load_seconds: 1.5, load_seconds_before: 1.2, in_place: true },
  ],
  [{ kind: "reloaded", id, at, seconds: undefined, before: undefined, inPlace: false }, 0, { load_seconds: null }],
  [{ kind: "unloaded", id, at }, 1, {}],
  [{ kind: "vanished", id, at }, 1, {}],
  [{ kind: "version_changed", id, at, from: "1", restarted: false }, 1, { from_version: "1", after_restart: false }],
  [{ kind: "flashed", id, at, failures: 3 }, 3, { failures: 3 }],
])("$kind is a finding on its model with its numbers", (event, value, details) => {
  const finding = modelFinding(event, TARGET, BY, []);
  expect(finding.labels.toJSON()).toEqual({ job: "triton", instance: "gpu:8002", model: "m", version: "2" });
  expect(finding.value).toBe(value);
  expect(finding.evidence).toMatchObject({ ...FACTS, event: event.kind, ...details });
});

test("a restart is a finding on the server, whatever `by` says of models", () => {
  const event = { kind: "restarted", at, proof: "all-loads-new", gap: true, models: 4 } as const;
  const { labels, value, evidence } = modelFinding(event, TARGET, BY, []);
  expect([labels.toJSON(), value]).toEqual([{ job: "triton", instance: "gpu:8002" }, 4]);
  expect(evidence).toMatchObject({ proof: "all-loads-new", scrapes_failed: true, models_before: 4 });
});

test("it says which announcements were looked at", () => {
  const considered = ['window "release" ended 2026-11-23T07:00:00.000Z'];
  expect(modelFinding({ kind: "unloaded", id, at }, TARGET, BY, considered).evidence).toMatchObject({
    announcements_considered: considered,
  });
});
