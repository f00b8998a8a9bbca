import type { StaticDiscoveryOptions } from "../job.ts";
import type { Discovery, TargetGroup } from "./discovery.ts";

/** Addresses that are known beforehand: found before `start` returns, once. */
export class StaticDiscovery implements Discovery {
  readonly #options: StaticDiscoveryOptions;

  constructor(options: StaticDiscoveryOptions) {
    this.#options = options;
  }

  start(found: (groups: readonly TargetGroup[]) => void): void {
    const { targets, labels } = this.#options;
    found([{ source: "static", targets: targets.map((address) => labels.with({ __address__: address })) }]);
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
