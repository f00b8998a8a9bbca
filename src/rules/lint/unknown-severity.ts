import { quote } from "../../documents/mistakes.ts";
import { didYouMean } from "../../documents/suggest.ts";
import { perAlert } from "./lint.ts";

const SEVERITIES = ["critical", "warning", "info", "none"] as const;

/** A severity that the page, the counts and the dashboards do not know. */
export const unknownSeverity = perAlert(
  "unknown-severity",
  "warning",
  "A severity is none of critical, warning, info and none.",
  function* ({ labels }) {
    const severity = labels.find(([name]) => name === "severity")?.[1];
    if (severity === undefined || severity.program !== undefined) return;
    if (SEVERITIES.some((known) => known === severity.text)) return;
    const hint = didYouMean(severity.text, SEVERITIES);
    const message = `severity ${quote(severity.text)} is unknown: expected one of ${SEVERITIES.join(", ")}${hint}`;
    yield { at: ["labels", "severity"], message };
  },
);
