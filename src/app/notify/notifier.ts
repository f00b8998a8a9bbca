import { type BegunAlert, type FiringAlert, Inhibition } from "../../alerts/inhibition.ts";
import { type PresentAlert, Resends, type Telling } from "../../alerts/resends.ts";
import { identityOf, type OutgoingContext, toOutgoing } from "../../alerts/to-outgoing.ts";
import type { AlertmanagerGroup } from "../../config/deliveries.ts";
import type { MonitorEvent } from "../../monitor/events.ts";
import type { World } from "../../monitor/world.ts";
import type { DeliveryStatus } from "../../outputs/delivery.ts";
import type { OutputName } from "../../outputs/delivery-ports.ts";
import type { Labels } from "../../series/labels.ts";
import { type DurationMs, durationMs, type EpochMs, SECOND } from "../../series/time.ts";
import { stableText } from "../../targets/stable-text.ts";
import type { ApiOutput } from "../../web/api-types.ts";
import { AlertmanagerSet } from "./alertmanager-set.ts";
import { type ConfiguredReceiver, configuredReceivers } from "./make-receivers.ts";
import { contextOf, type NotifyPorts, type NotifySettings } from "./notify-settings.ts";
import { Receiver } from "./receiver.ts";

/** How long outputs that a reload took away may still take what they were to get. */
const GRACE = durationMs(30 * SECOND);

/**
 * Tells the outputs what the world's alerts do. `tell` only decides and queues: sending happens on its own time, so that no
 * output, however slow, holds up the steps.
 */
export class Notifier {
  #settings: NotifySettings;
  readonly #ports: NotifyPorts;
  readonly #resends: Resends;
  #context: OutgoingContext;
  /** By the text of their options. */
  #alertmanagers = new Map<string, AlertmanagerSet>();
  #receivers = new Map<string, Receiver>();
  readonly #leaving = new Set<Promise<void>>();
  #stopped = false;

  constructor(settings: NotifySettings, ports: NotifyPorts) {
    this.#settings = settings;
    this.#ports = ports;
    this.#resends = new Resends(timesOf(settings));
    this.#context = contextOf(settings);
    this.#install();
  }

