import { describe, expect, test } from "vitest";
import { failuresOf } from "./files.ts";

const RULES = `groups:
  - name: g
    interval: 3m
    rules:
      - alert: Gone
        detect: { models: [unloaded, vanished] }
      - alert: Down
        expr: up == 0
      - alert: Failing
        detect:
          ratio: { bad: nv_inference_request_failure, total: [nv_inference_request_success, nv_inference_request_failure] }
        labels: { severity: warn }
      - alert: Scores
        expr: triton_sentinel_anomaly_score{rule="Failing"} > 1
`;

const run = (tests: string): Promise<readonly string[]> =>
  failuresOf({ "r.yml": RULES, "t.yml": `rule_files: [r.yml]\nevaluation_interval: 1s\ntests:\n${tests}` });

const series = (name: string, values: string, labels = 'instance="a"') =>
  `      - { series: '${name}{${labels}, model="m", version="1"}', values: '${values}' }\n`;

const server = (success: string, load: string, labels?: string) =>
  series("nv_inference_request_success", success, labels) + series("nv_model_load_duration_secs", load, labels);

describe("with detectors a series is what a server shows", () => {
  test("a series without an instance is one of the server test, and one without a job of the job triton", async () => {
    const other = `      - { series: 'nv_gpu_utilization', values: '1x5' }\n`;
    expect(
      await run(`  - interval: 1s
    input_series:
${server("0+1x5", "1x5")}${other}    promql_expr_test:
      - { expr: up, eval_time: 2s, exp_samples: [{ labels: 'up{instance="a", job="triton"}', value: 1 }, { labels: 'up{instance="test", job="triton"}', value: 1 }] }
      - { expr: sum by (job) (nv_gpu_utilization), eval_time: 2s, exp_samples: [{ labels: '{job="triton"}', value: 1 }] }
`),
    ).toEqual([]);
  });

  test("stale takes a series off the page, and so its model away", async () => {
    expect(
      await run(`  - interval: 1s
    input_series:
${server("0+1x5 stale", "1x5 stale")}    alert_rule_test:
      - { alertname: Gone, eval_time: 5s }
      - { alertname: Gone, eval_time: 6s, match: subset, exp_alerts: [{ exp_labels: { model: m, version: '1' } }] }
`),
    ).toEqual([]);
  });

  test("where all series of a server have a gap it is not scraped, so nothing is concluded", async () => {
    expect(
      await run(`  - interval: 1s
    input_series:
${server("0+1x5 _x10 16+1x5", "1x5 _x10 1x5")}    quiet: [Gone, Down]
`),
    ).toEqual([]);
  });

  test("up says whether a scrape succeeded, and what nobody saw did not vanish", async () => {
    expect(
      await run(`  - interval: 1s
    input_series:
      - { series: 'up{instance="a"}', values: '1x5 0x4 1x5' }
${server("0+1x5 _x5 16+1x5", "1x5 _x5 1x5")}    alert_rule_test:
      - { alertname: Down, eval_time: 5s }
      - { alertname: Down, eval_time: 6s, match: subset, exp_alerts: [{}] }
      - { alertname: Down, eval_time: 11s }
    quiet: [Gone]
`),
    ).toEqual([]);
  });

  test("two servers are two targets, whatever their jobs", async () => {
    expect(
      await run(`  - interval: 1s
    input_series:
${server("0+1x5 stale", "1x5 stale", 'instance="a", job="x"')}${server("0+1x6", "1x6", 'instance="a", job="y"')}    alert_rule_test:
      - { alertname: Gone, eval_time: 6s, match: subset, exp_alerts: [{ exp_labels: { job: x } }] }
`),
    ).toEqual([]);
  });

  test("a detector learns, judges, and rules after it read its score", async () => {
    const failure = (values: string) =>
      series("nv_inference_request_failure", values, 'instance="a", reason="BACKEND"');
    expect(
      await run(`  - interval: 1s
    input_series:
${series("nv_inference_request_success", "0+20x180 3610+10x20")}${failure("0x180 10+10x20")}    alert_rule_test:
      - { alertname: Failing, eval_time: 5s, exp_state: learning, match: subset, exp_alerts: [{ exp_labels: { model: m } }] }
      - { alertname: Failing, eval_time: 180s }
      - { alertname: Failing, eval_time: 180s, exp_state: learning }
      - { alertname: Failing, eval_time: 195s, match: subset, exp_alerts: [{ exp_labels: { severity: warn } }] }
      - { alertname: Scores, eval_time: 195s, match: subset, exp_alerts: [{ exp_labels: { rule: Failing } }] }
`),
    ).toEqual([]);
  });

  test("series that only this program writes are there as they are written", async () => {
    expect(
      await run(`  - interval: 1s
    input_series:
      - { series: 'triton_sentinel_anomaly_score{rule="Failing", x="y"}', values: '_ 2 _ 0' }
    alert_rule_test:
      - { alertname: Scores, eval_time: 2s, exp_alerts: [{ exp_labels: { rule: Failing, x: y } }] }
      - { alertname: Scores, eval_time: 3s }
`),
    ).toEqual([]);
  });

  test("what cannot stand on a page is a mistake", async () => {
    await expect(run(`  - input_series: [{ series: '{a="b"}', values: '1' }]\n`)).rejects.toThrow(
      "Cannot render metric",
    );
  });
});

test("a detector's alert that came too early is told with its time and labels", async () => {
  const failures = await run(`  - interval: 1s
    input_series:
${server("0+1x5 stale", "1x5 stale")}    quiet: [Gone]
`);
  expect(failures).toEqual([
    't.yml:8: alert Gone fired: expected it to stay quiet\nat 6s {alertname="Gone", instance="a", job="triton", model="m", version="1"}',
  ]);
});
