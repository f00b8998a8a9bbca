import { expect, test } from "vitest";
import { ReloadWatch } from "../../src/app/reload-watch.ts";
import { durationMs } from "../../src/series/time.ts";
import { HandClock } from "../outputs/hand-clock.ts";

const INTERVAL = durationMs(30_000);

/** A watch over files whose digest the test sets; `loads` are the digests that were loaded. */
async function watching(during: (files: { digest: string }) => void = () => {}) {
  const clock = new HandClock();
  const files = { digest: "a" };
  const loads: string[] = [];
  const watch = new ReloadWatch(INTERVAL, {
    clock,
    digest: async () => files.digest,
    reload: async (unchanged) => {
      const digest = files.digest;
      during(files);
      if (await unchanged()) loads.push(digest);
    },
  });
  await watch.start();
  return { clock, files, loads, watch };
}

test("files that stay as they are are not loaded again", async () => {
  const { clock, loads } = await watching();
  await clock.pass(10 * INTERVAL);
  expect(loads).toEqual([]);
});

test("a change is loaded once, when it has stayed for a second", async () => {
  const { clock, files, loads } = await watching();
  files.digest = "b";
  await clock.pass(INTERVAL);
  expect(loads).toEqual([]);
  await clock.pass(1_000);
  expect(loads).toEqual(["b"]);
  await clock.pass(10 * INTERVAL);
  expect(loads).toEqual(["b"]);
});

test("files that are still being written wait until they are done", async () => {
  const { clock, files, loads } = await watching();
  files.digest = "b1";
  await clock.pass(INTERVAL);
  for (const half of ["b2", "b3", "b4"]) {
    files.digest = half;
    await clock.pass(1_000);
  }
  expect(loads).toEqual([]);
  await clock.pass(1_000);
  expect(loads).toEqual(["b4"]);
});

test("a change that is taken back is none", async () => {
  const { clock, files, loads } = await watching();
  files.digest = "b";
  await clock.pass(INTERVAL);
  files.digest = "a";
  await clock.pass(10 * INTERVAL);
  expect(loads).toEqual([]);
});

test("what changes while it is read is not loaded half and half, but once it has settled", async () => {
  let writes = 2;
  const { clock, files, loads } = await watching((during) => {
    if (writes-- > 0) during.digest += "+";
  });
  files.digest = "b";
  await clock.pass(INTERVAL + 1_000);
  expect(loads).toEqual([]);
  await clock.pass(3 * INTERVAL);
  expect(loads).toEqual(["b++"]);
});

test("a watch that was stopped looks no more", async () => {
  const { clock, files, loads, watch } = await watching();
  watch.stop();
  files.digest = "b";
  await clock.pass(10 * INTERVAL);
  expect(loads).toEqual([]);
  expect(clock.pending).toEqual([]);
});
