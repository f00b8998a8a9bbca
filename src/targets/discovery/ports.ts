import type { Clock } from "../../series/clock.ts";
import type { DiscoveryOptions } from "../job.ts";

/** What discoveries need of the outside. */
export interface DiscoveryPorts {
  readonly clock: Clock;
  /** How we introduce ourselves to HTTP servers. */
  readonly userAgent: string;
  /** Told when a look for targets fails; the targets there were stay. */
  failed(kind: DiscoveryOptions["kind"], why: string): void;
  /** Makes what asks name servers, one for whoever asks, so that it can call off its own questions. */
  resolver(): DnsResolver;
  /** Domains in which a name that does not end in a dot is looked for as well, as in /etc/resolv.conf. */
  searchDomains(): Promise<readonly string[]>;
  /** The process's environment: in a pod it says where the API server is. */
  readonly environment: ReadonlyMap<string, string>;
  /** The folder in which a pod finds its token, its namespace and the API server's CA. */
  readonly serviceAccount: string;
}

/** The part of `node:dns/promises`' resolver that is asked. */
export interface DnsResolver {
  resolveSrv(name: string): Promise<readonly { readonly name: string; readonly port: number }[]>;
  resolve4(name: string): Promise<readonly string[]>;
  resolve6(name: string): Promise<readonly string[]>;
  /** Ends the questions under way; they are rejected. */
  cancel(): void;
}
