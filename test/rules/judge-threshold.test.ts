import { expect, test } from "vitest";
import { sentenceOf } from "../../src/rules/sentence.ts";
import type { Detect } from "../../src/rules/types.ts";
import { Watch } from "../../src/rules/watch.ts";
import { durationMs, MINUTE } from "../../src/series/time.ts";
import { fireAt, ratioRule, Watching } from "./watched.ts";

const HOUR = 240;
const bound = (above: number, changes: Partial<Detect> = {}) =>
  ratioRule({
    detector: "threshold",
    fire: { ...fireAt({ score: 1, min_bad: 5, above, times: 1 }), over: durationMs(MINUTE) },
    clear: { score: 1 },
    ...changes,
  });

test("an alert begins above the stated bound and ends at it, and says which it was", () => {
  const watching = new Watching(bound(0.1));
  expect(watching.pagesOf(4, 95, 5)).toEqual([[]]);
  expect(watching.states()).toEqual(["normal"]);
  const [found] = watching.pagesOf(4, 85, 15);
  const { evidence } = found![0]!;
  expect(evidence).toMatchObject({
    detector: "threshold",
    observed: 0.15,
    upper: 0.1,
    would_not_fire: 0.1,
    score: 1.5,
  });
  expect(evidence).not.toHaveProperty("evidence_nats");
  expect(sentenceOf(evidence)).toMatch(/^Seen: 60 of 400 \(15 %\) in 1m; up to 10 % would not have fired; since /);
  expect(watching.pagesOf(4, 90, 10)).toEqual([[]]);
});

test("a smaller clear.score moves its end below the bound", () => {
  const watching = new Watching(bound(0.1, { clear: { score: 0.8 } }));
  watching.pagesOf(4, 85, 15);
  expect(watching.pagesOf(4, 91, 9)[0]).toHaveLength(1);
  expect(watching.pagesOf(4, 92, 8)).toEqual([[]]);
});

test("an alarm that lasts for days does not make its value normal", () => {
  const watching = new Watching(bound(0.1));
  expect(watching.pagesOf(30 * HOUR, 80, 20)[0]).toHaveLength(1);
  expect(watching.judges.flatMap((judge) => judge.rebaselined)).toEqual([]);
});

test("rules that state another length look at memories of their own, those that state another bound share one", () => {
  const five = bound(0.1, { fire: { ...bound(0.1).fire, over: durationMs(5 * MINUTE) } });
  expect(Watch.key(five)).not.toBe(Watch.key(bound(0.1)));
  expect(Watch.key(bound(0.2))).toBe(Watch.key(bound(0.1)));
});
