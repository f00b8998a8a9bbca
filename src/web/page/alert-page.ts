import type { ApiAlert, ApiEvent, Json } from "../api-types.ts";
import { feedbackLine, labelList, nameOf, paragraph, runbookLink, severityBadge, stateOf } from "./alert-card.ts";
import { severityOf, short } from "./format.ts";
import { type Html, html } from "./html.ts";
import { layout } from "./layout.ts";
import { eventList, section } from "./sections.ts";

/** Annotations that are shown first and under names of their own. */
const KNOWN: readonly (readonly [name: string, title: string])[] = [
  ["description", "What it means"],
  ["evidence", "What was seen"],
  ["remediation", "What to do"],
];
const TOLD: ReadonlySet<string> = new Set(["summary", "runbook_url", ...KNOWN.map(([name]) => name)]);
const NONE: ReadonlySet<string> = new Set();

/** The page of one alert: where its links in messages lead. */
export function alertPage(alert: ApiAlert, events: readonly ApiEvent[], version: string, now: string): string {
  const { annotations, labels, evidence, value, activeAt } = alert;
  const { summary = "" } = annotations;
  const others = Object.entries(annotations).filter(([name]) => !TOLD.has(name));
  const main = html`<article class="card alert ${severityOf(alert)} ${alert.state}">
<h1>${severityBadge(alert)} <bdi>${nameOf(alert)}</bdi></h1>
<p class="state">${stateOf(alert, now)}</p>
${summary !== "" && html`<p class="summary"><bdi>${short(summary, 1_000)}</bdi></p>`}
${labelList(labels, NONE)}
${feedbackLine(alert)}
${runbookLink(alert, "../")}
</article>
${KNOWN.map(([name, title]) => annotations[name] !== undefined && section(name, title, paragraph(annotations[name]!)))}
${others.map(([name, text], i) => section(`more-${i}`, short(name), paragraph(text)))}
${section("numbers", "Numbers", numbers([["value", value], ["active since", activeAt], ...Object.entries(evidence)]))}
${events.length > 0 && section("events", "Recent events", eventList(events))}`;
  return layout({ title: `${nameOf(alert)}: triton-sentinel`, root: "../", version, live: true, main });
}

function numbers(pairs: readonly (readonly [string, Json])[]): Html {
  return html`<dl class="numbers">
${pairs.map(([name, value]) => html`<div><dt>${short(name.replaceAll("_", " "))}</dt><dd><bdi>${shown(value)}</bdi></dd></div>\n`)}</dl>`;
}

const shown = (value: Json): string => short(inWords(value), 500);

/** A value as a person reads it: lists and labels one after the other, a split of counts as the sentence has it. */
function inWords(value: Json): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(inWords).join("; ");
  if (typeof value !== "object" || value === null) return String(value);
  const { label, counts, other, ...rest } = value as { readonly [name: string]: Json };
  if (typeof label !== "string" || typeof counts !== "object" || counts === null || Object.keys(rest).length > 0)
    return Object.entries(value)
      .map(([name, one]) => `${name} ${inWords(one)}`)
      .join(", ");
  const parts = Object.entries(counts).sort(([, m], [, n]) => Number(n) - Number(m));
  const told = parts.map(([name, count]) => `${inWords(count)} ${name}`);
  return `${label}: ${[...told, ...(typeof other === "number" ? [`${other} others`] : [])].join(", ")}`;
}

/** The page in place of one that is not there, or not any more. */
export function missingPage(what: string, version: string): string {
  const main = html`<h1>Not here</h1>
<p>${what}</p>
<p><a href="../">To what is so now</a></p>`;
  return layout({ title: "Not here: triton-sentinel", root: "../", version, live: false, main });
}
