import { describe, expect, test } from "vitest";
import { explainJson } from "../../../src/app/explain/explain-json.ts";
import type { Explained, ExplainedPoint } from "../../../src/app/explain/explained.ts";
import type { Terminal } from "../../../src/app/explain/plot.ts";
import { explainLines } from "../../../src/app/explain/screen.ts";
import { epochMs } from "../../../src/series/time.ts";

const START = Date.UTC(2026, 0, 5, 10, 0, 0);
const TERMINAL: Terminal = { columns: 80, ascii: false, colour: false };

/** Quarter minutes in which the band narrows and the value leaves it for a while. */
const POINTS: readonly ExplainedPoint[] = Array.from({ length: 90 }, (_, i) => {
  const anomalous = i >= 50 && i < 70;
  return {
    at: epochMs(START + i * 15_000),
    observed: anomalous ? 0.1 + 0.001 * i : 0.004 * (i % 3),
    expected: 0.004,
    lower: 0,
    upper: 0.2 / (1 + i / 10),
    score: anomalous ? 2.5 : 0.125,
    state: i < 4 ? "learning" : anomalous ? "anomalous" : "normal",
    evidence: anomalous ? 30 : 1.5,
    threshold: 12,
  };
});

const EXPLAINED: Explained = {
  rule: "TritonErrorRatioAnomaly",
  labels: { instance: "gpu-7:8002", job: "triton", model: "bert", version: "1" },
  unit: "ratio",
  at: POINTS[50]!.at,
  state: "anomalous",
  score: 2.5,
  verdict:
    "Anomalous: 15 of 100 (15 %) in 1m: 12 BACKEND, 3 REJECTED; expected about 0.4 %; up to 3.33 % would not have fired",
  looked: {
    test: "60s window",
    windowSeconds: 60,
    numerator: 15,
    denominator: 100,
    evidenceNats: 30,
    thresholdNats: 12,
  },
  tests: [
    { window: 0, threshold: 14 },
    { window: 60, threshold: 12.5 },
    { window: 300, threshold: 11 },
  ],
  points: POINTS,
};

const screen = (changes: Partial<Explained> = {}, terminal: Partial<Terminal> = {}): string =>
  `${explainLines({ ...EXPLAINED, ...changes }, { ...TERMINAL, ...terminal }).join("\n")}\n`;

describe("the screen at 80 columns", () => {
  test("is band, value, table and verdict", async () => {
    await expect(screen()).toMatchFileSnapshot("../../golden/explain/alarm.txt");
  });

  test("is drawn in ASCII where the terminal knows no more", async () => {
    const text = screen({}, { ascii: true });
    expect(text).toMatch(/^[\n -~]*$/);
    await expect(text).toMatchFileSnapshot("../../golden/explain/ascii.txt");
  });

  test("says what is still to be learned, whose normal it began with, and what raised thresholds", async () => {
    const points = POINTS.slice(0, 3).map(({ at, observed }) => ({
      at,
      score: 0,
      state: "learning",
      observed: observed!,
    }));
    const learning = { seconds: 40, scrapes: 1, events: 120, text: "learning, about 40 s and 120 requests more" };
    const verdict = "Still learning: 2 of 240 (0.833 %) in 1m";
    const prior = { instance: "gpu-7:8002", job: "triton", model: "bert", version: "2" };
    const text = screen({ points, at: points[2]!.at, state: "learning", verdict, learning, prior, raise: 2.5 });
    await expect(text).toMatchFileSnapshot("../../golden/explain/learning.txt");
  });

  test("names sums, a threshold that still rises, and who called what normal until when", () => {
    const tests = [
      { window: 60, threshold: 12.5 },
      { name: "sum of 1m blocks", window: 60, threshold: 13 },
    ];
    const looked = { ...EXPLAINED.looked!, test: "sum of 1m blocks", evidenceNats: 12.2, thresholdNats: 8 };
    const tolerated = [
      {
        ...{
          side: "up" as const,
          limit: 0.2158,
          badPerSecond: 4,
          secondsInARow: 900,
          verdict: "expected" as const,
          by: "bob (token ci)",
          note: "load test",
        },
        ...{ from: "2026-11-22T10:00:00.000Z", until: "2026-11-28T10:00:00.000Z" },
      },
    ] as const;
    const text = screen({ tests, looked, tolerated });
    expect(text).toContain("\nLoudest test: sum of 1m blocks, 12.2 of 8 nats (13 once learned)\n");
    expect(text).toContain(" learned: 1m (12.5), sum of 1m\nblocks (13)\n");
    const bounds = "(at most 4 bad/s, 15m in a row)";
    expect(text.replaceAll(/\s+/g, " ")).toContain(
      ` Up to 21.6 % ${bounds} was called normal by bob (token ci) until 2026-11-28 `,
    );
    expect(explainJson({ ...EXPLAINED, tolerated })).toMatchObject({ tolerated });
  });

  test("of a stated bound has no nats and learns nothing", () => {
    const looked = { ...EXPLAINED.looked!, test: "bound over 60s", evidenceNats: 0, thresholdNats: 0 };
    const points = POINTS.map((point) => ({ ...point, evidence: 0, threshold: 0 }));
    const text = screen({ looked, points, tests: [] });
    expect(text).toMatch(/\nLooked at: bound over 60s\nA stated bound: it learns nothing\n$/);
    expect(text).not.toMatch(/nats|0\/0|Learned/);
    expect(text).toMatch(/^> 10:12:30 .* 2\.5 +- {2}anomalous$/m);
  });

  test("no axis of a ratio goes beyond all", () => {
    const text = screen({ points: POINTS.map((point) => ({ ...point, observed: 0.99, upper: 1 })) });
    expect(text).toMatch(/^ {5}100 % ┤/m);
    expect(text).not.toMatch(/10[1-9] %/);
    const past = { verdict: "", points: POINTS.map((point) => ({ ...point, upper: 1 })) };
    expect(screen(past)).toMatch(/; no ratio would have\s+fired\s+yet;/);
  });

  test("of the past of a running program has the numbers that were kept", async () => {
    const { looked: _looked, ...kept } = EXPLAINED;
    const points = POINTS.map(({ state: _s, evidence: _e, threshold: _t, ...point }) => point);
    const lines = explainLines({ ...kept, verdict: "", state: "", tests: [], points }, TERMINAL);
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("../../golden/explain/past.txt");
  });

  test.each([40, 80, 200])("keeps to %d columns", (columns) => {
    const text = screen({ verdict: `Anomalous: ${"word ".repeat(60)}${"x".repeat(300)}` }, { columns });
    const table = /^[ >] \d\d:|^ {2}time /;
    for (const line of text.split("\n")) if (!table.test(line)) expect(line.length).toBeLessThanOrEqual(columns);
  });
});

