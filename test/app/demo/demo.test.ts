import { request } from "undici";
import { afterEach, expect, test } from "vitest";
import { type Demo, startDemo } from "../../../src/app/demo/demo.ts";
import { readSettings, worldOptions } from "../../../src/app/settings.ts";
import { step } from "../../../src/monitor/step.ts";
import { World } from "../../../src/monitor/world.ts";
import { Labels } from "../../../src/series/labels.ts";
import { type EpochMs, epochMs, MINUTE, SECOND } from "../../../src/series/time.ts";

let demo: Demo;
afterEach(() => demo.close());

/** Plays the demo second by second on a clock of its own and gives what fires, with the second at which it does. */
async function played(seconds: number): Promise<readonly string[]> {
  const began = epochMs(Date.UTC(2026, 10, 23));
  let now: EpochMs = began;
  demo = await startDemo(() => now);
  const world = new World(await worldOptions(await readSettings({ urls: [] }), SECOND));
  const labelsOf = (instance: string) => Labels.of({ job: "demo", instance });
  for (const inputs of demo.history(labelsOf)) {
    expect(step(world, inputs, inputs[0]!.at).filter(({ kind }) => kind === "bug")).toEqual([]);
  }
  const fired: string[] = [];
  for (let second = 0; second < seconds; second++) {
    now = epochMs(began + second * SECOND);
    const pages = await Promise.all(
      demo.targets.map(async ({ address, instance }) => {
        const { body } = await request(`http://${address}/metrics`);
        const page = Buffer.from(await body.arrayBuffer());
        const outcome = { kind: "body", body: page, length: page.length } as const;
        return { kind: "scrape", target: labelsOf(instance), at: now, seconds: 0.01, outcome } as const;
      }),
    );
    for (const event of step(world, pages, now)) {
      if (event.kind !== "transition" || event.transition.state !== "firing") continue;
      const { labels } = event.transition;
      const what = [labels.get("severity"), labels.get("alertname"), labels.get("model"), labels.get("instance")];
      fired.push(`${second} ${what.filter(Boolean).join(" ")}`);
    }
  }
  return fired;
}

test("within a minute a newcomer sees a reload, failing models and a model nobody released", async () => {
  const fired = await played(60);
  const at = (what: string) => Number(fired.find((line) => line.includes(what))?.split(" ")[0] ?? Number.NaN);
  expect(at("critical TritonModelReloaded resnet triton-1")).toBeLessThan(10);
  expect(at("warning TritonErrorRatioAnomaly bert triton-2")).toBeLessThan(25);
  expect(at("critical TritonModelLoaded evil triton-1")).toBeLessThan(58);
  expect(at("critical")).toBeGreaterThan(1);
});

test("when the recordings are over nothing critical is claimed that was not done", async () => {
  const fired = await played(10 * 60);
  expect(demo.lasts).toBeLessThan(3 * MINUTE);
  expect(fired.filter((line) => line.includes("critical")).map((line) => line.replace(/^\d+ /, ""))).toEqual([
    "critical TritonModelReloaded resnet triton-1",
    "critical TritonModelLoaded evil triton-1",
  ]);
  expect(fired.filter((line) => Number(line.split(" ")[0]) * SECOND > demo.lasts + 5 * MINUTE)).toEqual([]);
});
