import { describe, expect, test } from "vitest";
import { Labels } from "../../../src/series/labels.ts";
import { matcher } from "../../../src/series/matchers.ts";
import { DAY, epochMs, MINUTE } from "../../../src/series/time.ts";
import { rulesOf } from "../../monitor/bench.ts";
import { LOADED, targetOf, watched } from "./watched.ts";

const RULES = `
groups:
  - name: mine
    interval: 30s
    limit: 5
    rules:
      - record: job:up:sum
        expr: sum by (job) (up)
        labels: { team: ml }
      - alert: Failing
        detect:
          ratio:
            bad: nv_inference_request_failure{reason!="CANCELED"}
            total: [nv_inference_request_success, nv_inference_request_failure]
        for: 1m
        keep_firing_for: 90s
        labels: { severity: warning }
        annotations: { summary: 'x {{ $labels.model }}' }
      - alert: Broken
        expr: sum(up) by (instance) > on(instance) group_left up
`;

describe("alerts", () => {
  test("are shown as Prometheus does, with fingerprint and evidence", () => {
    const { bench, views, triton, tick } = watched();
    tick();
    triton.load("evil");
    tick();
    const alert = views.alerts(false).alerts.find(({ labels }) => labels["model"] === "evil");
    const at = new Date(bench.now).toISOString();
    expect(alert).toMatchObject({
      labels: { alertname: "TritonModelLoaded", instance: "gpu:8002", version: "1" },
      state: "firing",
      activeAt: at,
      firedAt: at,
      value: "2.53e-01",
    });
    expect(alert?.fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(alert).not.toHaveProperty("stale");
    expect(alert?.annotations["summary"]).toContain("evil");
  });

  test("that ended are shown when asked for, also those of a target that went", () => {
    const { bench, views, triton, tick } = watched();
    tick();
    triton.load("evil");
    tick();
    bench.give([{ kind: "target-gone", target: Labels.of({ job: "triton", instance: "gpu:8002" }) }]);
    const states = (resolved: boolean) =>
      views
        .alerts(resolved)
        .alerts.filter(({ labels }) => labels["model"] === "evil")
        .map(({ state }) => state);
    expect([states(false), states(true)]).toEqual([[], ["resolved"]]);
    expect(views.alerts(true).alerts.find(({ state }) => state === "resolved")).toHaveProperty("resolvedAt");
  });

  test("of a target that cannot be scraped are told as they were, that it is down is told as it is", () => {
    const { views, triton, tick } = watched();
    tick();
    triton.load("evil");
    tick();
    for (let i = 0; i < 3; i++) tick({ "gpu:8002": undefined });
    const stale = new Map(views.alerts(false).alerts.map(({ labels, stale }) => [labels["alertname"], stale]));
    expect([stale.get("TritonModelLoaded"), stale.get("TritonTargetDown")]).toEqual([true, undefined]);
  });
});

describe("rules", () => {
  test("are shown with their health, times and texts", () => {
    const { bench, views, tick } = watched({}, { rules: rulesOf(RULES) });
    for (let i = 0; i < 70; i++) tick();
    const [group] = views.rules().groups;
    expect(group).toMatchObject({ name: "mine", file: "test.yml", interval: 30, limit: 5 });
    const [record, failing] = group!.rules;
    expect(record).toMatchObject({
      ...{ type: "recording", name: "job:up:sum", query: "sum by (job) (up)", labels: { team: "ml" }, health: "ok" },
      position: expect.stringMatching(/^test\.yml:\d+:\d+$/),
    });
    expect(Date.parse(record!.lastEvaluation)).toBeGreaterThan(bench.now - 31_000);
    expect(failing).toMatchObject({
      ...{ type: "alerting", kind: "detect", state: "inactive", duration: 60, keepFiringFor: 90, alerts: [] },
      annotations: { summary: "x {{ $labels.model }}" },
    });
    expect(JSON.parse(failing!.query)).toMatchObject({
      ratio: { bad: ['nv_inference_request_failure{reason!="CANCELED"}'] },
      baseline: { half_life: expect.stringMatching(/^\d+[smhdw]/) },
    });
  });

  test("that were never evaluated have Go's zero time", () => {
    const { views } = watched();
    const [group] = views.rules().groups;
    expect([group?.lastEvaluation, group?.rules[0]?.health]).toEqual(["0001-01-01T00:00:00Z", "unknown"]);
  });

  test("list their alerts", () => {
    const { views, triton, tick } = watched();
    tick();
    triton.load("evil");
    tick();
    const rules = views.rules().groups.flatMap(({ rules: all }) => all);
    const loaded = rules.find(({ name }) => name === "TritonModelLoaded");
    expect(loaded).toMatchObject({
      state: "firing",
      alerts: [{ labels: { model: "evil" } }],
      query: '{"models":["loaded"],"by":["instance","model","version","namespace"]}',
    });
  });
});

describe("targets", () => {
  test("show how their last scrape went, and no credentials", () => {
    const dropped = [{ job: "other", discoveredLabels: Labels.of({ __address__: "x" }), why: "relabelling" }];
    const set = { active: [targetOf("gpu:8002"), targetOf("new:8002")], dropped };
    const { views, bench, tick } = watched({ targets: () => set });
    tick();
    const shown = () => views.targets().activeTargets.map(({ health, lastError }) => [health, lastError]);
    expect(shown()).toEqual([
      ["up", ""],
      ["unknown", ""],
    ]);
    tick({ "gpu:8002": undefined });
    expect(shown()[0]).toEqual(["down", "unreachable: connection refused"]);
    expect(views.targets().activeTargets[0]).toMatchObject({
      scrapeUrl: "http://gpu:8002/metrics",
      lastScrape: new Date(bench.now).toISOString(),
      lastScrapeDuration: 0.01,
      scrapeInterval: "1s",
    });
    expect(views.targets()).toMatchObject({
      droppedTargets: [{ scrapePool: "other", why: "relabelling" }],
      droppedTargetCounts: { other: 1 },
    });
    expect(JSON.stringify(views.targets())).not.toContain("password");
  });
});

describe("models", () => {
  test("are listed with what is known of them", () => {
    const { views, triton, tick } = watched();
    tick();
    triton.serve("bert", { requests: 10, failures: 2 });
    tick();
    expect(views.models().models.map(({ labels }) => labels["model"])).toEqual(["bert", "resnet"]);
    expect(views.models().models[0]).toMatchObject({ serving: true, successes: 10, failures: 2, loadSeconds: 0.251 });
  });

  test("in detail have their own events, alerts and subjects, for each target", () => {
    const { views, triton, tick } = watched();
    const pages = () => ({ "a:1": triton.page(), "b:1": triton.page() });
    tick(pages());
    for (let i = 0; i < 5; i++) {
      triton.serve("bert", { requests: 10 });
      tick(pages());
    }
    triton.load("bert");
    triton.load("bert", "2");
    tick(pages());
    const details = views.model("bert", undefined, undefined);
    expect(details.map(({ labels }) => `${labels["instance"]} ${labels["version"]}`)).toEqual([
      ...["a:1 1", "a:1 2", "b:1 1", "b:1 2"],
    ]);
    const [first] = views.model("bert", "1", "a:1");
    expect(first?.events.map(({ kind, what }) => `${kind} ${what}`)).toEqual(
      expect.arrayContaining(["alert firing", "model reloaded"]),
    );
    expect(first?.alerts.every(({ labels }) => labels["instance"] === "a:1" && labels["version"] === "1")).toBe(true);
    expect(first?.subjects.length).toBeGreaterThan(0);
    expect([views.model("none", undefined, undefined), views.model("bert", "9", undefined)]).toEqual([[], []]);
  });

  test("that are gone are shown as whoever knows the models gives them", () => {
    const id = Labels.of({ model: "gone", version: "1" });
    const gone = {
      id,
      firstSeen: epochMs(0),
      serving: false,
      loadSeconds: undefined,
      successes: undefined,
      failures: 3,
      servesSince: epochMs(0),
      rolledAt: undefined,
      goneAt: epochMs(1_000),
    };
    const { views, tick } = watched({ modelsOf: () => [gone] });
    tick();
    expect(views.models().models).toEqual([
      {
        labels: { instance: "gpu:8002", job: "triton", model: "gone", version: "1" },
        serving: false,
        firstSeen: "1970-01-01T00:00:00.000Z",
        goneAt: "1970-01-01T00:00:01.000Z",
        failures: 3,
      },
    ]);
  });
});

describe("subjects", () => {
  test("have ids of their own, and one is found by its id with its history", () => {
    const { views, triton, tick } = watched();
    for (let i = 0; i < 60; i++) {
      triton.serve("bert", { requests: 100 });
      tick({ "blue/gpu:8002": triton.page(), "green/gpu:8002": triton.page() });
    }
    const { subjects } = views.subjects();
    expect(new Set(subjects.map(({ id }) => id)).size).toBe(subjects.length);
    const rate = subjects.find(({ rule, labels }) => rule === "TritonErrorRatioAnomaly" && labels["model"] === "bert");
    expect(rate).toMatchObject({ signal: "ratio", observed: 0 });
    const { history, ...rest } = views.subject(rate!.id)!;
    expect(rest).toMatchObject(rate!);
    expect(rest).toMatchObject({ unit: "ratio", looked: { numerator: 0 } });
    expect(rest.verdict).toMatch(/^(Still learning|Normal): 0 of \d+ \(0 %\) in /);
    expect(history.at.length).toBeGreaterThan(1);
    for (const column of Object.values(history)) expect(column.length).toBe(history.at.length);
    expect(history.at.at(-1)).toBeGreaterThan(1_700_000_000);
    expect(history.at.at(-1)).toBeLessThan(2_000_000_000);
    expect(views.subject("none")).toBeUndefined();
  });
});

test("windows and announcements are shown as people wrote them", () => {
  const match = [matcher("model", "=", "bert")];
  const weekly = { kind: "weekly", days: ["tue"], from: 540, to: 660, timeZone: "Europe/Berlin" } as const;
  const span = { kind: "span", from: epochMs(0), until: epochMs(DAY) } as const;
  const windows = [
    { name: "weekly", reason: "release", match, times: weekly },
    { name: "once", reason: "", match, times: span },
  ];
  const { bench, views } = watched({}, { windows });
  bench.give([
    { kind: "announce", model: "bert", by: "ci", reason: "r", from: bench.time, until: epochMs(bench.time + MINUTE) },
  ]);
  expect(views.deployments()).toEqual({
    windows: [
      { name: "weekly", reason: "release", match: ['model="bert"'], times: "tue 09:00 to 11:00 Europe/Berlin" },
      {
        name: "once",
        reason: "",
        match: ['model="bert"'],
        times: "1970-01-01T00:00:00.000Z to 1970-01-02T00:00:00.000Z",
      },
    ],
    announcements: [
      {
        model: "bert",
        by: "ci",
        reason: "r",
        from: new Date(bench.now).toISOString(),
        until: new Date(bench.now + MINUTE).toISOString(),
      },
    ],
  });
});

test("the program says how it is doing", () => {
  const { views, triton, tick } = watched({
    reload: () => ({ ...LOADED, trigger: "files", error: "x.yml:1:1: no", warnings: ["web: restart"] }),
  });
  expect(views.ready()).toBe(false);
  tick();
  triton.load("evil");
  tick();
  expect(views.ready()).toBe(true);
  expect(views.runtimeInfo()).toMatchObject({
    ...{ targets: 1, targetsUp: 1, models: 3, residentBytes: 1_000_000, storeReachSeconds: 1 },
    ...{ reloadConfigSuccess: false, reloadConfigError: "x.yml:1:1: no", lastConfigTime: "1970-01-01T00:00:00.000Z" },
    alerts: { firing: 2, pending: 0 },
  });
  expect(views.reload()).toEqual({
    ...{ at: "1970-01-01T00:00:00.000Z", loadedAt: "1970-01-01T00:00:00.000Z", trigger: "files", success: false },
    ...{ error: "x.yml:1:1: no", configHash: LOADED.hash, alertsEnded: 0, warnings: ["web: restart"] },
    rules: { added: [], removed: [], changed: [] },
  });
  expect(views.runtimeInfo().timeSeriesCount).toBeGreaterThan(10);
  expect(views.runtimeInfo().rules).toBeGreaterThan(15);
  expect([views.config(), views.flags(), views.buildInfo().version]).toEqual([
    { yaml: "global: {}\n" },
    { config: "sentinel.yml" },
    "1.2.3",
  ]);
});
