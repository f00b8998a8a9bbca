import type { MailAlert, MailView, Row } from "./email-view.ts";

/** White words on these are readable; everything else keeps the reader's own colours, light or dark. */
const COLOURS: Readonly<Record<string, string>> = { critical: "#b42318", warning: "#a15c07", info: "#175cd3" };
const OTHER = "#5d6678";
const RESOLVED = "#067647";

const BORDER = "1px solid #98a2b3";
const CELL = "padding:3px 12px 3px 0;vertical-align:top;text-align:left;font-weight:normal";

/** The HTML part: inline styles, no script, no image, nothing that is fetched. */
export function mailHtml({ subject, intro, alerts, omitted }: MailView): string {
  const rest = omitted === 0 ? "" : `<p>and ${omitted} more alerts</p>`;
  return [
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(subject)}</title></head>`,
    "<body style=\"margin:0;padding:16px;font:14px/1.45 system-ui,-apple-system,'Segoe UI',sans-serif\">",
    `<h1 style="margin:0 0 4px;font-size:17px">${escaped(subject)}</h1><p style="margin:0 0 16px">${escaped(intro)}</p>`,
    ...alerts.map(alertTable),
    `${rest}<p style="font-size:12px">Sent by triton-sentinel.</p></body></html>`,
  ].join("\n");
}

function alertTable({ status, severity, title, texts, evidence, labels, links }: MailAlert): string {
  const word = status === "resolved" ? `resolved · ${severity}` : severity;
  const colour = status === "resolved" ? RESOLVED : (COLOURS[severity] ?? OTHER);
  const badge = `<span style="background:${colour};color:#ffffff;border-radius:3px;padding:2px 7px;font-size:12px">${escaped(word)}</span>`;
  return [
    `<table role="presentation" style="width:100%;max-width:760px;margin:0 0 16px;border:${BORDER};border-left:4px solid ${colour};border-collapse:collapse">`,
    `<tr><td style="padding:10px 14px 2px"><strong>${escaped(title)}</strong> ${badge}</td></tr>`,
    `<tr><td style="padding:2px 14px 10px;overflow-wrap:anywhere">${table(texts)}${section("Evidence", evidence)}${section("Labels", labels)}`,
    links.length === 0 ? "" : `<p style="margin:8px 0 0">${links.map(anchor).join(" · ")}</p>`,
    "</td></tr></table>",
  ].join("\n");
}

const section = (name: string, rows: readonly Row[]): string =>
  rows.length === 0 ? "" : `<p style="margin:8px 0 2px;font-size:12px"><strong>${name}</strong></p>${table(rows)}`;

function table(rows: readonly Row[]): string {
  const lines = rows.map(([name, text]) => {
    const head = `<th scope="row" style="${CELL};white-space:nowrap">${escaped(name)}</th>`;
    return `<tr>${head}<td style="${CELL};overflow-wrap:anywhere">${escaped(text)}</td></tr>`;
  });
  return `<table style="border-collapse:collapse;font-size:13px">${lines.join("")}</table>`;
}

const anchor = ([text, href]: Row): string => `<a href="${escaped(href)}" rel="noreferrer">${escaped(text)}</a>`;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

const escaped = (text: string): string => text.replace(/[&<>"'`]/g, (char) => ENTITIES[char]!);
