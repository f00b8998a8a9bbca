import type { ReceiverOptions } from "../alerts/receiver.ts";
import type { HttpOptions } from "../http/options.ts";
import type { EmailOptions, WebhookOptions } from "../outputs/options.ts";
import type { RelabelRule } from "../series/relabel-rule.ts";
import type { DurationMs } from "../series/time.ts";
import type { DnsDiscoveryOptions, FileDiscoveryOptions, StaticDiscoveryOptions } from "../targets/job.ts";

/** Alertmanagers that are found and spoken to in one way. */
export interface AlertmanagerGroup {
  readonly scheme: "http" | "https";
  /** What stands before `/api/v2/alerts`, without a slash at its end: "" or "/alertmanager". */
  readonly pathPrefix: string;
  /** How long one request may take. */
  readonly timeout: DurationMs;
  readonly http: HttpOptions;
  /** What becomes of addresses that were found. */
  readonly relabel: readonly RelabelRule[];
  /** What becomes of alerts for these alone, after the rules of `alerting`. */
  readonly alertRelabel: readonly RelabelRule[];
  readonly discoveries: readonly (StaticDiscoveryOptions | FileDiscoveryOptions | DnsDiscoveryOptions)[];
}

/** A mail output and which alerts go to it. */
export type EmailOutput = EmailOptions & { readonly receiver: ReceiverOptions };

/** A webhook output and which alerts go to it. */
export type WebhookOutput = WebhookOptions & { readonly receiver: ReceiverOptions };

/** Whether notifications become log lines, and of which alerts. */
export interface LogOutput {
  readonly enabled: boolean;
  readonly receiver: ReceiverOptions;
}
