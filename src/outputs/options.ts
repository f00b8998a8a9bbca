import type { HttpOptions, TlsOptions } from "../http/options.ts";
import type { RelabelRule } from "../series/relabel-rule.ts";
import type { SecretSource } from "../series/secret.ts";
import type { DurationMs } from "../series/time.ts";

/** One Alertmanager: where it is, and what alerts look like for it. */
export interface AlertmanagerOptions {
  /** `http://alertmanager:9093/prefix`, without `/api/v2/alerts` and without credentials. */
  readonly url: string;
  readonly timeout: DurationMs;
  readonly http: HttpOptions;
  /** After those of `alerting`, for this one alone. */
  readonly alertRelabel: readonly RelabelRule[];
}

/** One mail receiver: to whom, and through which server. */
export interface EmailOptions {
  readonly name: string;
  readonly from: string;
  readonly to: readonly string[];
  /** host:port of the mail server. */
  readonly smarthost: { readonly host: string; readonly port: number };
  /** The name we greet the server with; absent: this host's. */
  readonly hello?: string;
  readonly auth?: { readonly username: string; readonly password: SecretSource };
  /** `starttls` must succeed, `implicit` is TLS from the first byte, `opportunistic` takes what there is. */
  readonly security: "starttls" | "implicit" | "opportunistic" | "none";
  readonly tls?: TlsOptions;
  readonly timeout: DurationMs;
}

/** One webhook receiver, which gets Alertmanager's payload. */
export interface WebhookOptions {
  readonly name: string;
  /** A secret: tokens are part of many of them. */
  readonly url: SecretSource;
  readonly http: HttpOptions;
  readonly timeout: DurationMs;
  /** Alerts in one payload at most, 0 for all; the rest is counted in `truncatedAlerts`. */
  readonly maxAlerts: number;
}
