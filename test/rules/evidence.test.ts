import { describe, expect, test } from "vitest";
import type { Explanation } from "../../src/detectors/detector.ts";
import { evidenceOf } from "../../src/rules/evidence.ts";
import { sentenceOf } from "../../src/rules/sentence.ts";
import type { Detect, Finding } from "../../src/rules/types.ts";
import { matcher } from "../../src/series/matchers.ts";
import { epochMs } from "../../src/series/time.ts";
import { ratioRule, Watching } from "./watched.ts";

const SINCE = epochMs(Date.UTC(2026, 0, 5, 10, 20, 30));

const WHY: Explanation = {
  test: "60s window",
  window: 60,
  numerator: 30,
  denominator: 600,
  observed: 0.05,
  expected: 0.001234567,
  lower: 0,
  upper: 0.0212,
  evidence: 31.4159265,
  threshold: 12,
};

const evidence = (changes: Partial<Explanation> = {}, detect: Partial<Detect> = {}) =>
  evidenceOf(ratioRule(detect), { ...WHY, ...changes }, 2.6179938, SINCE);

const RATE = { signal: { kind: "rate", of: [] } } as const;
const MEAN = { signal: { kind: "mean", sum: [], count: [], minus: [] }, detector: "log-mean" } as const;
const sum = { text: "nv_inference_compute_infer_duration_us" };
const DURATION = {
  ...MEAN,
  signal: { ...MEAN.signal, sum: [{ ...sum, matchers: [matcher("__name__", "=", sum.text)] }] },
} as const;
/** A selector of one metric. */
const select = (name: string) => ({ text: name, matchers: [matcher("__name__", "=", name)] });
const requestsOf = (name: string) => ({ signal: { kind: "rate", of: [select(name)] } }) as const;
const meanOver = (name: string) => ({ ...MEAN, signal: { ...MEAN.signal, count: [select(name)] } }) as const;
const levelOf = (name: string) => ({ ...LEVEL, signal: { ...LEVEL.signal, value: [select(name)] } }) as const;
const LEVEL = { signal: { kind: "level", value: [], of: [] }, detector: "backlog" } as const;

describe("evidence", () => {
  test("is every number behind a finding, to six digits", () => {
    expect(evidence()).toEqual({
      signal: "ratio",
      detector: "counts",
      test: "60s window",
      window_seconds: 60,
      numerator: 30,
      denominator: 600,
      observed: 0.05,
      expected: 0.00123457,
      lower: 0,
      upper: 0.0212,
      score: 2.61799,
      evidence_nats: 31.4159,
      threshold_nats: 12,
      since: "2026-01-05T10:20:30.000Z",
      would_not_fire: 0.0212,
    });
  });

  test("says the unit of a duration", () => {
    expect(evidence({}, DURATION)).toMatchObject({ signal: "mean", unit: "us" });
    expect(evidence({}, MEAN)).not.toHaveProperty("unit");
  });

  test("tells since when a sum has been gathering", () => {
    expect(evidence({ since: SINCE - 60_000 })).toMatchObject({ gathering_since: "2026-01-05T10:19:30.000Z" });
  });

  test("tells the reasons of the failures in the judged window, and whether the subject is still learned", () => {
    const watching = new Watching(ratioRule());
    watching.page(100, 0);
    watching.page(100, 0);
    const [[found]] = watching.page(100, 60) as [Finding[]];
    expect(found!.evidence).toMatchObject({ learning: true, widened: 2 });
    expect(found!.evidence).not.toHaveProperty("split");
    expect(found!.evidence).not.toHaveProperty("prior");
  });

  test("leaves out what the detector cannot say", () => {
    const without = evidence({ expected: undefined, lower: undefined, upper: undefined });
    expect(Object.keys(without)).not.toContain("expected");
    expect(Object.keys(without)).not.toContain("would_not_fire");
  });

  test("names the nearest value that would not have fired on the side it fired on", () => {
    expect(evidence({ lower: 5 }, { direction: "down" })).toMatchObject({ would_not_fire: 5 });
    const both = (observed: number) =>
      evidence({ observed, expected: 8, lower: 5, upper: 12 }, { ...MEAN, direction: "both" });
    expect(both(20)).toMatchObject({ would_not_fire: 12 });
    expect(both(2)).toMatchObject({ would_not_fire: 5 });
  });
});

