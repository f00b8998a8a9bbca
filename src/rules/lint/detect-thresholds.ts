import type { FireWhen } from "../types.ts";
import { perAlert, type Remark } from "./lint.ts";

/** Thresholds of a `detect:` block that take each other's meaning away. */
export const detectThresholds = perAlert(
  "detect-thresholds",
  "warning",
  "Thresholds of a detect: block contradict each other, so that an alert flaps or learning is stricter for nothing.",
  function* ({ condition }) {
    if (condition.kind !== "detect" || condition.detect.signal.kind === "models") return;
    const { detector, fire, clear, learning, signal } = condition.detect;
    if (detector === "threshold") {
      yield* ofBounds(fire, clear.score);
      return;
    }
    if (fire.lasting.above > fire.above || fire.lasting.times > fire.times) {
      const message = `fire.lasting asks for more than fire does: what lasts may be smaller to matter, expected at most above: ${fire.above}, times: ${fire.times}`;
      yield { at: ["detect", "fire", "lasting"], message };
    }
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

/** A stated bound is where an alert begins and ends; a smaller clear.score moves the end inwards. */
function* ofBounds({ above, below }: FireWhen, clear: number): Iterable<Remark> {
  if (clear > 1) {
    const message = `clear.score ${clear} is above 1, the bound itself: the alert would come and go while it lasts`;
    yield { at: ["detect", "clear", "score"], message };
  } else if (below !== undefined && above > 0 && below / clear >= above * clear) {
    const message = `with clear.score ${clear} no value between ${below} and ${above} ends the alert: expected more, or bounds farther apart`;
    yield { at: ["detect", "clear", "score"], message };
  }
}
