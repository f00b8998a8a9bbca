import { expect, test } from "vitest";
import { readRecording } from "../../src/targets/read-recording.ts";
import { describe } from "./story.ts";
import { Watcher } from "./watcher.ts";

/** Replays every n-th scrape of a recording of a real Triton; events come with the second of their page. */
async function events(name: string, every: number): Promise<string[]> {
  const watcher = new Watcher();
  const told: string[] = [];
  let scrape = 0;
  let began: number | undefined;
  const decoder = new TextDecoder();
  for await (const { at, outcome } of readRecording(`test/fixtures/recordings/${name}.jsonl.gz`)) {
    began ??= at;
    if (scrape++ % every !== 0) continue;
    if (outcome.kind !== "body") watcher.miss(at);
    else {
      const page = decoder.decode(outcome.body.subarray(0, outcome.length));
      for (const event of watcher.look(at, page)) told.push(`${Math.round((at - began) / 1000)} ${describe(event)}`);
    }
  }
  return told;
}

const EXPLICIT = [
  "reloaded resnet.1 in place",
  "loaded evil.1",
  "unloaded evil.1",
  "reloaded bert.1 in place",
  "version_changed ranker.2 from 1",
  "unloaded resnet.1",
  "loaded resnet.1 again",
];
const at = (seconds: readonly number[], what: readonly string[]) => what.map((event, i) => `${seconds[i]} ${event}`);

test.each<readonly [name: string, every: number, expected: readonly string[]]>([
  ["explicit", 1, at([176, 221, 266, 297, 342, 387, 391], EXPLICIT)],
  ["explicit", 5, at([180, 225, 270, 300, 345, 390, 395], EXPLICIT)],
  ["explicit", 15, at([180, 225, 270, 300, 345, 390, 405], EXPLICIT)],
  [
    "restart",
    1,
    [
      "143 restarted failure-counter-fell after a gap of 3",
      "249 restarted failure-counter-fell after a gap of 3",
      "329 restarted failure-counter-fell of 3",
    ],
  ],
  [
    "restart",
    5,
    [
      "145 restarted failure-counter-fell after a gap of 3",
      "250 restarted failure-counter-fell of 3",
      "330 restarted failure-counter-fell of 3",
    ],
  ],
  [
    "restart",
    15,
    [
      "150 restarted failure-counter-fell after a gap of 3",
      "255 restarted failure-counter-fell of 3",
      "330 restarted failure-counter-fell of 3",
    ],
  ],
  ["slow", 1, ["181 reloaded bert.1 in place", "281 reloaded bert.1 in place"]],
  ["slow", 15, ["195 reloaded bert.1 in place", "285 reloaded bert.1 in place"]],
])("%s, read every %i s, shows exactly what was done to the server", async (name, every, expected) => {
  expect(await events(name, every)).toEqual(expected);
});

test.each(["steady", "steady_varied", "lowrate", "flood", "fuzz"])("%s shows no model event", async (name) => {
  expect(await events(name, 1)).toEqual([]);
  expect(await events(name, 15)).toEqual([]);
});