test("colours mark what is anomalous, and the band, and nothing stays coloured", () => {
  const text = screen({}, { colour: true });
  expect(text).toContain("\u001b[1;31m◆\u001b[0m");
  expect(text).toContain("\u001b[2m░\u001b[0m");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
  expect(text.replace(/\u001b\[(2|1;31)m[░◆]\u001b\[0m/g, (cell) => cell.at(-5)!)).toBe(screen());
});

test("strangers' words cannot command the terminal", () => {
  const evil = "\u001b[2J\u202egnp.exe";
  const text = screen({
    labels: { model: evil, [evil]: "x" },
    verdict: `Anomalous: 3 ${evil}`,
    prior: { model: evil },
    looked: { ...EXPLAINED.looked!, test: evil },
    learning: { seconds: 1, scrapes: 1, events: 1, text: evil },
    points: POINTS.map((point) => ({ ...point, state: evil })),
    state: evil,
  });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
});

test.each([
  ["nothing", []],
  ["one reading", POINTS.slice(0, 1)],
  [
    "a flat line of zero",
    POINTS.slice(0, 9).map(({ at }) => ({ at, score: 0, observed: 0, expected: 0, lower: 0, upper: 0 })),
  ],
  ["what nobody knows", [{ at: epochMs(START), score: 0, observed: Number.NaN, upper: Number.POSITIVE_INFINITY }]],
  ["negative values", POINTS.slice(0, 9).map(({ at }, i) => ({ at, score: 0, observed: -i, lower: -12, upper: 2 }))],
] as const)("%s can be drawn", (_, points: readonly ExplainedPoint[]) => {
  expect(screen({ points })).not.toMatch(/NaN|undefined|Infinity/);
});

test("as JSON it is the same, times as text and what is not known left out", () => {
  const points = [{ at: epochMs(START), score: 0.5, observed: Number.NaN, upper: 0.25, evidence: 6, threshold: 12 }];
  expect(JSON.parse(JSON.stringify(explainJson({ ...EXPLAINED, raise: 2, points })))).toEqual({
    rule: "TritonErrorRatioAnomaly",
    labels: EXPLAINED.labels,
    unit: "ratio",
    at: "2026-01-05T10:12:30.000Z",
    state: "anomalous",
    score: 2.5,
    verdict: EXPLAINED.verdict,
    raised_nats: 2,
    loudest: {
      test: "60s window",
      window_seconds: 60,
      numerator: 15,
      denominator: 100,
      evidence_nats: 30,
      threshold_nats: 12,
    },
    looked_at: [
      { window_seconds: 0, threshold_nats: 14 },
      { window_seconds: 60, threshold_nats: 12.5 },
      { window_seconds: 300, threshold_nats: 11 },
    ],
    points: [{ at: "2026-01-05T10:00:00.000Z", score: 0.5, upper: 0.25, evidence_nats: 6, threshold_nats: 12 }],
  });
});
