const OUTPUT = 'output="alertmanager",name="http://alertmanager:9093"';

/** The labels of metrics that a monitor on a bench does not come to write, as docs/metrics.md has them. */
const LABELS: Readonly<Record<string, readonly string[]>> = {
  triton_sentinel_last_step_timestamp_seconds: [""],
  triton_sentinel_alerts_fired_total: ['alertname="TritonModelReloaded",severity="critical"'],
  triton_sentinel_rule_evaluations_total: ['rule="TritonLatencyShift"'],
  triton_sentinel_rule_evaluation_seconds_total: ['rule="TritonLatencyShift"'],
  triton_sentinel_rule_evaluation_failures_total: ['rule="TritonLatencyShift"'],
  triton_sentinel_page_problems_total: ['kind="bad-value"'],
  triton_sentinel_internal_errors_total: ['where="page"'],
  triton_sentinel_refused_total: ['what="series"'],
  triton_sentinel_discovered_targets: ['target_job="triton"'],
  triton_sentinel_dropped_targets: ['target_job="triton"'],
  triton_sentinel_discovery_failures_total: ['kind="dns"'],
  triton_sentinel_alertmanagers_discovered: [""],
  triton_sentinel_notifications_sent_total: [OUTPUT],
  triton_sentinel_notifications_failed_total: [`${OUTPUT},reason="gave-up"`],
  triton_sentinel_notifications_dropped_total: [OUTPUT],
  triton_sentinel_notifications_retried_total: [OUTPUT],
  triton_sentinel_notification_queue_length: [OUTPUT],
  triton_sentinel_notification_latency_seconds_bucket: [`${OUTPUT},le="0.1"`, `${OUTPUT},le="+Inf"`],
};

/**
 * The label sets of a metric that has to be made up, as they stand between the braces.
 * @param page the page it is made up for
 * @throws Error where nobody said how
 */
export function labelsOfSynthetic(metric: string, page: string): readonly string[] {
  if (metric === "triton_sentinel_alert_active_since_timestamp_seconds") {
    return [...page.matchAll(/^triton_sentinel_alert_state\{(.*)\} [12]$/gm)].map(([, labels]) => labels!);
  }
  const labels = LABELS[metric];
  if (labels === undefined) throw new Error(`${metric} is on no page: say in synthetic.ts what its labels are`);
  return labels;
}
