import type { ReceiverOptions } from "../../alerts/receiver.ts";
import type { AlertmanagerGroup } from "../../config/deliveries.ts";
import { formatMatcher } from "../../series/matchers.ts";
import type { NotifySettings } from "./notify-settings.ts";

/** The outputs of a configuration, a line each: what, where to, and which alerts. */
export function outputLines({ alerting, outputs }: Pick<NotifySettings, "alerting" | "outputs">): readonly string[] {
  return [
    ...alerting.alertmanagers.flatMap(alertmanagerLines),
    ...outputs.email.map(
      ({ name, to, smarthost: { host, port }, receiver }) =>
        `email ${name}: to ${to.join(", ")} through ${host}:${port}, ${whichAlerts(receiver)}`,
    ),
    ...outputs.webhook.map(({ name, receiver }) => `webhook ${name}: ${whichAlerts(receiver)}`),
    ...(outputs.log.enabled ? [`log ${outputs.log.receiver.name}: ${whichAlerts(outputs.log.receiver)}`] : []),
  ];
}

function alertmanagerLines({ scheme, pathPrefix, discoveries }: AlertmanagerGroup): readonly string[] {
  const at = (address: string): string => `${scheme}://${address}${pathPrefix}`;
  return discoveries.flatMap((discovery) => {
    if (discovery.kind === "static")
      return discovery.targets.map((target) => `alertmanager ${at(target)}: every alert`);
    if (discovery.kind === "file") return [`alertmanager: those in ${discovery.files.join(", ")}, every alert`];
    return [`alertmanager: those of ${discovery.names.join(", ")} in the DNS, every alert`];
  });
}

const whichAlerts = ({ match }: ReceiverOptions): string =>
  match.length === 0 ? "every alert but those of severity none" : `alerts with ${match.map(formatMatcher).join(", ")}`;
