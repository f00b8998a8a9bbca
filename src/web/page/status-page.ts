import type { ApiAlert, ApiRuntimeInfo } from "../api-types.ts";
import type { QueryPort } from "../ports.ts";
import { alertCard, nameOf } from "./alert-card.ts";
import { bytes, SEVERITIES, severityOf, since } from "./format.ts";
import { type Html, html } from "./html.ts";
import { layout } from "./layout.ts";
import { eventsSection, modelsSection, outputsSection, section, targetsSection } from "./sections.ts";
import { sensitivitySection } from "./sensitivity-section.ts";

/** Alerts that are shown, and events. */
const MOST_ALERTS = 100;
const MOST_EVENTS = 50;

/** The page at "/": what fires, what is watched, what happened, and whether people hear of it. */
export function statusPage(query: QueryPort): string {
  const info = query.runtimeInfo();
  const now = info.serverTime;
  const all = query.alerts(false).alerts;
  const alerts = all.filter((alert) => severityOf(alert) !== "none").sort(gravestFirst);
  const firing = alerts.filter(({ state }) => state === "firing").length;
  const { activeTargets, droppedTargets } = query.targets();
  const main = html`<h1 class="verdict ${verdictClass(alerts, info.targetsUp, info.targets)}">${verdict(firing, alerts.length - firing, query.ready())}</h1>
<dl class="tiles">
${tile("Firing", firing)}${tile("Pending", alerts.length - firing)}${tile("Targets up", `${info.targetsUp} of ${info.targets}`)}
${tile("Models", info.models)}${tile("Memory", bytes(info.residentBytes))}${tile("Running for", since(info.startTime, now))}
</dl>
${!info.reloadConfigSuccess && html`<p class="notice" role="alert">The last reload of the configuration failed; the one before is in force. <bdi>${info.reloadConfigError}</bdi></p>`}
${learningNotice(info.learning)}
${alertsSection(alerts, byDesign(all), now)}
${targetsSection(activeTargets, droppedTargets.length, now)}
${sensitivitySection(query.sensitivity())}
${modelsSection(query.models().models, now)}
${eventsSection(query.events(MOST_EVENTS, undefined).events)}
${outputsSection(info.outputs)}`;
  const title = `${firing > 0 ? `(${firing}) ` : ""}triton-sentinel`;
  return layout({ title, root: "", version: query.buildInfo().version, live: true, main });
}

/** Detectors that do not know yet what is normal say so, and for how long. */
const learningNotice = ({ subjects, slowest = "learning" }: ApiRuntimeInfo["learning"]): Html | false =>
  subjects > 0 &&
  html`<p class="more">${subjects} of what detectors watch ${subjects === 1 ? "is" : "are"} still new: ${slowest}</p>`;

function verdict(firing: number, pending: number, ready: boolean): string {
  if (firing > 0) return firing === 1 ? "1 alert fires" : `${firing} alerts fire`;
  if (!ready) return "Waiting for a first successful scrape";
  return pending > 0 ? "Nothing fires, something is pending" : "All quiet";
}

function verdictClass(alerts: readonly ApiAlert[], up: number, targets: number): string {
  const firing = alerts.find(({ state }) => state === "firing");
  if (firing) return severityOf(firing);
  return up < targets || up === 0 ? "warning" : "ok";
}

const tile = (name: string, value: string | number | Html): Html =>
  html`<div class="tile"><dt>${name}</dt><dd>${value}</dd></div>`;

function alertsSection(alerts: readonly ApiAlert[], others: Html | undefined, now: string): Html {
  if (alerts.length === 0) {
    return section("alerts", "Alerts", html`<p class="empty">No alert is pending or firing.</p>`, others);
  }
  const more = alerts.length - MOST_ALERTS;
  const cards = alerts.slice(0, MOST_ALERTS).map((alert) => alertCard(alert, "", now));
  return section(
    "alerts",
    "Alerts",
    html`<ul class="cards">\n${cards}</ul>`,
    more > 0 && html`<p class="more">${more} more in <a href="api/v1/alerts">api/v1/alerts</a></p>`,
    others,
  );
}

/** Alerts of severity none, such as the watchdog: that they fire is how it should be. */
function byDesign(all: readonly ApiAlert[]): Html | undefined {
  const quiet = all.filter((alert) => alert.state === "firing" && severityOf(alert) === "none");
  if (quiet.length === 0) return undefined;
  const links = quiet
    .slice(0, 5)
    .map((alert) => html` <a href="alerts/${alert.fingerprint}"><bdi>${nameOf(alert)}</bdi></a>`);
  return html`<p class="more">Fires as it should:${links}</p>`;
}

/** Firing before pending, then by severity, then the newest. */
function gravestFirst(a: ApiAlert, b: ApiAlert): number {
  const rank = (alert: ApiAlert) => (alert.state === "firing" ? 0 : 10) + SEVERITIES.indexOf(severityOf(alert));
  return rank(a) - rank(b) || (a.activeAt < b.activeAt ? 1 : -1);
}
