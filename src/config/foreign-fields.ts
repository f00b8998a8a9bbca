import type { Mistake } from "../documents/mistakes.ts";

const NOT_STORED = "samples are kept in memory here and sent nowhere";
const ALERTMANAGER = "it belongs to an Alertmanager's own configuration; here receivers are named under outputs";
const BEARER = "write authorization: { credentials_file: … }";
const ONLY_SOME = "of the ways to find targets there are static, file, http, dns and kubernetes";
const RECEIVERS = "send to it through an Alertmanager, or by a webhook";

/** Fields of Prometheus' and Alertmanager's files that this program does not have, and what to do instead. */
const FOREIGN: ReadonlyMap<string, string> = new Map([
  ["remote_write", NOT_STORED],
  ["remote_read", NOT_STORED],
  ["tsdb", NOT_STORED],
  ["exemplars", "exemplars are not read"],
  ["tracing", "there is no tracing"],
  ["otlp", "metrics are read from Prometheus pages only"],
  ["runtime", "the runtime takes no settings"],
  ["scrape_config_files", "scrape configs stand in this file; targets may come from file_sd_configs"],
  ["query_log_file", "queries are not logged"],
  ["rule_query_offset", "write query_offset in a rule group"],
  ["params", "set labels __param_<name> in static_configs or relabel_configs"],
  ["follow_redirects", "redirects are never followed"],
  ["enable_http2", "HTTP/1.1 is spoken"],
  ["enable_compression", "gzip is always offered"],
  ["proxy_url", "targets are asked directly"],
  ["proxy_from_environment", "targets are asked directly"],
  ["no_proxy", "targets are asked directly"],
  ["oauth2", "use authorization with credentials_file"],
  ["sigv4", "use authorization with credentials_file"],
  ["http_headers", "use authorization for the Authorization header; there are no others"],
  ["http_config", "write basic_auth, authorization and tls_config here, without http_config"],
  ["bearer_token", BEARER],
  ["bearer_token_file", BEARER],
  ["username_file", "write username"],
  ["honor_timestamps", "samples get the time of their scrape"],
  ["track_timestamps_staleness", "samples get the time of their scrape"],
  ["scrape_protocols", "the text format is asked for"],
  ["fallback_scrape_protocol", "the text format is read whatever the page calls itself"],
  ["scrape_fallback_protocol", "the text format is read whatever the page calls itself"],
  ["scrape_classic_histograms", "classic histograms are always read"],
  ["always_scrape_classic_histograms", "classic histograms are always read"],
  ["scrape_native_histograms", "native histograms are not read"],
  ["native_histogram_bucket_limit", "native histograms are not read"],
  ["native_histogram_min_bucket_factor", "native histograms are not read"],
  ["label_limit", "there are body_size_limit, sample_limit and label_value_length_limit"],
  ["label_name_length_limit", "there are body_size_limit, sample_limit and label_value_length_limit"],
  ["target_limit", "there are body_size_limit, sample_limit and label_value_length_limit"],
  ["keep_dropped_targets", "dropped targets are always kept for the API, up to a bound"],
  ["metric_name_validation_scheme", "names are read as they stand on the page"],
  ["metric_name_escaping_scheme", "names are read as they stand on the page"],
  ["min_version", "the system's oldest TLS version holds"],
  ["max_version", "the system's newest TLS version holds"],
  ["consul_sd_configs", ONLY_SOME],
  ["ec2_sd_configs", ONLY_SOME],
  ["gce_sd_configs", ONLY_SOME],
  ["azure_sd_configs", ONLY_SOME],
  ["docker_sd_configs", ONLY_SOME],
  ["dockerswarm_sd_configs", ONLY_SOME],
  ["nomad_sd_configs", ONLY_SOME],
  ["route", ALERTMANAGER],
  ["receivers", ALERTMANAGER],
  ["inhibit_rules", ALERTMANAGER],
  ["time_intervals", ALERTMANAGER],
  ["templates", ALERTMANAGER],
  ["slack", RECEIVERS],
  ["pagerduty", RECEIVERS],
  ["opsgenie", RECEIVERS],
  ["teams", RECEIVERS],
  ["auth_secret", "use auth_password or auth_password_file"],
  ["auth_identity", "use auth_username"],
  ["headers", "mails have the headers they need"],
]);

const UNKNOWN = /unknown field "([a-z0-9_]+)"(?:, did you mean .*)?$/;

/** Says of unknown fields that people know from Prometheus what there is in their place. */
export function explainForeignFields(mistakes: readonly Mistake[]): readonly Mistake[] {
  return mistakes.map((mistake) => {
    const field = UNKNOWN.exec(mistake.message)?.[1] ?? "";
    const instead = FOREIGN.get(field);
    if (instead === undefined) return mistake;
    return { ...mistake, message: mistake.message.replace(UNKNOWN, `unknown field "${field}": ${instead}`) };
  });
}
