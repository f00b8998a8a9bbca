import type { Config } from "./config.ts";
import type { Misfit } from "./misfits.ts";

/** Addresses that stand for every interface: nobody can be sent there. */
const EVERYWHERE: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

/** Says so where people are told of alerts with links that lead back to their own machine, at its path in the file. */
export function localLinks({ web, alerting, outputs }: Config): readonly Misfit[] {
  const { listenAddress, externalUrl } = web;
  const tells = alerting.alertmanagers.length + outputs.email.length + outputs.webhook.length > 0;
  if (externalUrl !== undefined || !tells || !EVERYWHERE.has(listenAddress.host)) return [];
  const message = `links in alerts lead to http://localhost:${listenAddress.port}: expected external_url to say where people reach the page, for example "https://sentinel.example.com"`;
  return [{ path: ["web", "listen_address"], message }];
}
