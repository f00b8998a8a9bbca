import { isIPv6 } from "node:net";
import { Labels } from "../../series/labels.ts";
import { printable } from "../../telemetry/printable.ts";
import type { DnsDiscoveryOptions } from "../job.ts";
import type { Discovery, TargetGroup } from "./discovery.ts";
import type { DiscoveryPorts, DnsResolver } from "./ports.ts";
import { Rounds } from "./rounds.ts";

/** Targets that names resolve to. A name that nobody has answered for keeps its targets; one that has none loses them. */
export class DnsDiscovery implements Discovery {
  readonly #options: DnsDiscoveryOptions;
  readonly #ports: DiscoveryPorts;
  readonly #resolver: DnsResolver;
  readonly #rounds: Rounds;
  readonly #groups = new Map<string, TargetGroup>();
  #announced: string | undefined;
  #found: (groups: readonly TargetGroup[]) => void = () => {};

  constructor(options: DnsDiscoveryOptions, ports: DiscoveryPorts) {
    this.#options = options;
    this.#ports = ports;
    this.#resolver = ports.resolver();
    this.#rounds = new Rounds(ports.clock, async (signal) => {
      await this.#look(signal);
      return options.refreshInterval;
    });
  }

  start(found: (groups: readonly TargetGroup[]) => void): void {
    this.#found = found;
    this.#rounds.start();
  }

  async stop(): Promise<void> {
    const stopped = this.#rounds.stop();
    // A name server that does not answer would hold up the end for many seconds.
    this.#resolver.cancel();
    await stopped;
  }

  async #look(signal: AbortSignal): Promise<void> {
    const domains = await this.#ports.searchDomains();
    await Promise.all(this.#options.names.map((name) => this.#lookUp(name, domains, signal)));
    // What nobody has answered for is not known to be empty.
    if (signal.aborted || this.#groups.size === 0) return;
    const groups = [...this.#groups.values()];
    const text = groups.map(({ source, targets }) => [source, ...targets.map(({ key }) => key)].join("\n")).join("\n");
    if (text === this.#announced) return;
    this.#announced = text;
    this.#found(groups);
  }

  /** Asks for a name as it is and then in the search domains, until there is an answer with something in it. */
  async #lookUp(name: string, domains: readonly string[], signal: AbortSignal): Promise<void> {
    let failure: string | undefined;
    for (const candidate of name.endsWith(".") ? [name] : [name, ...domains.map((domain) => `${name}.${domain}`)]) {
      if (signal.aborted) return;
      try {
        const targets = await this.#resolve(candidate.replace(/\.$/, ""), name);
        if (targets.length === 0) continue;
        this.#groups.set(name, { source: name, targets: targets.sort((a, b) => (a.key < b.key ? -1 : 1)) });
        return;
      } catch (error) {
        const code = String((error as NodeJS.ErrnoException).code);
        if (code !== "ENOTFOUND" && code !== "ENODATA") failure ??= `${code}, asking for ${candidate}`;
      }
    }
    if (signal.aborted) return;
    if (failure === undefined) this.#groups.set(name, { source: name, targets: [] });
    else this.#ports.failed("dns", `Cannot look up "${printable(name, 300)}": ${printable(failure, 300)}`);
  }

  async #resolve(candidate: string, name: string): Promise<Labels[]> {
    const { type, port } = this.#options;
    const resolver = this.#resolver;
    if (type === "SRV") {
      const records = await resolver.resolveSrv(candidate);
      return records.map(({ name: host, port: at }) => {
        // With the dot of a full name, as in Prometheus.
        const target = `${host.replace(/\.$/, "")}.`;
        const meta = { __meta_dns_srv_record_target: target, __meta_dns_srv_record_port: String(at) };
        return found(name, host.replace(/\.$/, ""), at).with(meta);
      });
    }
    const addresses = await (type === "A" ? resolver.resolve4(candidate) : resolver.resolve6(candidate));
    return addresses.map((address) => found(name, address, port));
  }
}

function found(name: string, host: string, port: number): Labels {
  return Labels.of({ __meta_dns_name: name, __address__: `${isIPv6(host) ? `[${host}]` : host}:${port}` });
}
