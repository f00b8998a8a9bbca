import { formatTime } from "../../series/time.ts";
import { perAlert } from "./lint.ts";

/** An exception that has ended: either it is wanted still, or nobody needs to read it any more. */
export const expiredException = perAlert(
  "expired-exception",
  "warning",
  "An exception has ended, and what it covered alerts again.",
  function* ({ except }, _placed, { now }) {
    for (const [i, { until }] of except.entries()) {
      if (until === undefined || until > now) continue;
      const message = `this exception ended at ${formatTime(until)}: expected it to be taken out, or a later date`;
      yield { at: ["except", i, "until"], message };
    }
  },
);