describe("the sentence for a person", () => {
  const END = "since 2026-01-05T10:20:30Z.";

  test.each([
    [
      "a ratio",
      evidence(),
      `Seen: 30 of 600 (5 %) in 1m; expected about 0.123 %; up to 2.12 % would not have fired; ${END}`,
    ],
    [
      "one scrape",
      evidence({ test: "one scrape", window: 0, numerator: 12, denominator: 40, observed: 0.3 }),
      `Seen: 12 of 40 (30 %) in one scrape; expected about 0.123 %; up to 2.12 % would not have fired; ${END}`,
    ],
    [
      "a surge",
      evidence({ numerator: 6000, denominator: 60, observed: 100, expected: 10.04, upper: 33.3333 }, RATE),
      `Seen: 6000 (100/s) in 1m; expected about 10.04/s; up to 33.33/s would not have fired; ${END}`,
    ],
    [
      "a drop",
      evidence(
        { numerator: 0, denominator: 60, observed: 0, expected: 10, lower: 3.2, upper: 30 },
        { ...RATE, direction: "down" },
      ),
      `Seen: 0 (0/s) in 1m; expected about 10/s; 3.2/s or more would not have fired; ${END}`,
    ],
    [
      "an alarm held below its boundary",
      evidence({ observed: 0.015 }),
      `Seen: 30 of 600 (1.5 %) in 1m; expected about 0.123 %; up to 2.12 % would not have fired; ${END}`,
    ],
    [
      "a mean",
      evidence({ window: 5, numerator: 90_000, denominator: 45, observed: 2000, expected: 1000, upper: 1400 }, MEAN),
      `Seen: 2000 on average over 45 in 5s; expected about 1000; up to 1400 would not have fired; ${END}`,
    ],
    [
      "a duration that Triton counts in microseconds",
      evidence(
        { window: 5, numerator: 9e5, denominator: 45, observed: 20_000, expected: 998.7654, upper: 1.4e6 },
        DURATION,
      ),
      `Seen: 20 ms on average over 45 in 5s; expected about 0.9988 ms; up to 1.4 s would not have fired; ${END}`,
    ],
    [
      "a backlog",
      evidence({ window: 0, numerator: 42, denominator: 1, observed: 42, expected: 0.5, upper: 20 }, LEVEL),
      `Seen: 42; expected about 0.5; up to 20 would not have fired; ${END}`,
    ],
    [
      "a subject still learning",
      evidence({ expected: undefined, lower: undefined, upper: undefined }),
      `Seen: 30 of 600 (5 %) in 1m; ${END}`,
    ],
  ])("about %s is readable and right", (_, from, wanted) => {
    expect(sentenceOf(from)).toBe(wanted);
  });

  test.each([
    [
      "requests",
      evidence({ numerator: 6000, observed: 100 }, requestsOf("nv_inference_request_success")),
      "Seen: 6000 requests (100/s)",
    ],
    [
      "executions",
      evidence({ observed: 3 }, meanOver("nv_inference_exec_count")),
      "Seen: 3 on average over 600 executions in 1m;",
    ],
    [
      "waiting",
      evidence({ window: 0, observed: 62 }, levelOf("nv_inference_pending_request_count")),
      "Seen: 62 waiting;",
    ],
    ["nothing known", evidence({ numerator: 6000, observed: 100 }, requestsOf("own_total")), "Seen: 6000 (100/s)"],
  ])("has a noun for %s", (_, from, wanted) => {
    expect(sentenceOf(from).slice(0, wanted.length)).toBe(wanted);
  });

  test("tells a bound that no value can reach, or hardly any, as one", () => {
    expect(sentenceOf(evidence({ upper: 1 }))).toMatch(/; no ratio would have fired yet; since /);
    const quiet = { numerator: 0, denominator: 60, observed: 0, expected: 0.2 };
    const drop = (lower: number) =>
      evidence({ ...quiet, lower }, { ...requestsOf("nv_inference_request_success"), direction: "down" });
    expect(sentenceOf(drop(0.000857))).toContain("; one request in 1m would not have fired; ");
    expect(sentenceOf(drop(0))).toContain("; no rate would have fired yet; ");
    expect(sentenceOf(drop(0.04))).toContain("; 3 requests in 1m would not have fired; ");
    expect(sentenceOf(drop(3))).toContain("; 3/s or more would not have fired; ");
  });

  test("of means that forget is in round numbers", () => {
    const day = { window: 86_400, numerator: 7.94666, denominator: 3890.4, observed: 0.00204, decayed: true } as const;
    expect(evidence(day)).toMatchObject({ numerator: 8, denominator: 3890, decayed: true });
    expect(sentenceOf(evidence(day))).toMatch(/^Seen: about 8 of 3,890 \(0.204 %\) in 1d; expected/);
  });

  test("says that it is still learning, and by whose normal it judged", () => {
    const prior = { instance: "gpu-7:8002", model: "bert", version: "1" };
    const from = { ...evidence(), learning: true, widened: 2, prior };
    expect(sentenceOf(from, { ...prior, version: "2" })).toContain(
      "; still learning, so judged with doubled thresholds; judged at first by the normal of version 1; since ",
    );
    expect(sentenceOf({ ...from, widened: 3 }, { ...prior, instance: "gpu-8:8002" })).toContain(
      "; still learning, so judged with thresholds 3 times as high; judged at first by the normal of instance gpu-7:8002; ",
    );
    expect(sentenceOf({ ...evidence(), learning: true, widened: 1 })).toContain("; still learning; since ");
  });

  test("says what the events were, strangers' words in quotes", () => {
    const split = { label: "reason", counts: { "42": 1, BACKEND: 12, "a b\n": 3, __proto__x: 2 }, other: 4 };
    expect(sentenceOf({ ...evidence(), split })).toMatch(
      /^Seen: 30 of 600 \(5 %\) in 1m: 12 BACKEND, 3 "a b\\n", 2 __proto__x, 1 42, 4 others; expected/,
    );
  });

  test("is empty where the evidence is no statistic", () => {
    expect(sentenceOf({ event: "loaded" })).toBe("");
  });
});
