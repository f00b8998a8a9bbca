import { perAlert } from "./lint.ts";

/** Routes, colours and the page sort by severity. */
export const missingSeverity = perAlert(
  "missing-severity",
  "warning",
  "An alert has no label severity, by which receivers route and the page sorts.",
  function* ({ labels }) {
    if (labels.some(([name]) => name === "severity")) return;
    yield { at: ["alert"], message: "it has no severity: expected a label, critical, warning, info or none" };
  },
);
