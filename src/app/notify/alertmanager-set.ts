import type { OutgoingAlert } from "../../alerts/outgoing.ts";
import type { Telling } from "../../alerts/resends.ts";
import { type OutgoingContext, toOutgoing } from "../../alerts/to-outgoing.ts";
import type { AlertmanagerGroup } from "../../config/deliveries.ts";
import { HttpClient } from "../../http/http-client.ts";
import { ALERT_PACKING, AlertmanagerOutput } from "../../outputs/alertmanager.ts";
import { Delivery } from "../../outputs/delivery.ts";
import { ALERTMANAGER_POLICY, type OutputName } from "../../outputs/delivery-ports.ts";
import { type DurationMs, durationMs, SECOND } from "../../series/time.ts";
import type { Discovery, TargetGroup } from "../../targets/discovery/discovery.ts";
import { alertmanagerUrl } from "./alertmanager-url.ts";
import type { NotifyPorts } from "./notify-settings.ts";

/** Alertmanagers one group may find; a name server gone mad must not make us tell the whole world. */
const MAX_ALERTMANAGERS = 100;
/** How long one that is gone may still take what it was to get. */
const GRACE = durationMs(10 * SECOND);

/** Who is told what becomes of the Alertmanagers of a set. */
interface SetObserver {
  /** Some came or went. @param added whether any came */
  changed(added: boolean): void;
  /** The last was delivered to one that went. */
  gone(output: OutputName): void;
}

/** Alertmanagers that are found in one way, and the delivery to each of them. */
export class AlertmanagerSet {
  readonly group: AlertmanagerGroup;
  /** Replaced on reload. */
  context: OutgoingContext;
  readonly #ports: NotifyPorts;
  readonly #observer: SetObserver;
  readonly #discoveries: readonly Discovery[];
  readonly #found = new Map<Discovery, readonly TargetGroup[]>();
  readonly #deliveries = new Map<string, Delivery<readonly OutgoingAlert[]>>();
  readonly #leaving = new Set<Promise<void>>();
  #stopped = false;

  constructor(group: AlertmanagerGroup, context: OutgoingContext, ports: NotifyPorts, observer: SetObserver) {
    this.group = group;
    this.context = context;
    this.#ports = ports;
    this.#observer = observer;
    this.#discoveries = group.discoveries.map((options) => ports.discover(options));
  }

  /** Begins to look for them. */
  start(): void {
    for (const discovery of this.#discoveries) {
      discovery.start((groups) => {
        if (this.#stopped) return;
        this.#found.set(discovery, groups);
        this.#update();
      });
    }
  }

  /** Sends alerts to each. */
  deliver(tellings: readonly Telling[]): void {
    if (this.#deliveries.size === 0) return;
    const alerts = tellings.flatMap((telling) => toOutgoing(telling, this.context) ?? []);
    if (alerts.length === 0) return;
    for (const delivery of this.#deliveries.values()) delivery.deliver(alerts);
  }

  deliveries(): Iterable<Delivery<readonly OutgoingAlert[]>> {
    return this.#deliveries.values();
  }

  get size(): number {
    return this.#deliveries.size;
  }

  /** Looks no more, and ends each delivery as `Delivery.stop` does. */
  async stop(grace: DurationMs): Promise<void> {
    this.#stopped = true;
    const looking = this.#discoveries.map((discovery) => discovery.stop());
    for (const url of [...this.#deliveries.keys()]) this.#remove(url, grace);
    await Promise.all([...looking, ...this.#leaving]);
  }

  #update(): void {
    const urls = new Set<string>();
    for (const groups of this.#found.values()) {
      for (const labels of groups.flatMap(({ targets }) => targets)) {
        const found = alertmanagerUrl(labels, this.group);
        const address = labels.get("__address__") ?? "";
        if (found.kind === "dropped") this.#ports.observer.alertmanagerDropped(address, found.why);
        else if (urls.size < MAX_ALERTMANAGERS || urls.has(found.url)) urls.add(found.url);
        else this.#ports.observer.alertmanagerDropped(address, `there are ${MAX_ALERTMANAGERS} already`);
      }
    }
    for (const url of [...this.#deliveries.keys()]) if (!urls.has(url)) this.#remove(url, GRACE);
    const added = [...urls].filter((url) => !this.#deliveries.has(url));
    for (const url of added) this.#deliveries.set(url, this.#delivery(url));
    this.#observer.changed(added.length > 0);
  }

  #delivery(url: string): Delivery<readonly OutgoingAlert[]> {
    const output = makeAlertmanager(url, this.group, this.#ports.userAgent);
    const policy = { ...ALERTMANAGER_POLICY, attemptTimeout: durationMs(this.group.timeout + SECOND) };
    this.#ports.observer.outputKnown(output, policy.capacity);
    return new Delivery(output, ALERT_PACKING, policy, this.#ports);
  }

  #remove(url: string, grace: DurationMs): void {
    const delivery = this.#deliveries.get(url);
    if (delivery === undefined) return;
    this.#deliveries.delete(url);
    const leaving = delivery.stop(grace).then(() => {
      this.#leaving.delete(leaving);
      this.#observer.gone(delivery.output);
    });
    this.#leaving.add(leaving);
  }
}

/** An Alertmanager of a group, as an output. */
export function makeAlertmanager(
  url: string,
  { timeout, http, alertRelabel }: AlertmanagerGroup,
  userAgent: string,
): AlertmanagerOutput {
  return new AlertmanagerOutput({ url, timeout, http, alertRelabel }, new HttpClient(http, userAgent));
}
