import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderExporterPage } from "../../src/outputs/exporter.ts";
import { ROOT } from "../house/sources.ts";
import { alertOf, busyTelemetry, viewsOf } from "../outputs/exporter-page.ts";
import { alertmanagerMissing } from "../support/alertmanager.ts";
import { type ExampleAlertmanager, startExample } from "./example-alertmanager.ts";
import { servePages } from "./page-server.ts";
import { prometheusMissing, type RunningPrometheus, startPrometheus } from "./prometheus.ts";

const textOf = (path: string) => readFileSync(join(ROOT, path), "utf8");

describe.skipIf(prometheusMissing || alertmanagerMissing)(
  "from our page through a real Prometheus and Alertmanager",
  () => {
    let example: ExampleAlertmanager;
    let prometheus: RunningPrometheus;
    let closePages: () => Promise<void>;

    beforeAll(async () => {
      const self = await busyTelemetry().metricsText();
      const where = { job: "triton", instance: "gpu-7:8002" };
      const loaded = { ...where, alertname: "TritonModelLoaded", severity: "critical", category: "integrity" };
      const views = viewsOf({
        alerts: () => [
          alertOf({ ...loaded, model: "<!channel>" }, 2, "critical"),
          alertOf({ ...loaded, model: "pending" }, 1, "critical"),
          alertOf({ alertname: "SentinelWatchdog", severity: "none", category: "monitor" }, 2, "none"),
        ],
      });
      const pages = await servePages((format) => renderExporterPage(self, views, 10_000, format));
      closePages = pages.close;
      example = await startExample();
      const config = textOf("docs/examples/prometheus.yml")
        .replace("sentinel.example.com:9464", pages.address)
        .replace("alertmanager.example.com:9093", new URL(example.alertmanager.url).host)
        .replaceAll("_interval: 15s", "_interval: 1s");
      prometheus = await startPrometheus(config, {
        "rules/triton-sentinel.yml": textOf("rules/prometheus/triton-sentinel.yml"),
      });
    });

    afterAll(async () => {
      await prometheus?.stop();
      await example?.close();
      await closePages?.();
    });

    test("an alert that fires here arrives at the receiver, as do signs of life", { timeout: 90_000 }, async () => {
      const arrived = (path: string) => example.sink.requests.find((request) => request.path === path)?.body ?? "";
      for (let count = 1; arrived("/siem") === "" || arrived("/watchdog") === ""; count++)
        await example.sink.received(count);

      const { alerts } = JSON.parse(arrived("/siem"));
      expect(alerts).toHaveLength(1);
      expect(alerts[0]).toMatchObject({
        status: "firing",
        labels: {
          alertname: "TritonSentinelCritical",
          sentinel_alert: "TritonModelLoaded",
          severity: "critical",
          category: "integrity",
          job: "triton-sentinel",
          target: "gpu-7:8002",
          target_job: "triton",
          model: "<!channel>",
        },
        annotations: {
          summary: "TritonModelLoaded: model <!channel> on gpu-7:8002",
          runbook_url: "docs/runbooks/TritonModelLoaded.md",
        },
      });
      expect(JSON.parse(arrived("/watchdog")).alerts[0].labels.alertname).toBe("SentinelWatchdog");
    });
  },
);
