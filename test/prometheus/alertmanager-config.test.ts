import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { alertmanagerMissing, type RunningAlertmanager } from "../support/alertmanager.ts";
import { amtoolMissing, exampleConfig, startExample } from "./example-alertmanager.ts";
import { postAlerts } from "./post-alerts.ts";

describe.skipIf(amtoolMissing)("amtool", () => {
  const folder = mkdtempSync(join(tmpdir(), "amtool-"));
  const file = join(folder, "alertmanager.yml");
  beforeAll(() => writeFileSync(file, exampleConfig()));
  afterAll(() => rmSync(folder, { recursive: true }));
  const amtool = (...args: string[]) =>
    execFileSync("amtool", args, { stdio: ["ignore", "pipe", "ignore"] }).toString();

  test("finds nothing wrong with the example and its templates", () => {
    expect(amtool("check-config", file)).toMatch(/SUCCESS\nFound:\n[\s\S]* - 1 templates\n {2}SUCCESS/);
  });

  test.each([
    ["alertname=TritonModelLoaded severity=critical category=integrity instance=gpu-7:8002", "soc,oncall"],
    [
      "alertname=TritonSentinelCritical sentinel_alert=TritonModelLoaded severity=critical category=integrity",
      "soc,oncall",
    ],
    ["alertname=TritonMetricsFrozen severity=warning category=integrity", "soc,operators"],
    ["alertname=Exposed severity=info category=security", "soc,nobody"],
    ["alertname=TritonTargetDown severity=critical category=availability", "oncall"],
    ["alertname=TritonLatencyShift severity=warning category=abuse", "operators"],
    ["alertname=TritonBatchShapeShift severity=info category=abuse", "nobody"],
    ["alertname=TritonSentinelDown severity=critical category=monitor", "oncall"],
    ["alertname=SentinelWatchdog severity=none category=monitor", "watchdog"],
    ["alertname=SomethingElse", "operators"],
  ])("sends %s to %s", (labels, receivers) => {
    expect(amtool("config", "routes", "test", `--config.file=${file}`, ...labels.split(" ")).trim()).toBe(receivers);
  });
});

describe.skipIf(alertmanagerMissing)("inhibition in a real Alertmanager", () => {
  let alertmanager: RunningAlertmanager;
  let close: () => Promise<void>;

  /** A Triton's alert as it comes on each of the two paths. */
  const pushed = (alertname: string, instance: string, more: Record<string, string>) => ({
    labels: { alertname, job: "triton", instance, ...more },
  });
  const carried = (sentinel_alert: string, target: string, more: Record<string, string>) => ({
    labels: {
      alertname: more["severity"] === "critical" ? "TritonSentinelCritical" : "TritonSentinelWarning",
      sentinel_alert,
      ...{ job: "triton-sentinel", instance: "sentinel:9464", target_job: "triton", target },
      ...more,
    },
  });
  const down = { severity: "critical", category: "availability" };
  const slow = { severity: "warning", category: "abuse", model: "bert" };
  const loaded = { severity: "critical", category: "integrity", model: "bert" };

  beforeAll(async () => {
    const example = await startExample();
    ({ alertmanager, close } = example);
    const both = (name: string, server: string, labels: Record<string, string>) => [
      pushed(name, `pushed-${server}`, labels),
      carried(name, `carried-${server}`, labels),
    ];
    await postAlerts(alertmanager.url, [
      ...both("TritonTargetDown", "down", down),
      ...both("TritonLatencyShift", "down", slow),
      ...both("TritonModelLoaded", "down", { ...loaded, model: "other" }),
      ...both("TritonLatencyShift", "up", slow),
      ...both("TritonModelLoaded", "grave", loaded),
      ...both("TritonLatencyShift", "grave", slow),
      ...both("TritonLatencyShift", "grave", { ...slow, model: "ranker" }),
      ...both("TritonFleetAnomaly", "fleet", { severity: "critical", rule: "TritonRequestRateSurge" }),
      ...both("TritonRequestRateSurge", "one-of-many", slow),
      ...both("TritonErrorRatioAnomaly", "one-alone", slow),
      { labels: { alertname: "TritonSentinelReloadFailed", severity: "warning", category: "monitor" } },
    ]);
  });

  afterAll(async () => {
    await close?.();
  });

  test("keeps back what says nothing new, on either path, and nothing else", async () => {
    const inhibited = async () => {
      const { body } = await request(`${alertmanager.url}/api/v2/alerts`);
      const alerts = (await body.json()) as { labels: Record<string, string>; status: { inhibitedBy: string[] } }[];
      expect(alerts).toHaveLength(21);
      return alerts
        .filter(({ status }) => status.inhibitedBy.length > 0)
        .map(
          ({ labels }) =>
            `${labels["sentinel_alert"] ?? labels["alertname"]} ${labels["target"] ?? labels["instance"]} ${labels["model"]}`,
        )
        .sort();
    };
    await vi.waitFor(
      async () =>
        expect(await inhibited()).toEqual([
          "TritonLatencyShift carried-down bert",
          "TritonLatencyShift carried-grave bert",
          "TritonLatencyShift pushed-down bert",
          "TritonLatencyShift pushed-grave bert",
          "TritonRequestRateSurge carried-one-of-many bert",
          "TritonRequestRateSurge pushed-one-of-many bert",
        ]),
      { timeout: 20_000 },
    );
  });
});
