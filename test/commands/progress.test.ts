import { expect, test } from "vitest";
import { Progress } from "../../src/commands/progress.ts";
import { epochMs } from "../../src/series/time.ts";

const DAY = 86_400_000;
const FROM = Date.UTC(2026, 10, 23);

/** What is written while a walk of ten seconds goes through ten days, a tenth of a day at a time. */
function written(live: boolean, seconds = 10) {
  let now = 0;
  const texts: string[] = [];
  const progress = new Progress(
    { from: epochMs(FROM), to: epochMs(FROM + 10 * DAY) },
    { live, write: (text) => texts.push(text), now: () => epochMs(now) },
  );
  for (let i = 1; i <= 100; i++) {
    now += seconds * 10;
    progress.reached(epochMs(FROM + (i * DAY) / 10));
  }
  progress.end();
  return texts;
}

test("a terminal shows a bar that goes away at the end", () => {
  const texts = written(true);
  expect(texts[49]).toBe("\r\u001b[K[############............] 50 %, 2026-11-28T00:00Z, 5 s left");
  expect(texts.at(-2)).toBe("\r\u001b[K[########################] 100 %, 2026-12-03T00:00Z");
  expect(texts.at(-1)).toBe("\r\u001b[K");
});

test("what is no terminal gets a line every half minute, and none of what a terminal obeys", () => {
  expect(written(false)).toEqual([]);
  const texts = written(false, 100);
  expect(texts).toEqual([
    "30 %, 2026-11-26T00:00Z, 70 s left\n",
    "60 %, 2026-11-29T00:00Z, 40 s left\n",
    "90 %, 2026-12-02T00:00Z, 10 s left\n",
  ]);
});
