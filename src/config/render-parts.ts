import type { ReceiverOptions } from "../alerts/receiver.ts";
import type { HttpOptions } from "../http/options.ts";
import { maskedUrl } from "../series/masked-url.ts";
import { formatMatcher } from "../series/matchers.ts";
import type { RelabelRule } from "../series/relabel-rule.ts";
import { HIDDEN, type SecretSource } from "../series/secret.ts";
import { formatDuration } from "../series/time.ts";
import type { DiscoveryOptions } from "../targets/job.ts";
import { relabelRegexText } from "./relabel-regex.ts";
import { relabelFields } from "./schema/relabel.ts";

/** The fields of which something was said. */
export function written(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** A secret under its field's name, or the file it is in. */
export const writtenSecret = (field: string, source: SecretSource): Record<string, unknown> =>
  source.kind === "inline" ? { [field]: HIDDEN } : { [`${field}_file`]: source.path };

/** How a peer is spoken to, as the fields it was read from. */
export function writtenHttp({ basicAuth, authorization, tls }: HttpOptions): Record<string, unknown> {
  return written({
    basic_auth: basicAuth && { username: basicAuth.username, ...writtenSecret("password", basicAuth.password) },
    authorization: authorization && {
      type: authorization.type,
      ...writtenSecret("credentials", authorization.credentials),
    },
    tls_config:
      tls &&
      written({
        ca_file: tls.caFile,
        cert_file: tls.certFile,
        key_file: tls.keyFile,
        server_name: tls.serverName,
        insecure_skip_verify: tls.insecureSkipVerify,
      }),
  });
}

/** A step of relabelling with the fields its action reads. */
export function writtenRelabel(rule: RelabelRule): Record<string, unknown> {
  const fields: Readonly<Record<string, unknown>> = {
    source_labels: rule.sourceLabels,
    separator: rule.separator,
    regex: relabelRegexText(rule.regex),
    modulus: rule.modulus,
    target_label: rule.targetLabel,
    replacement: rule.replacement,
  };
  const read = relabelFields(rule.action).map((field): [string, unknown] => [field, fields[field]]);
  return { action: rule.action, ...Object.fromEntries(read) };
}

/** Which alerts a receiver is told of, as the fields it was read from. */
export const writtenReceiver = (receiver: ReceiverOptions): Record<string, unknown> =>
  written({
    match: receiver.match.length === 0 ? undefined : receiver.match.map(formatMatcher),
    send_resolved: receiver.sendResolved,
    group_by: receiver.groupBy,
    group_wait: formatDuration(receiver.groupWait),
    group_interval: formatDuration(receiver.groupInterval),
    repeat_interval: formatDuration(receiver.repeatInterval),
  });

/** Discoveries as the lists they were read from. */
export function writtenDiscoveries(discoveries: readonly DiscoveryOptions[]): Record<string, unknown> {
  const lists = new Map<string, unknown[]>();
  for (const discovery of discoveries) {
    const [field, value] = writtenDiscovery(discovery);
    lists.set(field, [...(lists.get(field) ?? []), value]);
  }
  return Object.fromEntries(lists);
}

function writtenDiscovery(discovery: DiscoveryOptions): [field: string, value: object] {
  switch (discovery.kind) {
    case "static":
      return ["static_configs", { targets: discovery.targets, labels: discovery.labels.toJSON() }];
    case "file":
      return [
        "file_sd_configs",
        { files: discovery.files, refresh_interval: formatDuration(discovery.refreshInterval) },
      ];
    case "http": {
      const { url, refreshInterval, http } = discovery;
      return [
        "http_sd_configs",
        { url: maskedUrl(url), refresh_interval: formatDuration(refreshInterval), ...writtenHttp(http) },
      ];
    }
    case "dns": {
      const { names, type, port, refreshInterval } = discovery;
      const refresh_interval = formatDuration(refreshInterval);
      return ["dns_sd_configs", written({ names, type, port: port === 0 ? undefined : port, refresh_interval })];
    }
    case "kubernetes": {
      const { role, apiServer, namespaces, selectors, http } = discovery;
      const own = { names: namespaces.names, own_namespace: namespaces.ownNamespace };
      const fields = { role, api_server: apiServer, namespaces: own, selectors, ...writtenHttp(http) };
      return ["kubernetes_sd_configs", written(fields)];
    }
  }
}
