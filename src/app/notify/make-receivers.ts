import type { Notification } from "../../alerts/outgoing.ts";
import type { ReceiverOptions } from "../../alerts/receiver.ts";
import { HttpClient } from "../../http/http-client.ts";
import type { OutputName } from "../../outputs/delivery-ports.ts";
import { EmailOutput } from "../../outputs/email.ts";
import { LogOutput } from "../../outputs/log-output.ts";
import type { Output } from "../../outputs/output.ts";
import { WebhookOutput } from "../../outputs/webhook.ts";
import { type DurationMs, durationMs, SECOND } from "../../series/time.ts";
import { stableText } from "../../targets/stable-text.ts";
import type { NotifyPorts, NotifySettings } from "./notify-settings.ts";

/** A configured output that is told of groups of alerts. */
export interface ConfiguredReceiver extends OutputName {
  readonly options: ReceiverOptions;
  /** What one sending may take. */
  readonly attemptTimeout: DurationMs;
  /** Equal while its configuration is. */
  readonly text: string;
  make(): Output<Notification>;
}

/** The receivers of a configuration, as they are to be. */
export function configuredReceivers(
  { outputs: { email, webhook, log } }: Pick<NotifySettings, "outputs">,
  { clock, log: port, userAgent }: Pick<NotifyPorts, "clock" | "log" | "userAgent">,
): readonly ConfiguredReceiver[] {
  const found: ConfiguredReceiver[] = [];
  for (const options of email) {
    const make = () => new EmailOutput(options, clock);
    found.push({ kind: "email", ...common(options), text: stableText(options), make });
  }
  for (const options of webhook) {
    const make = () => new WebhookOutput(options, new HttpClient(options.http, userAgent));
    found.push({ kind: "webhook", ...common(options), text: stableText(options), make });
  }
  if (log.enabled) {
    const { receiver } = log;
    const make = () => new LogOutput(receiver.name, port);
    found.push({
      kind: "log",
      ...common({ ...log, name: receiver.name, timeout: SECOND }),
      text: stableText(log),
      make,
    });
  }
  return found;
}

const common = (of: { readonly name: string; readonly receiver: ReceiverOptions; readonly timeout: DurationMs }) => ({
  name: of.name,
  options: of.receiver,
  // The output's own deadline comes first, for it knows better what was too slow.
  attemptTimeout: durationMs(of.timeout + SECOND),
});
