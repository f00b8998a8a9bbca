import { expect, test } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { defaultConfig, loadConfig } from "../../src/config/load-config.ts";
import { renderConfig } from "../../src/config/render-config.ts";
import { wholeConfig } from "./whole.ts";

function load(text: string): Config {
  const loaded = loadConfig("c.yml", text, new Map(), "/etc/sentinel");
  if (loaded.kind === "mistakes") throw new Error(loaded.mistakes.map((m) => `${m.line}: ${m.message}`).join("\n"));
  return loaded.config;
}

/** A config as plain values, for comparison: expressions by their text. */
const plain = (config: Config): unknown =>
  JSON.parse(JSON.stringify(config, (name, value) => (name === "regex" ? value.patternInput : value)));

test.each([
  ["every default", ""],
  ["something in every section", wholeConfig("hunter2")],
])("what is rendered of a config with %s is loaded again as the same", (_, text) => {
  const config = load(text);
  const rendered = renderConfig(config);
  const shown = rendered.replaceAll(/\burl: <secret>/g, "url: https://chat.example.com");
  const again = load(shown.replaceAll("zone=***", "zone=a"));
  expect(plain(again)).toEqual(plain(config));
  expect(renderConfig(again)).toBe(rendered);
});

test("the config of the command line is rendered as a file that says the same", () => {
  const config = defaultConfig(["gpu-7", "https://gpu-8/m?a=b"]);
  expect(plain(load(renderConfig(config)))).toEqual(plain(config));
});

test("every default is written out", async () => {
  const rendered = renderConfig(load("scrape_configs: [{ job_name: triton, static_configs: [{ targets: ['a:1'] }] }]"));
  expect(rendered).toMatchInlineSnapshot(`
    "global:
      scrape_interval: 15s
      external_labels: {}
    scrape_configs:
      - job_name: triton
        scheme: http
        metrics_path: /metrics
        scrape_interval: 15s
        scrape_timeout: 10s
        static_configs:
          - targets:
              - a:1
            labels: {}
        relabel_configs: []
        metric_relabel_configs: []
        body_size_limit: 32MiB
        sample_limit: 50000
        label_value_length_limit: 1024
        honor_labels: false
    rule_files: []
    packaged_rules: true
    alerting:
      alert_relabel_configs: []
      alertmanagers: []
      resend_delay: 1m
    outputs:
      email: []
      webhook: []
      log:
        enabled: false
        send_resolved: true
        group_by:
          - alertname
          - job
          - instance
        group_wait: 5s
        group_interval: 1m
        repeat_interval: 4h
    inhibit_rules:
      - source_matchers:
          - alertname="TritonFleetAnomaly"
          - rule="TritonErrorRatioAnomaly"
        target_matchers:
          - alertname="TritonErrorRatioAnomaly"
        equal:
          - resource
        began_within: 5m
      - source_matchers:
          - alertname="TritonFleetAnomaly"
          - rule="TritonErrorRatioCreep"
        target_matchers:
          - alertname="TritonErrorRatioCreep"
        equal:
          - resource
        began_within: 5m
      - source_matchers:
          - alertname="TritonFleetAnomaly"
          - rule="TritonRequestRateSurge"
        target_matchers:
          - alertname="TritonRequestRateSurge"
        equal:
          - resource
        began_within: 5m
      - source_matchers:
          - alertname="TritonFleetAnomaly"
          - rule="TritonRequestRateCreep"
        target_matchers:
          - alertname="TritonRequestRateCreep"
        equal:
          - resource
        began_within: 5m
      - source_matchers:
          - alertname="TritonFleetAnomaly"
          - rule="TritonRequestRateDrop"
        target_matchers:
          - alertname="TritonRequestRateDrop"
        equal:
          - resource
        began_within: 5m
      - source_matchers:
          - alertname="TritonFleetAnomaly"
          - rule="TritonLatencyShift"
        target_matchers:
          - alertname="TritonLatencyShift"
        equal:
          - resource
        began_within: 5m
      - source_matchers:
          - alertname="TritonFleetAnomaly"
          - rule="TritonQueueBacklog"
        target_matchers:
          - alertname="TritonQueueBacklog"
        equal:
          - resource
        began_within: 5m
      - source_matchers:
          - alertname="TritonFleetAnomaly"
          - rule="TritonBatchShapeShift"
        target_matchers:
          - alertname="TritonBatchShapeShift"
        equal:
          - resource
        began_within: 5m
      - source_matchers:
          - alertname="TritonFleetAnomaly"
          - rule="TritonCacheHitRatioShift"
        target_matchers:
          - alertname="TritonCacheHitRatioShift"
        equal:
          - resource
        began_within: 5m
      - source_matchers:
          - alertname="TritonFleetAnomaly"
          - rule="TritonResourceExhaustion"
        target_matchers:
          - alertname="TritonResourceExhaustion"
        equal:
          - resource
        began_within: 5m
    evaluation:
      on_error: hold
      on_unknown: hold
      hold_for: 1h
      lookback: 5m
      time_zone: UTC
      weekend:
        - sat
        - sun
    sensitivity: {}
    deployments: []
    storage:
      history_bytes: 128MiB
      subject_history_bytes: 32MiB
    exporter:
      max_series: 10000
    web:
      listen_address: 127.0.0.1:9464
      allowed_hosts: []
      allowed_origins: []
    log:
      level: info
      format: logfmt
    "
  `);
});

test("a secret is shown as such, and a file by its path", () => {
  const rendered = renderConfig(load(wholeConfig("hunter2")));
  expect(rendered.match(/^.*<secret>$/gm)?.map((line) => line.trim())).toEqual([
    "password: <secret>",
    "credentials: <secret>",
    "credentials: <secret>",
    "password: <secret>",
    "auth_password: <secret>",
    "url: <secret>",
    "password: <secret>",
  ]);
  expect(rendered).toContain("credentials_file: /etc/sentinel/token\n");
});

test("values of a discovery's query, which are tokens at times, are masked", () => {
  const text =
    "scrape_configs: [{ job_name: a, http_sd_configs: [{ url: 'https://sd.example.com/a?token=hunter2&x=1' }] }]";
  const rendered = renderConfig(load(text));
  expect(rendered).toContain("url: https://sd.example.com/a?token=***&x=***\n");
  expect(rendered).not.toContain("hunter2");
});
