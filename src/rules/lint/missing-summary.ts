import { perAlert } from "./lint.ts";

/** The one line that people see first, on a phone at night. */
export const missingSummary = perAlert(
  "missing-summary",
  "warning",
  "An alert has no annotation summary, the line that every receiver shows.",
  function* ({ annotations }) {
    if (annotations.some(([name, { text }]) => name === "summary" && text.trim() !== "")) return;
    yield { at: ["alert"], message: "it has no summary: expected an annotation that says in a line what is so" };
  },
);
