import type { OutgoingAlert } from "../../alerts/outgoing.ts";
import { type OutgoingContext, toOutgoing } from "../../alerts/to-outgoing.ts";
import type { AlertmanagerGroup } from "../../config/deliveries.ts";
import type { OutputName } from "../../outputs/delivery-ports.ts";
import type { Outcome, Output } from "../../outputs/output.ts";
import { type DurationMs, durationMs, SECOND } from "../../series/time.ts";
import { UserMistake } from "../user-mistake.ts";
import { makeAlertmanager } from "./alertmanager-set.ts";
import { alertmanagerUrl } from "./alertmanager-url.ts";
import { configuredReceivers } from "./make-receivers.ts";
import { contextOf, type NotifyPorts, type NotifySettings } from "./notify-settings.ts";
import { notificationOf, testTelling } from "./test-alert.ts";

/** How long Alertmanagers are looked for. */
const PATIENCE = durationMs(10 * SECOND);
const DROPPED: Outcome = { kind: "never", why: "alert_relabel_configs drop the test alert" };
const NOT_FOUND: Outcome = { kind: "later", why: "none was found" };

/** What came of the test of one output. */
export interface TestedOutput extends OutputName {
  readonly outcome: Outcome;
}

type TestPorts = Pick<NotifyPorts, "clock" | "log" | "userAgent" | "discover">;

/**
 * Sends a marked test alert through each output, or through those of one name, past their filters and their grouping.
 * @throws UserMistake where there is no such output
 */
export async function testOutputs(
  settings: NotifySettings,
  name: string | undefined,
  ports: TestPorts,
): Promise<readonly TestedOutput[]> {
  const receivers = configuredReceivers(settings, ports);
  const alertmanagers = await Promise.all(
    settings.alerting.alertmanagers.map(async (group) => ({ group, urls: await findAlertmanagers(group, ports) })),
  );
  const named = (output: { readonly name: string }): boolean => name === undefined || output.name === name;
  const known = [...alertmanagers.flatMap(({ urls }) => urls), ...receivers.map((receiver) => receiver.name)];
  const tests = [
    ...alertmanagers.flatMap(({ group, urls }) => testGroup(group, urls, named, settings, ports)),
    ...receivers.filter(named).map(({ attemptTimeout, make }) => {
      const alert = toOutgoing(testTelling(ports.clock.now()), contextOf(settings));
      const output = make();
      const message = alert && notificationOf(alert, output.name, settings.externalUrl);
      return tested(output, message, attemptTimeout, ports);
    }),
  ];
  if (tests.length > 0) return Promise.all(tests);
  if (name === undefined) throw new UserMistake("Cannot test outputs: the configuration names none");
  const there = known.length === 0 ? "" : `: expected ${known.map((one) => JSON.stringify(one)).join(" or ")}`;
  throw new UserMistake(`Cannot find output ${JSON.stringify(name)}${there}`);
}

function testGroup(
  group: AlertmanagerGroup,
  urls: readonly string[],
  named: (output: { readonly name: string }) => boolean,
  settings: NotifySettings,
  ports: TestPorts,
): readonly Promise<TestedOutput>[] {
  const nameless = { kind: "alertmanager", name: "" } as const;
  if (urls.length === 0 && named(nameless)) return [Promise.resolve({ ...nameless, outcome: NOT_FOUND })];
  const alert = toOutgoing(testTelling(ports.clock.now()), groupContext(settings, group));
  const message: readonly OutgoingAlert[] | undefined = alert && [alert];
  // The output's own deadline comes first, for it knows better what was too slow.
  const patience = durationMs(group.timeout + SECOND);
  return urls
    .filter((url) => named({ name: url }))
    .map((url) => tested(makeAlertmanager(url, group, ports.userAgent), message, patience, ports));
}

const groupContext = (settings: NotifySettings, { alertRelabel }: AlertmanagerGroup): OutgoingContext => ({
  ...contextOf(settings),
  relabel: [...settings.alerting.relabel, ...alertRelabel],
});

/** Sends once and closes the output. */
async function tested<M>(
  output: Output<M>,
  message: M | undefined,
  timeout: DurationMs,
  { clock }: Pick<NotifyPorts, "clock">,
): Promise<TestedOutput> {
  const attempt = new AbortController();
  const cancel = clock.setTimer(timeout, () => attempt.abort());
  const outcome = message === undefined ? DROPPED : await output.send(message, attempt.signal);
  cancel();
  await output.close();
  return { kind: output.kind, name: output.name, outcome };
}

/** Looks once in every place, and not for ever. */
async function findAlertmanagers(
  group: AlertmanagerGroup,
  { discover, clock }: Pick<NotifyPorts, "discover" | "clock">,
): Promise<readonly string[]> {
  const urls = new Set<string>();
  const looks = group.discoveries.map(async (options) => {
    const discovery = discover(options);
    await new Promise<void>((resolve) => {
      const cancel = clock.setTimer(PATIENCE, resolve);
      discovery.start((groups) => {
        for (const labels of groups.flatMap(({ targets }) => targets)) {
          const found = alertmanagerUrl(labels, group);
          if (found.kind === "url") urls.add(found.url);
        }
        cancel();
        resolve();
      });
    });
    await discovery.stop();
  });
  await Promise.all(looks);
  return [...urls];
}
