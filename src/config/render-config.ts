import { stringify } from "yaml";
import { formatMatcher } from "../series/matchers.ts";
import { formatDuration, formatTime } from "../series/time.ts";
import type { ScrapeJob } from "../targets/job.ts";
import type { Config } from "./config.ts";
import type { AlertmanagerGroup, EmailOutput } from "./deliveries.ts";
import { escapeReferences } from "./environment.ts";
import { isPlain } from "./file-path.ts";
import {
  written,
  writtenDiscoveries,
  writtenHttp,
  writtenReceiver,
  writtenRelabel,
  writtenSecret,
} from "./render-parts.ts";
import type { Deployment } from "./schema/deployments.ts";
import { formatSize } from "./size.ts";

/**
 * The configuration in force as YAML, every default written out, in the shape of the file: it can be loaded again, but for
 * secrets, which read `<secret>`.
 */
export function renderConfig(config: Config): string {
  const { global, jobs, evaluation, storage, exporter, web, log } = config;
  return stringify(
    tidy({
      global: written({
        scrape_interval: formatDuration(global.scrapeInterval),
        scrape_timeout: global.scrapeTimeout && formatDuration(global.scrapeTimeout),
        evaluation_interval: global.evaluationInterval && formatDuration(global.evaluationInterval),
        external_labels: global.externalLabels.toJSON(),
      }),
      scrape_configs: jobs.map(scrapeConfig),
      rule_files: config.ruleFiles,
      packaged_rules: config.packagedRules,
      alerting: alertingSection(config.alerting),
      outputs: outputsSection(config.outputs),
      inhibit_rules: config.inhibitRules.map(inhibitRule),
      evaluation: {
        on_error: evaluation.onError,
        on_unknown: evaluation.onUnknown,
        hold_for: formatDuration(evaluation.holdFor),
        lookback: formatDuration(evaluation.lookback),
        time_zone: evaluation.timeZone,
        weekend: evaluation.weekend,
      },
      sensitivity: written({ false_alarms_per_week: config.sensitivity.falseAlarmsPerWeek }),
      deployments: config.deployments.map(deployment),
      storage: {
        history_bytes: formatSize(storage.historyBytes),
        subject_history_bytes: formatSize(storage.subjectHistoryBytes),
      },
      exporter: { max_series: exporter.maxSeries },
      web: written({
        listen_address: hostPort(web.listenAddress),
        external_url: web.externalUrl,
        api_tokens_file: web.apiTokensFile,
        allowed_hosts: web.allowedHosts,
        allowed_origins: web.allowedOrigins,
      }),
      log: { level: log.level, format: log.format },
    }),
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}

const inhibitRule = ({ source, target, equal, beganWithin }: Config["inhibitRules"][number]): object => ({
  source_matchers: source.map(formatMatcher),
  target_matchers: target.map(formatMatcher),
  equal,
  ...written({ began_within: beganWithin && formatDuration(beganWithin) }),
});

function scrapeConfig(job: ScrapeJob): object {
  return {
    job_name: job.jobName,
    scheme: job.scheme,
    metrics_path: job.metricsPath,
    scrape_interval: formatDuration(job.scrapeInterval),
    scrape_timeout: formatDuration(job.scrapeTimeout),
    ...writtenDiscoveries(job.discoveries),
    relabel_configs: job.relabel.map(writtenRelabel),
    metric_relabel_configs: job.metricRelabel.map(writtenRelabel),
    ...writtenHttp(job.http),
    body_size_limit: formatSize(job.bodySizeLimit),
    sample_limit: job.sampleLimit,
    label_value_length_limit: job.labelValueLengthLimit,
    honor_labels: job.honorLabels,
  };
}

const alertingSection = (alerting: Config["alerting"]): object => ({
  alert_relabel_configs: alerting.relabel.map(writtenRelabel),
  alertmanagers: alerting.alertmanagers.map(alertmanager),
  resend_delay: formatDuration(alerting.resendDelay),
});

const alertmanager = (group: AlertmanagerGroup): object => ({
  scheme: group.scheme,
  path_prefix: group.pathPrefix === "" ? "/" : group.pathPrefix,
  api_version: "v2",
  timeout: formatDuration(group.timeout),
  ...writtenDiscoveries(group.discoveries),
  relabel_configs: group.relabel.map(writtenRelabel),
  alert_relabel_configs: group.alertRelabel.map(writtenRelabel),
  ...writtenHttp(group.http),
});

const outputsSection = ({ email, webhook, log }: Config["outputs"]): object => ({
  email: email.map(emailOutput),
  webhook: webhook.map(({ name, url, maxAlerts, timeout, http, receiver }) => ({
    name,
    ...writtenSecret("url", url),
    max_alerts: maxAlerts,
    timeout: formatDuration(timeout),
    ...writtenHttp(http),
    ...writtenReceiver(receiver),
  })),
  log: { enabled: log.enabled, ...writtenReceiver(log.receiver) },
});

function emailOutput({
  name,
  to,
  from,
  smarthost,
  hello,
  auth,
  security,
  tls,
  timeout,
  receiver,
}: EmailOutput): object {
  return {
    name,
    to,
    from,
    smarthost: hostPort(smarthost),
    ...written({ hello }),
    ...(auth && { auth_username: auth.username, ...writtenSecret("auth_password", auth.password) }),
    require_tls: security === "starttls" || security === "implicit",
    implicit_tls: security === "implicit",
    ...writtenHttp(tls ? { tls } : {}),
    timeout: formatDuration(timeout),
    ...writtenReceiver(receiver),
  };
}

function deployment({ name, match, window, reason }: Deployment): object {
  const times =
    window.kind === "span"
      ? { span: { from: formatTime(window.from), to: formatTime(window.to) } }
      : {
          weekly: {
            days: window.days,
            from: timeOfDay(window.from),
            to: timeOfDay(window.to),
            time_zone: window.timeZone,
          },
        };
  return { name, match: match.map(formatMatcher), ...times, ...written({ reason }) };
}

const timeOfDay = (minutes: number): string =>
  [Math.floor(minutes / 60), minutes % 60].map((n) => String(n).padStart(2, "0")).join(":");

const hostPort = ({ host, port }: { readonly host: string; readonly port: number }): string =>
  `${host.includes(":") ? `[${host}]` : host}:${port}`;

/** Plain values for the YAML writer: no secret, and no text that would be taken for a reference to the environment. */
function tidy(value: unknown): unknown {
  if (typeof value === "string") return escapeReferences(value);
  if (Array.isArray(value)) return value.map(tidy);
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, tidy(field)]));
}