  /** Tells what a step did. @param now the step's time */
  tell(events: readonly MonitorEvent[], world: Pick<World, "ruleStates">, now: EpochMs): void {
    if (this.#stopped || this.#alertmanagers.size + this.#receivers.size === 0) return;
    const transitions = events.flatMap((event) => (event.kind === "transition" ? [event.transition] : []));
    const tellings = this.#resends.due(transitions, presentAlerts(world), now);
    if (tellings.length > 0) for (const set of this.#alertmanagers.values()) set.deliver(tellings);
    const heard = this.#receivers.size === 0 ? [] : tellings.flatMap((telling) => this.#heard(telling));
    if (this.#receivers.size === 0) return;
    const inhibition = this.#inhibition(world);
    const isInhibited = (alert: BegunAlert) => inhibition.by(alert) !== undefined;
    for (const receiver of this.#receivers.values()) receiver.take(heard, now, isInhibited);
  }

  /** Tells the labels of the alert that keeps back another one; for views. */
  inhibitedBy(world: Pick<World, "ruleStates">): (own: Labels, firedAt: EpochMs) => Labels | undefined {
    const inhibition = this.#inhibition(world);
    return (own, firedAt) => {
      const labels = identityOf(own, this.#context)?.labels;
      return labels && inhibition.by({ labels, startsAt: firedAt })?.own;
    };
  }

  /** Takes another configuration. Outputs that are configured as before keep their queues and what they were told. */
  replace(settings: NotifySettings): void {
    if (this.#stopped) return;
    this.#settings = settings;
    this.#resends.times = timesOf(settings);
    this.#context = contextOf(settings);
    this.#install();
    this.#resends.repeatAll();
  }

  /** How delivery to each output goes. */
  status(): readonly ApiOutput[] {
    const alertmanagers = [...this.#alertmanagers.values()].flatMap((set) => [...set.deliveries()]);
    return [...alertmanagers, ...this.#receivers.values()].map((one) => statusOf(one.output, one.status()));
  }

  /** What is new is told at once, what waits is tried once more, for as long as the grace lasts; then nothing more. */
  async stop(grace: DurationMs): Promise<void> {
    this.#stopped = true;
    const stopping = [...this.#alertmanagers.values(), ...this.#receivers.values()].map((one) => one.stop(grace));
    // What a reload took away began to stop with a grace of its own.
    let cancel = () => {};
    const over = new Promise<void>((resolve) => {
      cancel = this.#ports.clock.setTimer(grace, resolve);
    });
    await Promise.all([...stopping, Promise.race([over, Promise.all(this.#leaving)])]);
    cancel();
  }

  #heard(telling: Telling): readonly { alert: NonNullable<ReturnType<typeof toOutgoing>>; again: boolean }[] {
    const alert = toOutgoing(telling, this.#context);
    return alert === undefined ? [] : [{ alert, again: telling.again }];
  }

  #install(): void {
    const { alerting } = this.#settings;
    const sets = new Map<string, AlertmanagerSet>();
    for (const group of alerting.alertmanagers) {
      const context = { ...this.#context, relabel: [...alerting.relabel, ...group.alertRelabel] };
      const key = stableText(group);
      // Two groups that are written alike are one.
      const set = sets.get(key) ?? this.#alertmanagers.get(key) ?? this.#set(group, context);
      set.context = context;
      sets.set(key, set);
    }
    const receivers = new Map<string, Receiver>();
    for (const configured of configuredReceivers(this.#settings, this.#ports)) {
      const key = stableText([configured.kind, configured.name, configured.text, this.#settings.externalUrl]);
      receivers.set(key, this.#receivers.get(key) ?? this.#receiver(configured));
    }
    const kept = new Set<unknown>([...sets.values(), ...receivers.values()]);
    const gone = [...this.#alertmanagers.values(), ...this.#receivers.values()].filter((one) => !kept.has(one));
    const added = [...sets].filter(([key]) => !this.#alertmanagers.has(key));
    this.#alertmanagers = sets;
    this.#receivers = receivers;
    for (const one of gone) this.#leave(one);
    for (const [, set] of added) set.start();
    this.#count();
  }

  #inhibition(world: Pick<World, "ruleStates">): Inhibition {
    const { inhibitRules } = this.#settings;
    return new Inhibition(inhibitRules, inhibitRules.length === 0 ? [] : this.#firing(world));
  }

  #firing(world: Pick<World, "ruleStates">): readonly FiringAlert[] {
    const firing: FiringAlert[] = [];
    for (const { alert } of presentAlerts(world)) {
      if (alert.is.state !== "firing") continue;
      const labels = identityOf(alert.labels, this.#context)?.labels;
      if (labels) firing.push({ labels, own: alert.labels, startsAt: alert.is.firedAt });
    }
    return firing;
  }

  #set(group: AlertmanagerGroup, context: OutgoingContext): AlertmanagerSet {
    return new AlertmanagerSet(group, context, this.#ports, {
      changed: (added) => {
        if (added) this.#resends.repeatAll();
        this.#count();
      },
      gone: (output) => this.#gone(output),
    });
  }

  #receiver({ options, attemptTimeout, make }: ConfiguredReceiver): Receiver {
    const { externalUrl } = this.#settings;
    return new Receiver(make(), options, { externalUrl, attemptTimeout }, this.#ports);
  }

  #leave(one: AlertmanagerSet | Receiver): void {
    const leaving = one.stop(GRACE).then(() => {
      this.#leaving.delete(leaving);
      if (one instanceof Receiver) this.#gone(one.output);
    });
    this.#leaving.add(leaving);
  }

  /** One of the same name may have taken its place. */
  #gone(output: OutputName): void {
    const there = this.status().some(({ kind, name }) => kind === output.kind && name === output.name);
    if (!there) this.#ports.observer.outputGone(output);
  }

  #count(): void {
    let count = 0;
    for (const set of this.#alertmanagers.values()) count += set.size;
    this.#ports.observer.alertmanagersFound(count);
  }
}

/** Every alert of the world; those of a rule that fails are held as they were. */
function* presentAlerts({ ruleStates }: Pick<World, "ruleStates">): Iterable<PresentAlert> {
  for (const state of ruleStates.values()) {
    const stale = state.health === "err";
    for (const alert of state.alerts()) yield { alert, stale };
  }
}

const timesOf = ({ alerting, evaluationInterval }: NotifySettings) => ({
  resendDelay: alerting.resendDelay,
  interval: evaluationInterval,
});

const statusOf = ({ kind, name }: OutputName, status: DeliveryStatus): ApiOutput => ({ kind, name, ...status });
