import type { ApiAlert, ApiEvent, ApiModel } from "../../src/web/api-types.ts";
import type { QueryPort } from "../../src/web/ports.ts";
import type { ApiSubject } from "../../src/web/subject-types.ts";

const NOW = "2026-11-23T08:00:00.000Z";
/** What an attacker may call a model. */
export const HOSTILE = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "bert\u202egnp.exe",
  "a\nb\u0000c",
  "a/b?c#d%20&amp;",
  "__proto__",
];

const FEEDBACK = {
  verdict: "expected",
  note: "<img src=x onerror=alert(1)>",
  by: "alice <b>",
  at: NOW,
  did: "up to 31 % was called normal by alice <b>",
} as const;

const alert = (model: string, i: number, more: Partial<ApiAlert> = {}): ApiAlert => ({
  fingerprint: `00000000000000${String(i).padStart(2, "0")}`,
  labels: { alertname: "TritonModelReloaded", severity: "critical", instance: "gpu-7:8002", model, version: "1" },
  annotations: {
    summary: `model ${model} version 1 was reloaded on gpu-7:8002`,
    description: `Line one of ${model}\nline two`,
    runbook_url: "docs/runbooks/TritonModelReloaded.md",
  },
  state: "firing",
  activeAt: "2026-11-23T07:50:00.000Z",
  firedAt: "2026-11-23T07:50:00.000Z",
  value: "1e+00",
  evidence: { in_place: true, model },
  ...more,
});

const model = (name: string): ApiModel => ({
  labels: Object.fromEntries([
    ["instance", "gpu-7:8002"],
    ["job", "triton"],
    ["model", name],
    ["version", "1"],
  ]),
  serving: true,
  firstSeen: "2026-11-23T07:00:00.000Z",
  servingSince: "2026-11-23T07:00:00.000Z",
  loadSeconds: 0.25,
  successes: 10,
  failures: 1,
});

const event = (text: string, i: number): ApiEvent => ({
  id: i + 1,
  at: NOW,
  kind: "model",
  what: "reloaded",
  labels: { model: text },
  text: `Model ${text} was loaded again`,
  details: {},
});

const subject: ApiSubject = {
  id: "abcdef0123456789",
  rule: "TritonErrorRatioAnomaly",
  labels: { instance: "gpu-7:8002", model: "bert" },
  signal: "ratio",
  state: "normal",
  score: 0.25,
  observed: 0.01,
};

const health = { health: "ok", evaluationTime: 0.001, lastEvaluation: NOW, position: "rules/triton.yml:3:5" } as const;

