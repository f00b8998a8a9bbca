import { afterEach, beforeEach, expect, test } from "vitest";
import { Labels } from "../../src/series/labels.ts";
import type { ScrapeResult } from "../../src/targets/schedule.ts";
import { ScrapeSchedule } from "../../src/targets/schedule.ts";
import type { Target } from "../../src/targets/target.ts";
import { buildTarget } from "../../src/targets/target-builder.ts";
import { type WatchedTarget, WatchedTargets, watchTarget } from "../../src/targets/watch-target.ts";
import { FakeTriton } from "../support/fake-triton.ts";
import { HandClock, settled } from "./hand-clock.ts";
import { jobOf } from "./job-of.ts";

let fake: FakeTriton;
let watched: WatchedTargets;

beforeEach(async () => {
  fake = await FakeTriton.start("up 1\n");
  watched = new WatchedTargets("triton-sentinel/test");
});
afterEach(async () => {
  await watched.close();
  await fake.close();
});

const JOB = jobOf();

function target(meta = "", job = JOB): Target {
  const built = buildTarget(job, Labels.of({ __address__: `127.0.0.1:${fake.port}`, __meta_x: meta }));
  if (built.kind === "dropped") throw new Error(built.dropped.why);
  return built.target;
}

test("a target is scraped under its labels, at its interval, in our name", async () => {
  const one = watchTarget(target(), "triton-sentinel/test");
  expect([one.labels.toJSON(), one.interval]).toEqual([{ job: "triton", instance: `127.0.0.1:${fake.port}` }, 15_000]);
  expect(await one.scrape()).toMatchObject({ kind: "body" });
  expect(fake.headers["user-agent"]).toBe("triton-sentinel/test");
  await one.scraper.close();
});

test("a target of which only what was discovered has changed keeps its connection", async () => {
  const [before] = watched.replace([target("a")]);
  await before?.scrape();
  const [same] = watched.replace([before!.target]);
  expect(same).toBe(before);
  const [after] = watched.replace([target("b")]);
  expect([after?.scraper === before?.scraper, after?.target.discoveredLabels.get("__meta_x")]).toEqual([true, "b"]);
  await after?.scrape();
  expect(fake.connections).toBe(1);
});

test("a target that is asked another way gets another connection; a scrape under way ends in peace", async () => {
  const [before] = watched.replace([target()]);
  const scrape = before!.scrape();
  const [after] = watched.replace([target("", jobOf({ bodySizeLimit: 3 }))]);
  expect(after?.scraper).not.toBe(before?.scraper);
  expect(await scrape).toMatchObject({ kind: "body" });
  expect(await after?.scrape()).toMatchObject({ kind: "too-big" });
});

test("a target that goes ends at once, and its schedule hears nothing of it any more", async () => {
  fake.serve({ behaves: "hang" });
  const clock = new HandClock();
  const results: ScrapeResult<WatchedTarget>[] = [];
  const schedule = new ScrapeSchedule<WatchedTarget>(clock, (batch) => void results.push(...batch));
  schedule.replace(watched.replace([target()]));
  const asked = new Promise<void>((resolve) =>
    fake.serve(() => {
      resolve();
      return { behaves: "hang" };
    }),
  );
  await clock.pass(16_000);
  await asked;
  schedule.replace(watched.replace([]));
  await settled();
  await clock.pass(60_000);
  expect([results, fake.requests]).toEqual([[], 1]);
  // It has come back, and what its former self heard is none of its own.
  fake.serve("up 1\n");
  schedule.replace(watched.replace([target()]));
  const back = new Promise<void>((resolve) =>
    fake.serve(() => {
      resolve();
      return "up 1\n";
    }),
  );
  await clock.pass(3_200);
  await back;
  while (results.length === 0) {
    await clock.pass(100);
    await settled();
  }
  expect([...new Set(results.map(({ outcome }) => outcome.kind))]).toEqual(["body"]);
  schedule.stop();
});
