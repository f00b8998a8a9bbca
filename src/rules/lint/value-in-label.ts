import { perAlert } from "./lint.ts";

/** Functions and words of a template that change with time. */
const TIME = /\{\{[^}]*(?:\bnow\b|\bhumanizeTimestamp\b|\btoTime\b)[^}]*\}\}/;

/** Labels are an alert's identity: one that changes with every evaluation never stays long enough to fire. */
export const valueInLabel = perAlert(
  "value-in-label",
  "error",
  "A label's template contains the value or the time, so that every evaluation makes another alert.",
  function* ({ labels }) {
    for (const [name, { text, uses, program }] of labels) {
      const what = uses.value ? "the value" : program !== undefined && TIME.test(text) ? "the time" : undefined;
      if (what === undefined) continue;
      const message = `label ${JSON.stringify(name)} contains ${what}: whenever it changes this is another alert`;
      yield { at: ["labels", name], message };
    }
  },
);
