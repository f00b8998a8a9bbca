import type { DiscoveryOptions } from "../job.ts";
import type { Discovery, TargetGroup } from "./discovery.ts";
import { DnsDiscovery } from "./dns.ts";
import { FileDiscovery } from "./file.ts";
import { HttpDiscovery } from "./http.ts";
import { KubernetesDiscovery } from "./kubernetes.ts";
import type { DiscoveryPorts } from "./ports.ts";
import { StaticDiscovery } from "./static.ts";
import { loadOf, MAX_KUBERNETES_WEIGHT, MAX_TARGETS, MAX_WEIGHT, targetWeight, tooMuch } from "./weight.ts";

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

/** Makes the discovery that options ask for; it finds nothing before it is started, and never more than anybody can watch. */
export function makeDiscovery<K extends Kind>(
  options: Extract<DiscoveryOptions, { kind: K }>,
  ports: DiscoveryPorts,
): Discovery {
  const discovery = new DISCOVERIES[options.kind as K](options, ports);
  const most = options.kind === "kubernetes" ? MAX_KUBERNETES_WEIGHT : MAX_WEIGHT;
  let told = "";
  const cut = (why: string): void => {
    if (why !== told && why !== "") ports.failed(options.kind, why);
    told = why;
  };
  return {
    start: (found) => discovery.start((groups) => found(bounded(groups, most, cut))),
    stop: () => discovery.stop(),
  };
}

/**
 * The groups, as far as there is room for their targets.
 * @param most what they may weigh
 * @param cut told why something is left out; "" where nothing is
 */
function bounded(groups: readonly TargetGroup[], most: number, cut: (why: string) => void): readonly TargetGroup[] {
  const why = tooMuch(loadOf(groups), most);
  cut(why === undefined ? "" : `${why}; the rest is left out`);
  if (why === undefined) return groups;
  let [targets, weight] = [0, 0];
  return groups.map(({ source, targets: all }) => {
    const kept = all.filter((labels) => {
      weight += targetWeight(labels);
      return ++targets <= MAX_TARGETS && weight <= most;
    });
    return { source, targets: kept };
  });
}
