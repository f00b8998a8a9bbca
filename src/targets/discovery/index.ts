import type { DiscoveryOptions } from "../job.ts";
import type { Discovery, TargetGroup } from "./discovery.ts";
import { DnsDiscovery } from "./dns.ts";
import { FileDiscovery } from "./file.ts";
import { HttpDiscovery } from "./http.ts";
import { KubernetesDiscovery } from "./kubernetes.ts";
import type { DiscoveryPorts } from "./ports.ts";
import { StaticDiscovery } from "./static.ts";

/** Targets that one discovery may find. */
const MAX_TARGETS = 20_000;

type Kind = DiscoveryOptions["kind"];

/** Every way of finding targets. */
const DISCOVERIES: {
  readonly [K in Kind]: new (
    options: Extract<DiscoveryOptions, { kind: K }>,
    ports: DiscoveryPorts,
  ) => Discovery;
} = {
  static: StaticDiscovery,
  file: FileDiscovery,
  http: HttpDiscovery,
  dns: DnsDiscovery,
  kubernetes: KubernetesDiscovery,
};

/** Makes the discovery that options ask for; it finds nothing before it is started, and never more than 20,000 targets. */
export function makeDiscovery<K extends Kind>(
  options: Extract<DiscoveryOptions, { kind: K }>,
  ports: DiscoveryPorts,
): Discovery {
  const discovery = new DISCOVERIES[options.kind as K](options, ports);
  return {
    start: (found) => discovery.start((groups) => found(bounded(groups, (why) => ports.failed(options.kind, why)))),
    stop: () => discovery.stop(),
  };
}

function bounded(groups: readonly TargetGroup[], failed: (why: string) => void): readonly TargetGroup[] {
  const total = groups.reduce((sum, { targets }) => sum + targets.length, 0);
  if (total <= MAX_TARGETS) return groups;
  failed(`Cannot use ${total} targets: expected at most ${MAX_TARGETS}; the rest is left out`);
  let room = MAX_TARGETS;
  return groups.map(({ source, targets }) => {
    const kept = targets.slice(0, room);
    room -= kept.length;
    return { source, targets: kept };
  });
}