/** What a program that watches hostile models might answer. */
export const sampleQuery: QueryPort = {
  samples: {
    instant: async () => ({ kind: "data", data: { resultType: "scalar", result: [1, "2"] } }),
    range: async () => ({ kind: "data", data: { resultType: "matrix", result: [] }, warnings: ["<b>"] }),
    series: async () => ({ kind: "data", data: HOSTILE.map((name) => ({ __name__: "up", model: name })) }),
    labelNames: async () => ({ kind: "data", data: ["__name__"] }),
    labelValues: async () => ({ kind: "data", data: HOSTILE }),
    metadata: () => ({ up: [{ type: "gauge", help: "", unit: "" }] }),
  },
  metrics: async (format) => (format === "text" ? "# TYPE x gauge\nx 1\n" : "# TYPE x gauge\nx 1\n# EOF\n"),
  ready: () => true,
  stopping: () => false,
  buildInfo: () => ({ version: "1.2.3 <b>", revision: "abc", nodeVersion: "v20.19.0" }),
  config: () => ({ yaml: "global: {}\n" }),
  flags: () => ({ config: "sentinel.yml" }),
  runtimeInfo: () => ({
    startTime: "2026-11-23T06:00:00.000Z",
    serverTime: NOW,
    lastConfigTime: "2026-11-23T06:00:00.000Z",
    reloadConfigSuccess: false,
    reloadConfigError: 'Cannot read "<b>x.yml": expected YAML',
    timeSeriesCount: 10,
    storeBytes: 1_000,
    storeReachSeconds: 60,
    residentBytes: 80 * 1024 * 1024,
    learning: { subjects: 3, slowest: "learning, about 40 s more" },
    targets: 2,
    targetsUp: 1,
    models: HOSTILE.length,
    rules: 2,
    alerts: { pending: 1, firing: HOSTILE.length },
    outputs: [{ kind: "webhook", name: "<ops>", queued: 1, sent: 2, failed: 3, dropped: 4, lastError: "503 <html>" }],
  }),
  sensitivity: () => ({
    falseAlarmsPerWeek: 1,
    looksPerWeek: 1_000_000,
    neededNats: 13.8,
    rules: [{ rule: "<R>", labels: {}, subjects: 3, noisySubjects: HOSTILE.length, ownNats: 12, raiseNats: 1.8 }],
    noisy: HOSTILE.map((model) => ({
      id: "0123456789abcdef",
      rule: "<R>",
      labels: { model },
      raiseNats: 4,
      alarms: 4,
    })),
  }),
  reload: () => ({
    at: NOW,
    trigger: "api",
    success: false,
    error: 'Cannot read "<b>x.yml": expected YAML',
    loadedAt: "2026-11-23T06:00:00.000Z",
    configHash: "0123456789abcdef",
    rules: { added: ["<b>"], removed: [], changed: [] },
    alertsEnded: 1,
    warnings: [],
  }),
  targets: () => ({
    activeTargets: ["up", "down"].map((state, i) => ({
      discoveredLabels: { __address__: `gpu-${i}:8002` },
      labels: { instance: `gpu-${i}:8002`, job: `job-${i}` },
      scrapePool: `job-${i}`,
      scrapeUrl: `http://gpu-${i}:8002/metrics`,
      globalUrl: `http://gpu-${i}:8002/metrics`,
      lastError: state === "up" ? "" : "unreachable: <b>refused</b>",
      lastScrape: NOW,
      lastScrapeDuration: 0.004,
      health: state === "up" ? "up" : "down",
      scrapeInterval: "15s",
      scrapeTimeout: "10s",
    })),
    droppedTargets: [
      { discoveredLabels: { __address__: "old:8002" }, scrapePool: "job-0", why: "dropped by relabelling" },
    ],
    droppedTargetCounts: { "job-0": 1 },
  }),
  rules: () => ({
    groups: [
      {
        name: "models",
        file: "rules/triton.yml",
        interval: 0,
        limit: 0,
        evaluationTime: 0.002,
        lastEvaluation: NOW,
        rules: [
          {
            type: "alerting",
            name: "TritonModelReloaded",
            state: "firing",
            query: '{"models":["reloaded"]}',
            kind: "detect",
            duration: 0,
            keepFiringFor: 60,
            labels: { severity: "critical" },
            annotations: { summary: "x" },
            exceptions: [],
            alerts: [alert("bert", 50)],
            ...health,
          },
          { type: "recording", name: "job:failures", query: "sum(x)", labels: {}, ...health },
        ],
      },
      {
        name: "mine",
        file: "mine.yml",
        interval: 15,
        limit: 10,
        evaluationTime: 0,
        lastEvaluation: NOW,
        rules: [{ type: "recording", name: "other", query: "1", labels: {}, ...health }],
      },
    ],
  }),
  alerts: (resolved) => ({
    alerts: [
      ...HOSTILE.map((name, i) => alert(name, i)),
      alert("pending-one", 20, {
        state: "pending",
        labels: { alertname: "Pending", severity: "info", model: "resnet" },
      }),
      alert("watchdog", 21, { labels: { alertname: "SentinelWatchdog", severity: "none" } }),
      ...(resolved ? [alert("ended", 22, { state: "resolved", resolvedAt: NOW, feedback: FEEDBACK })] : []),
    ],
  }),
  models: () => ({ models: HOSTILE.map(model) }),
  model: (name, version, instance) =>
    HOSTILE.includes(name) && (version ?? "1") === "1" && (instance ?? "gpu-7:8002") === "gpu-7:8002"
      ? [{ ...model(name), events: [event(name, 0)], alerts: [alert(name, 0)], subjects: [subject] }]
      : [],
  events: (limit, sinceId = 0) => ({
    events: HOSTILE.map(event)
      .toReversed()
      .filter(({ id }) => id > sinceId)
      .slice(0, limit),
  }),
  deployments: () => ({
    windows: [
      { name: "weekly", reason: "release", match: ['model="bert"'], times: "tue 09:00 to 11:00 Europe/Berlin" },
    ],
    announcements: [{ model: "bert", by: "ci", reason: "release", from: NOW, until: NOW }],
  }),
  subjects: () => ({ subjects: [subject] }),
  subject: (id) =>
    id === subject.id
      ? {
          ...subject,
          unit: "ratio",
          verdict: `Normal: ${HOSTILE[0]}`,
          looked: {
            test: "60s window",
            windowSeconds: 60,
            numerator: 1,
            denominator: 100,
            evidenceNats: 1,
            thresholdNats: 12,
          },
          history: {
            at: [1, 2],
            observed: [0.1, null],
            expected: [null, null],
            lower: [0, 0],
            upper: [1, 1],
            score: [0.1, 0.2],
          },
        }
      : undefined,
};
