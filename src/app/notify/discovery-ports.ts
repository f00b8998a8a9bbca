import { Resolver } from "node:dns/promises";
import { readFile } from "node:fs/promises";
import type { Discovery } from "../../targets/discovery/discovery.ts";
import { makeDiscovery } from "../../targets/discovery/index.ts";
import type { DiscoveryPorts } from "../../targets/discovery/ports.ts";
import type { DiscoveryOptions } from "../../targets/job.ts";
import type { Clock } from "../../targets/schedule.ts";
import { environment } from "../settings.ts";

const RESOLV_CONF = "/etc/resolv.conf";
const SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
/** For one question to one name server, which is asked twice. */
const DNS_TIMEOUT = 5_000;

/** What discoveries need of this machine: its name servers, its search domains, its environment. */
export function discoveryPorts(clock: Clock, userAgent: string, failed: DiscoveryPorts["failed"]): DiscoveryPorts {
  return {
    clock,
    userAgent,
    failed,
    resolver: new Resolver({ timeout: DNS_TIMEOUT, tries: 2 }),
    searchDomains: async () => searchDomainsIn(await readFile(RESOLV_CONF, "utf8").catch(() => "")),
    environment: environment(),
    serviceAccount: SERVICE_ACCOUNT,
  };
}

/** Makes discoveries on this machine. */
export function discovering(ports: DiscoveryPorts): (options: DiscoveryOptions) => Discovery {
  return (options) => makeDiscovery(options, ports);
}

/** The search domains a `resolv.conf` names; of several `search` and `domain` lines the last counts. */
export function searchDomainsIn(text: string): readonly string[] {
  const lines = text.split("\n").map((line) => line.trim().split(/\s+/));
  const last = lines.findLast(([word]) => word === "search" || word === "domain");
  return (last?.slice(1) ?? []).map((domain) => domain.replace(/\.$/, "")).filter((domain) => domain !== "");
}
