import fc from "fast-check";
import { expect, test } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { defaultConfig, loadConfig } from "../../src/config/load-config.ts";
import { configSchema } from "../../src/config/schema/index.ts";

function load(text: string): Config {
  const loaded = loadConfig("c.yml", text, new Map());
  if (loaded.kind === "mistakes") throw new Error(loaded.mistakes.map((m) => `${m.line}: ${m.message}`).join("\n"));
  return loaded.config;
}

const said = (text: string): string[] => {
  const loaded = loadConfig("c.yml", text, new Map());
  return loaded.kind === "ok" ? [] : loaded.mistakes.map((m) => `${m.line}:${m.column} ${m.message}`);
};

const job = (rest: string): string =>
  `scrape_configs:\n- job_name: triton\n  static_configs: [{ targets: ["a:1"] }]\n  ${rest}`;

test("an empty file is every default", () => {
  const { global, inhibitRules, ...config } = load("");
  expect(inhibitRules.every(({ source }) => source[0]?.value === "TritonFleetAnomaly")).toBe(true);
  expect(global).toMatchObject({ scrapeInterval: 15_000 });
  expect(config).toEqual({
    jobs: [],
    ruleFiles: [],
    packagedRules: true,
    evaluation: {
      onError: "hold",
      onUnknown: "hold",
      holdFor: 3_600_000,
      lookback: 300_000,
      timeZone: "UTC",
      weekend: ["sat", "sun"],
    },
    sensitivity: {},
    deployments: [],
    alerting: { relabel: [], alertmanagers: [], resendDelay: 60_000 },
    outputs: {
      email: [],
      webhook: [],
      log: {
        enabled: false,
        receiver: {
          name: "log",
          match: [],
          sendResolved: true,
          groupBy: ["alertname", "job", "instance"],
          groupWait: 5_000,
          groupInterval: 60_000,
          repeatInterval: 14_400_000,
        },
      },
    },
    storage: { historyBytes: 128 * 1024 ** 2, subjectHistoryBytes: 32 * 1024 ** 2 },
    exporter: { maxSeries: 10_000 },
    web: { listenAddress: { host: "127.0.0.1", port: 9464 }, allowedHosts: [], allowedOrigins: [] },
    log: { level: "info", format: "logfmt" },
  });
});

test("a scrape config is a job with every default", () => {
  const { global, jobs } = load(`
global: { scrape_interval: 5s, external_labels: { dc: eu, replica: 1 } }
scrape_configs:
- job_name: triton
  sample_limit: 5
  body_size_limit: 1MiB
  static_configs:
  - targets: ["gpu-7:8002", "[::1]:8002"]
    labels: { rack: r1 }
- job_name: slow
  scheme: https
  metrics_path: /m
  scrape_interval: 1m
  honor_labels: true
  static_configs:
  - targets: ['gpu-9:443']
    labels: { instance: nine, __metrics_path__: /other, __param_x: y }
`);
  expect(global.externalLabels.toJSON()).toEqual({ dc: "eu", replica: "1" });
  expect(jobs.map((one) => JSON.parse(JSON.stringify(one)))).toEqual([
    {
      jobName: "triton",
      scheme: "http",
      metricsPath: "/metrics",
      scrapeInterval: 5_000,
      scrapeTimeout: 5_000,
      bodySizeLimit: 1024 ** 2,
      sampleLimit: 5,
      labelValueLengthLimit: 1024,
      honorLabels: false,
      http: {},
      relabel: [],
      metricRelabel: [],
      discoveries: [{ kind: "static", targets: ["gpu-7:8002", "[::1]:8002"], labels: { rack: "r1" } }],
    },
    {
      jobName: "slow",
      scheme: "https",
      metricsPath: "/m",
      scrapeInterval: 60_000,
      scrapeTimeout: 10_000,
      bodySizeLimit: 32 * 1024 ** 2,
      sampleLimit: 50_000,
      labelValueLengthLimit: 1024,
      honorLabels: true,
      http: {},
      relabel: [],
      metricRelabel: [],
      discoveries: [
        {
          kind: "static",
          targets: ["gpu-9:443"],
          labels: { instance: "nine", __metrics_path__: "/other", __param_x: "y" },
        },
      ],
    },
  ]);
});

test("the global timeout is cut to a job's interval, a stated one is a mistake", () => {
  const text = `global: { scrape_timeout: 9s }\n${job("scrape_interval: 2s")}`;
  expect(load(text).jobs[0]).toMatchObject({ scrapeInterval: 2_000, scrapeTimeout: 2_000 });
  expect(said(job("scrape_interval: 2s\n  scrape_timeout: 3s"))).toEqual([
    "5:19 scrape_configs[0].scrape_timeout: Cannot use this scrape_timeout: expected at most the scrape_interval",
  ]);
});

test("an address is a mistake where it is given twice, but not where relabelling may tell two apart", () => {
  const twice = (rest: string) =>
    job(`relabel_configs: ${rest}`).replace('["a:1"]', '["a:1"], labels: { a: b } }, { targets: ["a:1"]');
  expect(said(twice("[]"))).toEqual([
    '3:72 scrape_configs[0].static_configs[1].targets[0]: Cannot use target "a:1" twice in job "triton"',
  ]);
  expect(said(twice("[{ source_labels: [a], target_label: instance }]"))).toEqual([]);
});

