import type { MailAlert, MailView, Row } from "./email-view.ts";

/** The text part: the same as the HTML part says, for readers and programs that show no HTML. */
export function mailText({ subject, intro, alerts, omitted }: MailView): string {
  const rest = omitted === 0 ? [] : [`and ${omitted} more alerts`, ""];
  return [subject, intro, "", ...alerts.flatMap(alertLines), ...rest, "-- ", "Sent by triton-sentinel.", ""].join("\n");
}

function alertLines({ status, severity, title, texts, evidence, labels, links }: MailAlert): string[] {
  return [
    `${status.toUpperCase()} ${severity}: ${title}`,
    ...listed(texts, ""),
    ...section("Evidence", evidence),
    ...section("Labels", labels),
    ...listed(links, ""),
    "",
  ];
}

const section = (name: string, rows: readonly Row[]): string[] =>
  rows.length === 0 ? [] : [`  ${name}:`, ...listed(rows, "  ")];

const listed = (rows: readonly Row[], indent: string): string[] =>
  rows.map(([name, text]) => `  ${indent}${name}: ${text}`);
