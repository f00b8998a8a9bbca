import { perAlert } from "./lint.ts";

/** Whoever is woken by an alert has not written it. */
export const missingRunbook = perAlert(
  "missing-runbook",
  "info",
  "An alert has no annotation runbook_url that says what to do.",
  function* ({ annotations }) {
    if (annotations.some(([name, { text }]) => name === "runbook_url" && text.trim() !== "")) return;
    yield { at: ["alert"], message: "it has no runbook_url: expected an annotation that leads to what to do" };
  },
);