test("paths begin in the folder of the file", () => {
  const text = `
scrape_configs:
- job_name: triton
  file_sd_configs: [{ files: [targets/*.yml, /etc/t.json, ../t.yml] }]
  basic_auth: { username: u, password_file: secrets/./p }
  tls_config: { ca_file: ca.pem, cert_file: a/../c.pem, key_file: k.pem }
outputs:
  webhook: [{ name: w, url_file: w.url }]
web: { api_tokens_file: ../../../tokens }
`;
  const loaded = loadConfig("x/c.yml", text, new Map(), "/etc/sentinel");
  if (loaded.kind !== "ok") throw new Error(JSON.stringify(loaded.mistakes));
  const { jobs, outputs, web } = loaded.config;
  expect(jobs[0]).toMatchObject({
    discoveries: [{ files: ["/etc/sentinel/targets/*.yml", "/etc/t.json", "/etc/t.yml"] }],
    http: {
      basicAuth: { password: { kind: "file", path: "/etc/sentinel/secrets/p" } },
      tls: { caFile: "/etc/sentinel/ca.pem", certFile: "/etc/sentinel/c.pem", keyFile: "/etc/sentinel/k.pem" },
    },
  });
  expect(outputs.webhook[0]?.url).toEqual({ kind: "file", path: "/etc/sentinel/w.url" });
  expect(web.apiTokensFile).toBe("/tokens");
});

test("deployments are weekly windows or spans", () => {
  const { deployments } = load(`
deployments:
- name: nightly
  match: { model: bert }
  weekly: { days: [mon, sun], from: 22:00, to: 02:30, time_zone: Europe/Berlin }
- name: release
  match: 'model=~"a.*"'
  span: { from: 2027-01-01T00:00:00Z, to: 2027-01-01T02:00:00+01:00 }
  reason: planned
`);
  expect(deployments.map((d) => d.window)).toEqual([
    { kind: "weekly", days: ["mon", "sun"], from: 1_320, to: 150, timeZone: "Europe/Berlin" },
    { kind: "span", from: Date.UTC(2027, 0, 1), to: Date.UTC(2027, 0, 1, 1) },
  ]);
  expect(deployments[1]).toMatchObject({ name: "release", match: [{ op: "=~" }], reason: "planned" });
});

test("a config is frozen to its leaves, and its labels and expressions still work", () => {
  const config = load(job("relabel_configs: [{ regex: 'a(b)?', action: labeldrop }]"));
  const { discoveries, relabel } = config.jobs[0]!;
  expect(Object.isFrozen(discoveries[0]) && Object.isFrozen(config.web.listenAddress)).toBe(true);
  expect(discoveries).toMatchObject([{ kind: "static", targets: ["a:1"] }]);
  expect([relabel[0]!.regex.matches("ab"), relabel[0]!.regex.matches("abc")]).toEqual([true, false]);
});

test.each([
  ["gpu-7:8002", "gpu-7:8002", {}],
  ["gpu-7", "gpu-7:8002", {}],
  ["gpu-7:80", "gpu-7:80", {}],
  ["http://gpu-7", "gpu-7:80", {}],
  ["https://gpu-7/m?a=b%20c", "gpu-7:443", { __scheme__: "https", __metrics_path__: "/m", __param_a: "b c" }],
  ["[::1]:8002/metrics", "[::1]:8002", {}],
])("on the command line %s means %s with %j", (text, address, labels) => {
  const { jobs } = defaultConfig([text]);
  expect(jobs).toMatchObject([
    { jobName: "triton", scheme: "http", metricsPath: "/metrics", scrapeInterval: 15_000, scrapeTimeout: 10_000 },
  ]);
  expect(JSON.parse(JSON.stringify(jobs[0]!.discoveries))).toEqual([{ kind: "static", targets: [address], labels }]);
});

test("URLs on the command line are one job, those alike one group", () => {
  const { jobs } = defaultConfig(["a:1", "b:1", "https://c:1/metrics", "d:1"]);
  expect(jobs).toHaveLength(1);
  expect(jobs[0]!.discoveries).toMatchObject([{ targets: ["a:1", "b:1", "d:1"] }, { targets: ["c:1"] }]);
});

test("every URL that cannot be used is named, without its password", () => {
  const urls = ["a:1", "ftp://b", "http://user:secret@c/", "a:1", "d e", "f:0", "g:1/?a=1&a=2"];
  const attempt = () => defaultConfig(urls);
  expect(attempt).toThrow(RangeError);
  expect(attempt).toThrow(
    /"ftp:\/\/b".*target with a user name.*"a:1" twice.*"d e".*"f:0".*"http:\/\/g:1\/metrics\?a=1&a=2": expected every parameter once/s,
  );
  expect(attempt).not.toThrow(/secret/);
});

const FIELDS = [
  ...[
    "match",
    "weekly",
    "targets",
    "labels",
    "job_name",
    "static_configs",
    "basic_auth",
    "password",
    "relabel_configs",
  ],
  ...["regex", "action", "alertmanagers", "email", "webhook", "url", "to", "dns_sd_configs", "selectors", "role"],
];

test("any text and any environment are loaded without an exception", () => {
  const sections = fc.constantFrom(...Object.keys(configSchema.shape), ...FIELDS);
  const leaf = fc.oneof(fc.string(), fc.constantFrom<unknown>(null, 5, true, "5m", `\${A}`, `\${A:-b}`, "a:1"));
  const value = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 5 },
      leaf,
      fc.array(tie("node"), { maxLength: 4 }),
      fc.dictionary(sections, tie("node")),
    ),
  })).node;
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        value.map((v) => JSON.stringify(v)),
      ),
      fc.string(),
      (text, a) => {
        expect(["ok", "mistakes"]).toContain(loadConfig("c.yml", text, new Map([["A", a]])).kind);
      },
    ),
    { numRuns: 200 },
  );
});
