import { expect, test } from "vitest";
import { describeEvent } from "../../src/app/event-text.ts";
import { epochMs } from "../../src/series/time.ts";

test("the end of an exception is an event of its alert, with the reason and the place it is written", () => {
  const position = { file: "mine.yml", line: 8, column: 7 };
  const at = epochMs(1_795_000_000_000);
  expect(describeEvent({ kind: "exception-ended", rule: "Loaded", at, position, reason: "load test" })).toEqual({
    at,
    kind: "alert",
    what: "exception-ended",
    labels: { alertname: "Loaded" },
    text: "An exception of Loaded has ended, what it covered alerts again: load test (mine.yml:8)",
    details: { reason: "load test", position: "mine.yml:8" },
  });
});
