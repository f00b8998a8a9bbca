import type { ApiAlert, ApiLabels } from "../api-types.ts";
import { severityOf, short, since } from "./format.ts";
import { type Html, html, lines } from "./html.ts";

/** Labels that a card says in other words. */
const TOLD: ReadonlySet<string> = new Set(["alertname", "severity"]);

/** One alert in a list. */
export function alertCard(alert: ApiAlert, root: string, now: string): Html {
  const severity = severityOf(alert);
  const { summary = "" } = alert.annotations;
  return html`<li class="card alert ${severity} ${alert.state}">
<h3>${severityBadge(alert)} <a href="${root}alerts/${alert.fingerprint}"><bdi>${nameOf(alert)}</bdi></a></h3>
<p class="state">${stateOf(alert, now)}</p>
${summary !== "" && html`<p class="summary"><bdi>${short(summary, 500)}</bdi></p>`}
${labelList(alert.labels)}
${feedbackLine(alert)}
${runbookLink(alert, root)}
</li>
`;
}

export const nameOf = ({ labels }: ApiAlert): string => short(labels["alertname"] ?? "(no name)");

/** What somebody said of the alert, and what was learned. */
export function feedbackLine({ feedback }: ApiAlert): Html {
  if (!feedback) return html``;
  const { verdict, by, note, did } = feedback;
  const why = note !== "" && html`: <bdi>${short(note, 500)}</bdi>`;
  return html`<p class="feedback">Called <strong>${verdict}</strong> by <bdi>${short(by)}</bdi>${why}</p>
<p class="feedback"><bdi>${short(did, 500)}</bdi></p>`;
}

/** The severity as a word; its colour only repeats it. */
export function severityBadge(alert: ApiAlert): Html {
  const severity = severityOf(alert);
  return html`<span class="badge ${severity}">${severity}</span>`;
}

/** In which state an alert is, and since when. */
export function stateOf(alert: ApiAlert, now: string): Html {
  const { state, activeAt, firedAt, resolvedAt, stale, inhibitedBy } = alert;
  const from = state === "resolved" ? (resolvedAt ?? activeAt) : state === "firing" ? (firedAt ?? activeAt) : activeAt;
  const held = stale === true && html` <span class="held">held: it cannot be evaluated now</span>`;
  const told = inhibitedBy !== undefined && html` <span class="held">not told: another alert says it</span>`;
  return html`<strong>${state}</strong> for ${since(from, now)}${held}${told}`;
}

/** Labels as pairs; those a card says in other words are left out. */
export function labelList(labels: ApiLabels, leftOut: ReadonlySet<string> = TOLD): Html {
  const shown = Object.entries(labels).filter(([name]) => !leftOut.has(name));
  if (shown.length === 0) return html``;
  return html`<ul class="labels" aria-label="Labels">
${shown.map(([name, value]) => html`<li><span class="key">${short(name)}</span> <bdi>${short(value)}</bdi></li>\n`)}</ul>`;
}

/** The way to the alert's runbook: a packaged one we show ourselves, others are only linked where they are web addresses. */
export function runbookLink({ annotations }: ApiAlert, root: string): Html {
  const { runbook_url: url } = annotations;
  if (url === undefined) return html``;
  const [, packaged] = /^docs\/runbooks\/(\w+)\.md$/.exec(url) ?? [];
  if (packaged !== undefined) return html`<p class="runbook"><a href="${root}runbooks/${packaged}">Runbook</a></p>`;
  if (!/^https?:\/\/[^\s"'<>]+$/i.test(url) || !URL.canParse(url))
    return html`<p class="runbook">Runbook: ${short(url)}</p>`;
  return html`<p class="runbook"><a href="${url}" rel="noreferrer noopener">Runbook at ${new URL(url).host}</a></p>`;
}

/** What an annotation says, its lines kept. */
export const paragraph = (text: string): Html => html`<p class="lines"><bdi>${lines(text)}</bdi></p>`;
