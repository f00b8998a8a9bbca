import type { Clock } from "../series/clock.ts";
import type { Discovery } from "../targets/discovery/discovery.ts";
import { makeDiscovery } from "../targets/discovery/index.ts";
import type { DiscoveryPorts } from "../targets/discovery/ports.ts";
import { systemDns } from "../targets/discovery/system-dns.ts";
import type { DiscoveryOptions } from "../targets/job.ts";
import { environment } from "./settings.ts";

const SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/** What discoveries need of this machine: its name servers, its search domains, its environment. */
export function discoveryPorts(clock: Clock, userAgent: string, failed: DiscoveryPorts["failed"]): DiscoveryPorts {
  return { clock, userAgent, failed, ...systemDns(), environment: environment(), serviceAccount: SERVICE_ACCOUNT };
}

/** Makes discoveries on this machine. */
export function discovering(ports: DiscoveryPorts): (options: DiscoveryOptions) => Discovery {
  return (options) => makeDiscovery(options, ports);
}
