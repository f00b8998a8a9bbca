import type { z } from "zod";
import { HttpClient } from "../../http/http-client.ts";
import { Unprepared } from "../../http/unprepared.ts";
import { durationMs, SECOND } from "../../series/time.ts";
import type { KubernetesDiscoveryOptions } from "../job.ts";
import type { Discovery, TargetGroup } from "./discovery.ts";
import { type KubernetesAccess, kubernetesAccess } from "./kubernetes-access.ts";
import {
  type Endpoints,
  endpoints,
  fullName,
  type Metadata,
  type Pod,
  pod,
  type Service,
  service,
} from "./kubernetes-objects.ts";
import { endpointsGroup, podGroup } from "./kubernetes-targets.ts";
import { KubernetesWatch } from "./kubernetes-watch.ts";
import type { DiscoveryPorts } from "./ports.ts";
import { Rounds } from "./rounds.ts";
import { loadOf, MAX_KUBERNETES_WEIGHT, tooMuch } from "./weight.ts";

/** Changes come in flurries: a rollout touches every pod several times. They are dealt with once a second. */
const SETTLE = SECOND;
const RETRY = durationMs(30 * SECOND);

/** One kind of object, watched in each namespace. */
type Watches<T> = readonly KubernetesWatch<T>[];

/** Pods, or the endpoints of services, of a Kubernetes cluster, followed through its API. */
export class KubernetesDiscovery implements Discovery {
  readonly #options: KubernetesDiscoveryOptions;
  readonly #ports: DiscoveryPorts;
  readonly #setUp: Rounds;
  #client: HttpClient | undefined;
  #pods: Watches<Pod> = [];
  #endpoints: Watches<Endpoints> = [];
  #services: Watches<Service> = [];
  #found: (groups: readonly TargetGroup[]) => void = () => {};
  #cancel: (() => void) | undefined;
  #announced = false;

  constructor(options: KubernetesDiscoveryOptions, ports: DiscoveryPorts) {
    this.#options = options;
    this.#ports = ports;
    // Once the watches run there is nothing left to set up, and a round costs nothing.
    this.#setUp = new Rounds(ports.clock, async (signal) => {
      if (this.#client === undefined) await this.#begin(signal);
      return RETRY;
    });
  }

  start(found: (groups: readonly TargetGroup[]) => void): void {
    this.#found = found;
    this.#setUp.start();
  }

  async stop(): Promise<void> {
    await this.#setUp.stop();
    this.#cancel?.();
    await Promise.all(this.#all().map((watch) => watch.stop()));
    this.#cancel?.();
    await this.#client?.close();
  }

  async #begin(signal: AbortSignal): Promise<void> {
    try {
      const access = await kubernetesAccess(this.#options, this.#ports);
      if (!signal.aborted) this.#watch(access);
    } catch (error) {
      if (!(error instanceof Unprepared)) throw error;
      this.#ports.failed("kubernetes", error.message);
    }
  }

  #watch(access: KubernetesAccess): void {
    const client = new HttpClient(access.http, this.#ports.userAgent);
    this.#client = client;
    const watch = <T extends { readonly metadata: Metadata }>(collection: Collection, schema: z.ZodType<T>) =>
      access.namespaces.map(
        (namespace) =>
          new KubernetesWatch({
            client,
            clock: this.#ports.clock,
            url: this.#urlOf(access.server, namespace, collection),
            schema,
            nameOf: ({ metadata }) => fullName(metadata),
            changed: () => this.#changed(),
            failed: (why) => this.#ports.failed("kubernetes", why),
          }),
      );
    this.#pods = watch("pods", pod);
    if (this.#options.role === "endpoints") {
      this.#endpoints = watch("endpoints", endpoints);
      this.#services = watch("services", service);
    }
    for (const one of this.#all()) one.start();
  }

  #urlOf(server: string, namespace: string, collection: Collection): URL {
    const within = namespace === "" ? "" : `namespaces/${encodeURIComponent(namespace)}/`;
    const url = new URL(`${server}/api/v1/${within}${collection}`);
    const selector = this.#options.selectors.find(({ role }) => role === ROLES[collection]);
    if (selector !== undefined && selector.label !== "") url.searchParams.set("labelSelector", selector.label);
    if (selector !== undefined && selector.field !== "") url.searchParams.set("fieldSelector", selector.field);
    return url;
  }

  #all(): readonly KubernetesWatch<unknown>[] {
    return [...this.#pods, ...this.#endpoints, ...this.#services] as readonly KubernetesWatch<unknown>[];
  }

  #changed(): void {
    if (this.#cancel !== undefined || this.#all().some(({ items }) => items === undefined)) return;
    if (!this.#announced) this.#announce();
    else {
      this.#cancel = this.#ports.clock.setTimer(SETTLE, () => {
        this.#cancel = undefined;
        this.#announce();
      });
    }
  }

  #announce(): void {
    this.#announced = true;
    const pods = merged(this.#pods);
    const services = merged(this.#services);
    const behind = [...merged(this.#endpoints)].map(
      ([name, one]) =>
        () =>
          endpointsGroup(one, services.get(name), (podName) => pods.get(podName)),
    );
    this.#found(built(this.#options.role === "pod" ? [...pods.values()].map((one) => () => podGroup(one)) : behind));
  }
}

/** The groups, up to the one that is too much. */
function built(makers: readonly (() => TargetGroup)[]): readonly TargetGroup[] {
  const groups: TargetGroup[] = [];
  let [targets, weight] = [0, 0];
  for (const make of makers) {
    if (tooMuch({ targets, weight }, MAX_KUBERNETES_WEIGHT) !== undefined) break;
    const group = make();
    const load = loadOf([group]);
    targets += load.targets;
    weight += load.weight;
    groups.push(group);
  }
  return groups;
}

type Collection = "pods" | "endpoints" | "services";

/** Whose selector a collection is asked for with; services have none. */
const ROLES: Readonly<Record<Collection, string>> = { pods: "pod", endpoints: "endpoints", services: "" };

const merged = <T>(watches: Watches<T>): Map<string, T> => new Map(watches.flatMap(({ items }) => [...(items ?? [])]));
