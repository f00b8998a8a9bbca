import type { SecretSource } from "../series/secret.ts";

/** How a peer is spoken to over HTTP, in Prometheus' terms (`basic_auth`, `authorization`, `tls_config`). */
export interface HttpOptions {
  readonly basicAuth?: { readonly username: string; readonly password: SecretSource };
  /** Sent as `Authorization: <type> <credentials>`; never together with `basicAuth`. */
  readonly authorization?: { readonly type: string; readonly credentials: SecretSource };
  readonly tls?: TlsOptions;
}

/** TLS of a connection. Paths are absolute; files are read anew for every connection, so that rotated ones are taken up. */
export interface TlsOptions {
  readonly caFile?: string;
  /** Our own certificate and its key, for peers that want one; both or neither. */
  readonly certFile?: string;
  readonly keyFile?: string;
  /** The name the peer's certificate must be for, where it is not the host's. */
  readonly serverName?: string;
  readonly insecureSkipVerify: boolean;
}
