import type { Gates } from "../detectors/detector.ts";
import type { SeriesDetect } from "./watch.ts";

/** The conditions of a rule, as its detector is asked. */
export function gatesToFire({ direction, fire, against, learning }: SeriesDetect): Gates {
  return {
    direction,
    minimum: fire.min_bad,
    above: fire.above,
    ...(fire.below !== undefined && { below: fire.below }),
    times: fire.times,
    lasting: fire.lasting,
    against,
    widen: learning.widen,
    learningAbove: learning.above,
  };
}

/** What a subject that is anomalous is held against: conditions have hysteresis as the score has, or they flap. */
export function gatesToStay({ fire, clear }: SeriesDetect, gates: Gates): Gates {
  const part = Math.min(1, clear.score / fire.score);
  return {
    ...gates,
    minimum: part * gates.minimum,
    above: part * gates.above,
    ...(gates.below !== undefined && { below: gates.below / part }),
    times: 1 + part * (gates.times - 1),
    lasting: {
      above: part * gates.lasting.above,
      times: 1 + part * (gates.lasting.times - 1),
    },
    learningAbove: part * gates.learningAbove,
  };
}
