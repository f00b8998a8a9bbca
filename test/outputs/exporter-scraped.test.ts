import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { renderExporterPage } from "../../src/outputs/exporter.ts";
import { servePages } from "../prometheus/page-server.ts";
import { prometheusMissing, type RunningPrometheus, startPrometheus } from "../prometheus/prometheus.ts";
import { busyTelemetry, hostileViews } from "./exporter-page.ts";

describe.skipIf(prometheusMissing)("a real Prometheus that scrapes the page", () => {
  let prometheus: RunningPrometheus;
  let closePages: () => Promise<void>;

  beforeAll(async () => {
    const self = await busyTelemetry().metricsText();
    const { address, close } = await servePages((format) => renderExporterPage(self, hostileViews(), 10_000, format));
    closePages = close;
    const job = (format: string) => `
  - job_name: ${format}
    metrics_path: /${format}
    static_configs: [{ targets: ["${address}"] }]`;
    prometheus = await startPrometheus(
      `global: { scrape_interval: 1s }\nscrape_configs:${job("text")}${job("openmetrics")}\n`,
    );
    const scraped = async () => {
      const known = (await prometheus.targets()).filter(({ health }) => health !== "unknown");
      expect(known).toHaveLength(2);
    };
    await vi.waitFor(scraped, { timeout: 25_000 });
  });

  afterAll(async () => {
    await prometheus?.stop();
    await closePages?.();
  });

  test("understands both formats", async () => {
    const told = (await prometheus.targets()).map(({ labels, health, lastError }) => [
      labels["job"],
      health,
      lastError,
    ]);
    expect(told.sort()).toEqual([
      ["openmetrics", "up", ""],
      ["text", "up", ""],
    ]);
  });

  test("reads the same series with the same values from both", async () => {
    const read = async (job: string) =>
      (await prometheus.query(`{job="${job}", __name__!~"up|scrape_.*"}`))
        .map(({ metric, value }) => JSON.stringify([{ ...metric, job: "" }, value]))
        .sort();
    const [text, openmetrics] = [await read("text"), await read("openmetrics")];
    expect(text.length).toBeGreaterThan(200);
    expect(openmetrics).toEqual(text);
  });

  test("keeps hostile names, numbers that are none, and the labels that say which server is meant", async () => {
    const only = async (promql: string) => (await prometheus.query(promql)).map(({ metric, value }) => [metric, value]);
    expect(await only('triton_sentinel_alert_state{job="openmetrics", model="a\\nb"}')).toEqual([
      [expect.objectContaining({ alertname: "X", model: "a\nb", target: "a:8002", exported_target: "mine" }), "2"],
    ]);
    expect(await only('triton_sentinel_anomaly_score{job="text", model="}"}')).toMatchObject([[{ rule: 'R"' }, "NaN"]]);
    expect(await only('triton_sentinel_upper{job="openmetrics", model="}"}')).toMatchObject([[{}, "+Inf"]]);
    expect(await only('triton_sentinel_target_up{job="text"}')).toMatchObject([
      [{ target: "a:8002", target_job: "triton" }, "1"],
    ]);
  });
});
