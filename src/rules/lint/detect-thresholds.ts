import { perAlert } from "./lint.ts";

/** Thresholds of a `detect:` block that take each other's meaning away. */
export const detectThresholds = perAlert(
  "detect-thresholds",
  "warning",
  "Thresholds of a detect: block contradict each other, so that an alert flaps or learning is stricter for nothing.",
  function* ({ condition }) {
    if (condition.kind !== "detect" || condition.detect.signal.kind === "models") return;
    const { fire, clear, learning, signal } = condition.detect;
    if (clear.score >= fire.score) {
      const message = `clear.score ${clear.score} is not below fire.score ${fire.score}: without a gap between them an alert comes and goes with the noise`;
      yield { at: ["detect", "clear", "score"], message };
    }
    if (signal.kind === "ratio" && learning.above < fire.above) {
      const message = `learning.above ${learning.above} is below fire.above ${fire.above}, which holds while learning too: expected more than that`;
      yield { at: ["detect", "learning", "above"], message };
    }
  },
);
