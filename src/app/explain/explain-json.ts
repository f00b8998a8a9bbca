import { formatTime } from "../../series/time.ts";
import type { Explained, ExplainedPoint } from "./explained.ts";

/** A detector's view of a subject for programs; JSON has no infinity and no NaN: such a value is left out. */
export function explainJson({ at, tests, looked, learning, raise, points, ...rest }: Explained): object {
  return {
    ...rest,
    at: formatTime(at),
    ...(raise !== undefined && { raised_nats: raise }),
    ...(learning && { learning }),
    ...(looked && {
      loudest: {
        test: looked.test,
        window_seconds: looked.windowSeconds,
        numerator: looked.numerator,
        denominator: looked.denominator,
        evidence_nats: looked.evidenceNats,
        threshold_nats: looked.thresholdNats,
      },
    }),
    looked_at: tests.map(({ name, window, threshold }) => ({
      ...(name !== undefined && { name }),
      window_seconds: window,
      threshold_nats: threshold,
    })),
    points: points.map(pointJson),
  };
}

function pointJson({ at, state, evidence, threshold, ...values }: ExplainedPoint): object {
  const numbers = { ...values, evidence_nats: evidence, threshold_nats: threshold };
  const known = Object.entries(numbers).filter(([, value]) => Number.isFinite(value));
  return { at: formatTime(at), ...(state !== undefined && { state }), ...Object.fromEntries(known) };
}
