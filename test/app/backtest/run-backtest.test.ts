import { expect, test } from "vitest";
import { Unreachable } from "../../../src/app/backtest/history.ts";
import { type BacktestPlan, runBacktest } from "../../../src/app/backtest/run-backtest.ts";
import { systemClock } from "../../../src/app/system-clock.ts";
import { type EpochMs, epochMs, SECOND } from "../../../src/series/time.ts";
import { type Asked, answerFrom, startFakePrometheus } from "./fake-prometheus.ts";

const START = Date.UTC(2026, 10, 23) / 1000;
const TARGET = { job: "triton", instance: "a:1" };
const answer = answerFrom([
  { metric: { __name__: "nv_inference_request_success", model: "m", version: "1", ...TARGET }, at: (t) => t },
  { metric: { __name__: "up", ...TARGET }, at: () => 1 },
]);

/** Runs over four hours, a second a step, of a server that calls `before` for each question. */
async function run(before: (asked: Asked, stop: AbortController) => void) {
  const stop = new AbortController();
  const reached: EpochMs[] = [];
  const server = await startFakePrometheus((asked) => {
    before(asked, stop);
    return answer(asked);
  });
  const plan: BacktestPlan = {
    rules: {},
    against: undefined,
    recordings: [],
    prometheus: {
      url: server.url,
      from: epochMs(START * 1000),
      to: epochMs((START + 4 * 3600) * 1000),
      step: SECOND,
      match: [],
      headers: [],
      userAgent: "test",
    },
    charts: false,
    signal: stop.signal,
    clock: systemClock,
    progress: () => ({ reached: (at) => reached.push(at), end: () => reached.push(epochMs(0)) }),
  };
  try {
    return { report: await runBacktest(plan), reached };
  } finally {
    await server.close();
  }
}

test("who ends it while the second chunk is asked for is told of the first, marked as a part", async () => {
  const { report, reached } = await run(({ path, fields }, stop) => {
    if (path.endsWith("query_range") && Number(fields.get("start")) > START) stop.abort();
  });
  expect(report.interrupted).toBe(true);
  expect(report.histories[0]!.scrapes).toBe(11_000);
  // The bar goes away at the end, whatever the end was.
  expect(reached.slice(-2)).toEqual([report.histories[0]!.end, 0]);
});

test("who ends it before anything was read is told nothing", async () => {
  await expect(run((_, stop) => stop.abort())).rejects.toThrow(Unreachable);
});
