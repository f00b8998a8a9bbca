import type { InhibitRule } from "../../alerts/inhibition.ts";
import type { OutgoingContext } from "../../alerts/to-outgoing.ts";
import type { Config } from "../../config/config.ts";
import type { AlertmanagerGroup, EmailOutput, LogOutput, WebhookOutput } from "../../config/deliveries.ts";
import type { DeliveryObserver, OutputName } from "../../outputs/delivery-ports.ts";
import type { LogPort } from "../../outputs/log-output.ts";
import type { Clock } from "../../series/clock.ts";
import type { Labels } from "../../series/labels.ts";
import type { RelabelRule } from "../../series/relabel-rule.ts";
import type { DurationMs } from "../../series/time.ts";
import type { Discovery } from "../../targets/discovery/discovery.ts";
import type { DiscoveryOptions } from "../../targets/job.ts";

/** Who is told of alerts, and how: what of a configuration concerns the notifier. */
export interface NotifySettings {
  readonly alerting: {
    readonly relabel: readonly RelabelRule[];
    readonly resendDelay: DurationMs;
    readonly alertmanagers: readonly AlertmanagerGroup[];
  };
  readonly outputs: {
    readonly email: readonly EmailOutput[];
    readonly webhook: readonly WebhookOutput[];
    readonly log: LogOutput;
  };
  /** Which alerts receivers are not told of while others fire. */
  readonly inhibitRules: readonly InhibitRule[];
  readonly externalLabels: Labels;
  /** Where people reach this program, without a slash at the end; "" where nobody said. */
  readonly externalUrl: string;
  readonly evaluationInterval: DurationMs;
}

/** What the notifier needs of the outside. */
export interface NotifyPorts {
  readonly clock: Clock;
  /** A number from 0 up to, not including, 1. */
  random(): number;
  readonly observer: NotifyObserver;
  /** Where the log output writes. */
  readonly log: LogPort;
  readonly userAgent: string;
  /** Makes what looks for Alertmanagers. */
  discover(options: DiscoveryOptions): Discovery;
}

/** Who is told how notifying goes, for metrics and log lines. */
interface NotifyObserver extends DeliveryObserver {
  /** An output is delivered to from now on; so many messages can wait for it. */
  outputKnown(output: OutputName, capacity: number): void;
  /** So many Alertmanagers are known now. */
  alertmanagersFound(count: number): void;
  /** An address that was found is not used. */
  alertmanagerDropped(address: string, why: string): void;
  /** So many more alerts were left out, because their group is full. */
  alertsLeftOut(output: OutputName, count: number): void;
  /** An output is there no longer. */
  outputGone(output: OutputName): void;
}

/**
 * Takes out of a configuration what concerns the notifier.
 * @param evaluationInterval how often rules are evaluated where the configuration does not say
 * @param externalUrl where people reach this program where the configuration does not say; "" where nobody knows
 */
export function notifySettings(
  {
    alerting,
    outputs,
    inhibitRules,
    global,
    web,
  }: Pick<Config, "alerting" | "outputs" | "inhibitRules" | "global" | "web">,
  evaluationInterval: DurationMs,
  externalUrl: string,
): NotifySettings {
  return {
    alerting,
    outputs,
    inhibitRules,
    externalLabels: global.externalLabels,
    externalUrl: (web.externalUrl ?? externalUrl).replace(/\/+$/, ""),
    evaluationInterval: global.evaluationInterval ?? evaluationInterval,
  };
}

/** What every alert gets on its way to outputs; an Alertmanager's own relabelling comes on top. */
export const contextOf = ({ externalLabels, externalUrl, alerting }: NotifySettings): OutgoingContext => ({
  externalLabels,
  externalUrl,
  relabel: alerting.relabel,
});
