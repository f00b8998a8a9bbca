import type { Discovery, TargetGroup } from "../../../src/targets/discovery/discovery.ts";
import type { DiscoveryPorts, DnsResolver } from "../../../src/targets/discovery/ports.ts";
import { HandClock } from "../hand-clock.ts";

/** Ports that remember what they were told; nothing in them knows the outside. */
export class TestPorts implements DiscoveryPorts {
  readonly clock = new HandClock();
  readonly userAgent = "triton-sentinel/test";
  readonly failures: string[] = [];
  readonly environment = new Map<string, string>();
  serviceAccount = "/nowhere";
  domains: readonly string[] = [];
  resolver = (): DnsResolver => ({
    resolveSrv: () => Promise.resolve([]),
    resolve4: () => Promise.resolve([]),
    resolve6: () => Promise.resolve([]),
    cancel: () => {},
  });
  #heard: (() => void)[] = [];

  failed(kind: string, why: string): void {
    this.failures.push(`${kind}: ${why}`);
    for (const heard of this.#heard.splice(0)) heard();
  }

  searchDomains(): Promise<readonly string[]> {
    return Promise.resolve(this.domains);
  }

  /** Resolves with the next failure. */
  async failure(): Promise<string> {
    await new Promise<void>((resolve) => this.#heard.push(resolve));
    return this.failures.at(-1) ?? "";
  }
}

/** What a discovery has found, look after look. */
export class Finds {
  readonly all: (readonly TargetGroup[])[] = [];
  #heard: (() => void)[] = [];

  constructor(discovery: Discovery) {
    discovery.start((groups) => {
      this.all.push(groups);
      for (const heard of this.#heard.splice(0)) heard();
    });
  }

  /** The labels of all targets of the newest find. */
  get targets(): Record<string, string>[] {
    return (this.all.at(-1) ?? []).flatMap(({ targets }) => targets.map((labels) => labels.toJSON()));
  }

  get addresses(): (string | undefined)[] {
    return this.targets.map((labels) => labels["__address__"]);
  }

  /** Resolves once so many finds were told. */
  async count(times: number): Promise<void> {
    while (this.all.length < times) await new Promise<void>((resolve) => this.#heard.push(resolve));
  }
}
