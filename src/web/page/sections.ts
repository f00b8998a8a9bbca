import type { ApiEvent, ApiModel, ApiOutput, ApiTarget } from "../api-types.ts";
import { clockTime, short, since } from "./format.ts";
import { type Html, html, type Part } from "./html.ts";

/** Rows of one table. */
const MOST_ROWS = 200;

interface Column<T> {
  readonly name: string;
  readonly of: (row: T) => Part;
}

/** A table of a bounded number of rows; on narrow screens each row becomes a card, which needs the names at the cells. */
export function table<T>(rows: readonly T[], columns: readonly Column<T>[], all: string): Html {
  const [first, ...rest] = columns;
  const shown = rows.slice(0, MOST_ROWS).map(
    (row) => html`<tr><th scope="row">${first!.of(row)}</th>${rest.map(
      ({ name, of }) => html`<td data-name="${name}"><span>${of(row)}</span></td>`,
    )}</tr>
`,
  );
  const more = rows.length - shown.length;
  return html`<table>
<thead><tr>${columns.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${shown}</tbody>
</table>
${more > 0 && html`<p class="more">${more} more in <a href="${all}">${all}</a></p>`}`;
}

export function targetsSection(targets: readonly ApiTarget[], dropped: number, now: string): Html {
  const worstFirst = [...targets].sort((a, b) => healthRank(a) - healthRank(b));
  const columns: readonly Column<ApiTarget>[] = [
    { name: "Target", of: ({ labels }) => html`<bdi>${short(labels["instance"] ?? "")}</bdi>` },
    { name: "Job", of: ({ labels }) => html`<bdi>${short(labels["job"] ?? "")}</bdi>` },
    { name: "Health", of: ({ health }) => html`<span class="badge ${HEALTH[health]}">${health}</span>` },
    { name: "Last scrape", of: (target) => lastScrape(target, now) },
    { name: "Error", of: ({ lastError }) => html`<bdi>${short(lastError)}</bdi>` },
  ];
  return section(
    "targets",
    "Targets",
    targets.length === 0 ? html`<p class="empty">No targets yet.</p>` : table(worstFirst, columns, "api/v1/targets"),
    dropped > 0 && html`<p class="more">${dropped} dropped by relabelling</p>`,
  );
}

const HEALTH = { up: "ok", down: "critical", unknown: "none" } as const;
const healthRank = ({ health }: ApiTarget): number => ["down", "unknown", "up"].indexOf(health);

function lastScrape({ health, lastScrape: at, lastScrapeDuration }: ApiTarget, now: string): Part {
  if (health === "unknown") return "none yet";
  return html`${since(at, now)} ago, ${Number((lastScrapeDuration * 1000).toPrecision(2))} ms`;
}

export function modelsSection(models: readonly ApiModel[], now: string): Html {
  const columns: readonly Column<ApiModel>[] = [
    { name: "Model", of: ({ labels }) => html`<bdi>${short(labels["model"] ?? "")}</bdi>` },
    { name: "Version", of: ({ labels }) => html`<bdi>${short(labels["version"] ?? "", 50)}</bdi>` },
    { name: "Target", of: ({ labels }) => html`<bdi>${short(labels["instance"] ?? "")}</bdi>` },
    { name: "State", of: (model) => servingBadge(model) },
    { name: "Since", of: (model) => modelSince(model, now) },
    { name: "Failed", of: ({ failures = 0, successes = 0 }) => `${failures} of ${failures + successes}` },
  ];
  return section(
    "models",
    "Models",
    models.length === 0 ? html`<p class="empty">No models seen yet.</p>` : table(models, columns, "api/v1/models"),
  );
}

const servingBadge = ({ serving }: ApiModel): Html =>
  serving ? html`<span class="badge ok">serving</span>` : html`<span class="badge none">gone</span>`;

function modelSince({ serving, servingSince, goneAt, firstSeen }: ApiModel, now: string): Html {
  return since((serving ? servingSince : goneAt) ?? firstSeen, now);
}

export function outputsSection(outputs: readonly ApiOutput[]): Html {
  const columns: readonly Column<ApiOutput>[] = [
    { name: "Output", of: ({ kind, name }) => html`${kind} <bdi>${short(name)}</bdi>` },
    { name: "Sent", of: ({ sent }) => sent },
    { name: "Waiting", of: ({ queued }) => queued },
    { name: "Failed", of: ({ failed }) => failed },
    { name: "Dropped", of: ({ dropped }) => dropped },
    { name: "Last error", of: ({ lastError = "" }) => html`<bdi>${short(lastError)}</bdi>` },
  ];
  return section(
    "outputs",
    "Outputs",
    outputs.length === 0
      ? html`<p class="empty">Alerts are sent nowhere: no output is configured.</p>`
      : table(outputs, columns, "api/v1/status/runtimeinfo"),
  );
}

/** What happened lately, newest first. */
export function eventsSection(events: readonly ApiEvent[]): Html {
  if (events.length === 0)
    return section("events", "Recent events", html`<p class="empty">Nothing has happened yet.</p>`);
  return section("events", "Recent events", eventList(events));
}

export const eventList = (events: readonly ApiEvent[]): Html => html`<ol class="events" reversed>
${events.map(({ at, kind, text }) => html`<li>${clockTime(at)} <span class="kind">${kind}</span> <bdi>${short(text, 500)}</bdi></li>\n`)}</ol>`;

/** A part of a page under a heading. */
export const section = (id: string, title: string, ...content: readonly Part[]): Html =>
  html`<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
${content}
</section>
`;
