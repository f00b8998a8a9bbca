import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
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

const job = (rest: string): string => `scrape_configs:\n- job_name: triton\n  ${rest}`;

test("an empty file is every default", () => {
  const { global, ...config } = load("");
  expect(global).toMatchObject({ scrapeInterval: 15_000 });
  expect(config).toEqual({
    targets: [],
    ruleFiles: [],
    packagedRules: true,
    evaluation: {
      onError: "hold",
      onUnknown: "hold",
      holdFor: 3_600_000,
      lookback: 300_000,
    },
    deployments: [],
    storage: { historyBytes: 128 * 1024 ** 2 },
    exporter: { maxSeries: 10_000 },
    web: { listenAddress: { host: "127.0.0.1", port: 9464 } },
    log: { level: "info", format: "logfmt" },
  });
});

test("scrape configs come to flat targets", () => {
  const config = load(`
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
  static_configs:
  - targets: ['gpu-9:443']
    labels: { instance: nine, job: other }
`);
  expect(config.global.externalLabels.toJSON()).toEqual({ dc: "eu", replica: "1" });
  expect(config.targets.map((t) => ({ ...t, labels: t.labels.toString() }))).toEqual([
    {
      job: "triton",
      url: "http://gpu-7:8002/metrics",
      instance: "gpu-7:8002",
      labels: '{instance="gpu-7:8002", job="triton", rack="r1"}',
      scrapeInterval: 5_000,
      scrapeTimeout: 5_000,
      bodySizeLimit: 1024 ** 2,
      sampleLimit: 5,
      labelValueLengthLimit: 1024,
    },
    expect.objectContaining({ url: "http://[::1]:8002/metrics", instance: "[::1]:8002" }),
    {
      job: "other",
      url: "https://gpu-9:443/m",
      instance: "nine",
      labels: '{instance="nine", job="other"}',
      scrapeInterval: 60_000,
      scrapeTimeout: 10_000,
      bodySizeLimit: 32 * 1024 ** 2,
      sampleLimit: 50_000,
      labelValueLengthLimit: 1024,
    },
  ]);
});

test("the global timeout is cut to a job's interval, a stated one is a mistake", () => {
  const text = `global: { scrape_timeout: 9s }\n${job("scrape_interval: 2s\n  static_configs: [{ targets: [a:1] }]")}`;
  expect(load(text).targets[0]).toMatchObject({ scrapeInterval: 2_000, scrapeTimeout: 2_000 });
  expect(said(job("scrape_interval: 2s\n  scrape_timeout: 3s"))).toEqual([
    "4:19 scrape_configs[0].scrape_timeout: Cannot use this scrape_timeout: expected at most the scrape_interval",
  ]);
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

test("a config is frozen to its leaves", () => {
  const config = load(job("static_configs: [{ targets: [a:1] }]"));
  expect(Object.isFrozen(config.targets[0]) && Object.isFrozen(config.web.listenAddress)).toBe(true);
  expect(config.targets[0]!.labels.key).toBe("8:instance3:a:13:job6:triton");
});

test.each([
  ["gpu-7:8002", "http://gpu-7:8002/metrics", "gpu-7:8002"],
  ["gpu-7", "http://gpu-7:8002/metrics", "gpu-7:8002"],
  ["gpu-7:80", "http://gpu-7:80/metrics", "gpu-7:80"],
  ["http://gpu-7", "http://gpu-7:80/metrics", "gpu-7:80"],
  ["https://gpu-7/m?a=b", "https://gpu-7:443/m?a=b", "gpu-7:443"],
  ["[::1]:8002/metrics", "http://[::1]:8002/metrics", "[::1]:8002"],
])("on the command line %s means %s", (text, url, instance) => {
  expect(defaultConfig([text]).targets).toEqual([
    expect.objectContaining({ job: "triton", url, instance, scrapeInterval: 15_000, scrapeTimeout: 10_000 }),
  ]);
});

test("every URL that cannot be used is named, without its password", () => {
  const urls = ["a:1", "ftp://b", "http://user:secret@c/", "a:1", "d e", "f:0"];
  const attempt = () => defaultConfig(urls);
  expect(attempt).toThrow(RangeError);
  expect(attempt).toThrow(/"ftp:\/\/b".*"http:\/\/…@c\/".*"a:1" twice.*"d e".*"f:0"/s);
  expect(attempt).not.toThrow(/secret/);
});

test("the config is a JSON Schema in which every field has a description", () => {
  const text = JSON.stringify(z.toJSONSchema(configSchema, { io: "input" }), (_, value) => {
    if (typeof value !== "object" || value?.properties === undefined) return value;
    for (const [name, property] of Object.entries<{ description?: string }>(value.properties)) {
      expect([name, property.description]).toEqual([name, expect.any(String)]);
    }
    return value;
  });
  expect(text).toContain('"default":"15s"');
});

test("any text and any environment are loaded without an exception", () => {
  const sections = fc.constantFrom(...Object.keys(configSchema.shape), "match", "weekly", "targets", "labels");
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
