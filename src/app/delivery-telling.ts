import type { Telemetry } from "../telemetry/telemetry.ts";
import type { NotifyPorts } from "./notify/notify-settings.ts";

/** Tells telemetry how notifying goes. */
export function deliveryTelling({ delivery, log }: Telemetry): NotifyPorts["observer"] {
  return {
    attempted: (output, outcome, size, seconds) => delivery.attempted(output, outcome, size, seconds),
    settled: (output, ending, size, why) => delivery.settled(output, ending, size, why),
    queued: (output, size) => delivery.queued(output, size),
    outputGone: () => {},
    alertmanagersFound: (count) => count > 0 && log.info({ count }, "Alertmanagers found"),
    alertmanagerDropped: (address, why) => log.warn({ address, why }, "Alertmanager left out"),
    alertsLeftOut: ({ kind, name }, count) =>
      log.error({ output: kind, name, count }, "alerts left out of a notification: its group is full"),
  };
}
