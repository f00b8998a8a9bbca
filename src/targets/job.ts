import type { HttpOptions } from "../http/options.ts";
import type { Labels } from "../series/labels.ts";
import type { RelabelRule } from "../series/relabel-rule.ts";
import type { DurationMs } from "../series/time.ts";

/** A scrape config with every default filled in: which targets there are and how each is scraped. */
export interface ScrapeJob {
  readonly jobName: string;
  readonly scheme: "http" | "https";
  readonly metricsPath: string;
  readonly scrapeInterval: DurationMs;
  readonly scrapeTimeout: DurationMs;
  /** In bytes, after decompression. */
  readonly bodySizeLimit: number;
  readonly sampleLimit: number;
  /** In bytes. */
  readonly labelValueLengthLimit: number;
  /** Whether a page's own labels win over the target's. */
  readonly honorLabels: boolean;
  readonly http: HttpOptions;
  readonly relabel: readonly RelabelRule[];
  readonly metricRelabel: readonly RelabelRule[];
  readonly discoveries: readonly DiscoveryOptions[];
}

/** Where targets are looked for. A new way is one member here, one file beside `discovery/` and one word in its registry. */
export type DiscoveryOptions =
  | StaticDiscoveryOptions
  | FileDiscoveryOptions
  | HttpDiscoveryOptions
  | DnsDiscoveryOptions
  | KubernetesDiscoveryOptions;

/** Addresses that are known beforehand. */
export interface StaticDiscoveryOptions {
  readonly kind: "static";
  readonly targets: readonly string[];
  readonly labels: Labels;
}

/** Files of groups in JSON or YAML, as others write them. */
export interface FileDiscoveryOptions {
  readonly kind: "file";
  /** Absolute; the last path segment may hold `*`. */
  readonly files: readonly string[];
  readonly refreshInterval: DurationMs;
}

/** A server that answers with groups in JSON. */
export interface HttpDiscoveryOptions {
  readonly kind: "http";
  readonly url: string;
  readonly refreshInterval: DurationMs;
  readonly http: HttpOptions;
}

/** Names that resolve to targets. */
export interface DnsDiscoveryOptions {
  readonly kind: "dns";
  readonly names: readonly string[];
  readonly type: "SRV" | "A" | "AAAA";
  /** For A and AAAA; SRV records bring their own. */
  readonly port: number;
  readonly refreshInterval: DurationMs;
}

/** Pods or endpoints of a Kubernetes cluster. */
export interface KubernetesDiscoveryOptions {
  readonly kind: "kubernetes";
  readonly role: "pod" | "endpoints";
  /** Absent inside the cluster: then the pod's own service account is used. */
  readonly apiServer?: string;
  readonly namespaces: { readonly names: readonly string[]; readonly ownNamespace: boolean };
  readonly selectors: readonly { readonly role: "pod" | "endpoints"; readonly label: string; readonly field: string }[];
  readonly http: HttpOptions;
}
