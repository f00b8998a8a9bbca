import fc from "fast-check";
import { expect, test } from "vitest";
import type { ModelFact } from "../../src/models/facts.ts";
import { Inventory } from "../../src/models/inventory.ts";
import { Labels } from "../../src/series/labels.ts";
import { epochMs } from "../../src/series/time.ts";
import { tell } from "./story.ts";

type Story = readonly [fact: string, pages: string, ...events: string[]];

const LOADS: readonly Story[] = [
  ["the first page is the start-up set", "a.1(5,0,0) b.1(6,9,1) c.1[4]"],
  ["a server that goes on tells nothing", "a.1(5,0,0) b.1(6,9,1) | a.1(5,1,0) b.1(6,10,1)"],
  ["a new model is a load", "a.1(5,9,0) | a.1(5,9,0) b.1(6,0,0)", "2 loaded b.1"],
  ["an explicit server with nothing loaded loads its first model", "| | a.1(5,0,0)", "3 loaded a.1"],
  ["an unload leaves failure series behind", "a.1(5,9,2) b.1(6,9,0) | a.1[2] b.1(6,9,0)", "2 unloaded a.1"],
  ["the last model can go, too", "a.1(5,9,2) | a.1[2]", "2 unloaded a.1"],
  ["the last model of an old server goes without a trace", "a.1(_,9,_) |", "2 unloaded a.1"],
  [
    "load after unload is the same model again",
    "a.1(5,9,2) b.1(6,9,0) | a.1[2] b.1(6,9,0) | a.1(7,0,2) b.1(6,9,0)",
    "2 unloaded a.1",
    "3 loaded a.1 again",
  ],
  ["unload and load between two pages is a reload", "a.1(5,9,2) b.1(6,9,0) | a.1(7,0,2) b.1(6,10,0)", "2 reloaded a.1"],
  [
    "a reload in place lets the counters go on",
    "a.1(5,9,2) b.1(6,9,0) | a.1(7,10,2) b.1(6,9,0)",
    "2 reloaded a.1 in place",
  ],
  [
    "several reloads in one interval are as many events",
    "a.1(5,9,2) b.1(6,9,0) c.1(7,9,0) | a.1(8,10,2) b.1(9,10,0) c.1(7,9,0)",
    "2 reloaded a.1 in place",
    "2 reloaded b.1 in place",
  ],
  [
    "all busy models may be reloaded in place without a restart",
    "a.1(5,90,0) b.1(6,90,0) | a.1(8,91,0) b.1(9,91,0)",
    "2 reloaded a.1 in place",
    "2 reloaded b.1 in place",
  ],
  [
    "an ensemble has no load gauge: its counters tell of a reload",
    "e.1(0,9,0) a.1(5,9,0) | e.1(0,2,0) a.1(5,9,0)",
    "2 reloaded e.1",
  ],
  [
    "an old server without load gauges: counters tell of a reload",
    "a.1(_,9,_) b.1(_,9,_) | a.1(_,2,_) b.1(_,9,_)",
    "2 reloaded a.1",
  ],
  ["the only model loaded again is a reload, not a restart", "a.1(5,9,0) | a.1(6,1,0)", "2 reloaded a.1"],
  ["a load gauge that is not shown for one page says nothing", "a.1(5,9,0) | a.1(_,9,0) | a.1(5,9,0)"],
  [
    "successes that are not shown for one page say nothing",
    "a.1(5,9,0) b.1(6,9,0) | a.1(5,_,0) b.1(6,9,0) | a.1(5,9,0) b.1(6,9,0)",
  ],
  [
    "a reload is seen across a page without the gauge",
    "a.1(5,9,0) | a.1(_,9,0) | a.1(6,9,0)",
    "3 reloaded a.1 in place",
  ],
];

const VERSIONS: readonly Story[] = [
  ["a version that replaces another is one event", "a.1(5,9,2) | a.2(6,0,0) a.1[2]", "2 version_changed a.2 from 1"],
  [
    "the old version may go a page later",
    "a.1(5,9,2) | a.1(5,9,2) a.2(6,0,0) | a.1[2] a.2(6,1,0)",
    "2 version_changed a.2 from 1",
  ],
  [
    "the old version may go a page earlier",
    "a.1(5,9,2) b.1(7,1,0) | a.1[2] b.1(7,1,0) | a.1[2] a.2(6,0,0) b.1(7,1,0)",
    "2 unloaded a.1",
    "3 version_changed a.2 from 1",
  ],
  [
    "a roll-back is a version change",
    "a.1(5,9,2) | a.2(6,0,0) a.1[2] | … | a.1(7,0,2) a.2[0]",
    "2 version_changed a.2 from 1",
    "4 version_changed a.1 from 2",
  ],
  ["versions side by side on the first page are no change", "a.1(5,9,2) a.2(6,9,0) | a.1(5,9,2) a.2(6,9,0)"],
  [
    "a third version comes in place of the one that goes",
    "a.1(5,9,2) a.2(6,9,0) | a.2(6,9,0) a.3(7,0,0) a.1[2]",
    "2 version_changed a.3 from 1",
  ],
  [
    "with none gone it comes after the highest",
    "a.10(5,9,2) a.9(6,9,0) | a.10(5,9,2) a.9(6,9,0) a.11(7,0,0)",
    "2 version_changed a.11 from 10",
  ],
  [
    "a version that goes long after another one came is an unload",
    "a.1(5,9,2) | a.1(5,9,2) a.2(6,0,0) | … | a.1[2] a.2(6,1,0)",
    "2 version_changed a.2 from 1",
    "4 unloaded a.1",
  ],
  [
    "a reload of one version does not hide that another goes",
    "a.1(5,9,2) a.2(6,9,0) | a.1(5,9,2) a.2(7,9,0) | a.1[2] a.2(7,9,0)",
    "2 reloaded a.2 in place",
    "3 unloaded a.1",
  ],
  [
    "two versions of a new model are two loads",
    "b.1(5,9,0) | b.1(5,9,0) a.1(6,0,0) a.2(7,0,0)",
    "2 loaded a.1",
    "2 loaded a.2",
  ],
  [
    "all versions unloaded at once are unloads, however new",
    "a.1(5,9,2) b.1(3,1,0) | a.1(5,9,2) a.2(6,0,0) b.1(3,1,0) | a.1[2] a.2[0] b.1(3,1,0)",
    "2 version_changed a.2 from 1",
    "3 unloaded a.1",
    "3 unloaded a.2",
  ],
];

const FLASHES: readonly Story[] = [
  ["failure series out of nowhere are a short visit", "a.1(5,9,0) | a.1(5,9,0) evil.1[3]", "2 flashed evil.1 with 3"],
  ["a load that failed half-way leaves them at 0", "a.1(5,9,0) | a.1(5,9,0) evil.1[0]", "2 flashed evil.1 with 0"],
  ["they are told once", "a.1(5,9,0) | evil.1[0] a.1(5,9,0) | evil.1[0] a.1(5,9,0)", "2 flashed evil.1 with 0"],
  ["on the first page they are history", "a.1(5,9,0) c.1[7] | a.1(5,9,0) c.1[7]"],
  [
    "last requests may fail after an unload",
    "a.1(5,9,2) b.1(6,9,0) | a.1[3] b.1(6,9,0) | a.1[4] b.1(6,9,0)",
    "2 unloaded a.1",
  ],
  [
    "failures long after an unload are a short visit of a known model",
    "a.1(5,9,2) b.1(6,9,0) | a.1[2] b.1(6,9,0) | … | a.1[5] b.1(6,9,0)",
    "2 unloaded a.1",
    "4 flashed a.1 with 3",
  ],
  [
    "a model that was only seen in passing may come to stay",
    "b.1(5,9,0) | b.1(5,9,0) a.1[0] | b.1(5,9,0) a.1(6,0,0)",
    "2 flashed a.1 with 0",
    "3 loaded a.1 again",
  ],
];

const FAILED: readonly Story[] = [
  ["a failed scrape freezes the inventory", "a.1(5,9,2) b.1(6,9,0) | x | x | a.1(5,12,2) b.1(6,12,0)"],
  [
    "what changed behind failed scrapes is told after them",
    "a.1(5,9,2) b.1(6,9,0) | x | b.1(6,12,0) a.1[2]",
    "3 unloaded a.1",
  ],
  ["failed scrapes before the first page are nothing", "x | x | a.1(5,9,2)"],
];

test.each([...LOADS, ...VERSIONS, ...FLASHES, ...FAILED])("%s: %s", (_, pages, ...events) => {
  expect(tell(pages)).toEqual(events);
});

const fact = (model: string, serving: boolean, failures = 0): ModelFact => ({
  id: Labels.of({ model, version: "1" }),
  serving,
  loadSeconds: serving ? 1 : undefined,
  successes: serving ? 5 : undefined,
  failures,
});
const look = (models: readonly ModelFact[]) => ({ source: "metrics", models, processCounter: undefined }) as const;

test("a server that invents models is bounded: those that do not fit are counted and tell nothing", () => {
  const inventory = new Inventory(100);
  inventory.observe(look([fact("own", true)]), epochMs(1));
  const crowd = Array.from({ length: 300 }, (_, i) => fact(`m${i}`, true));
  expect(inventory.observe(look([fact("own", true), ...crowd]), epochMs(2))).toHaveLength(99);
  expect(inventory.observe(look([fact("own", true), ...crowd]), epochMs(3))).toEqual([]);
  expect([...inventory.serving()]).toHaveLength(100);
  expect(inventory.refused).toBe(402);
});

test("a full inventory forgets the models that are gone longest, and traces of models do not push any out", () => {
  const inventory = new Inventory(3);
  inventory.observe(look([fact("a", true), fact("b", true), fact("c", true)]), epochMs(1));
  inventory.observe(look([fact("a", false), fact("b", true), fact("c", true)]), epochMs(2));
  expect(
    inventory.observe(look([fact("a", false), fact("b", true), fact("c", true), fact("x", false)]), epochMs(3)),
  ).toEqual([]);
  const seen = [fact("a", false), fact("b", true), fact("c", true), fact("d", true)];
  expect(inventory.observe(look(seen), epochMs(4)).map((event) => event.kind)).toEqual(["loaded"]);
  expect(inventory.observe(look(seen), epochMs(5))).toEqual([]);
});

test("whatever a server shows, a page that repeats itself tells nothing", () => {
  const amount = fc.option(fc.nat(9), { nil: undefined });
  const model = fc.record({
    id: fc.record({ model: fc.constantFrom("a", "b"), version: fc.constantFrom("1", "2", "x") }).map(Labels.of),
    serving: fc.boolean(),
    loadSeconds: amount,
    successes: amount,
    failures: amount,
  });
  const page = fc.option(
    fc.record({ models: fc.uniqueArray(model, { selector: ({ id }) => id.key }), energy: amount }),
  );
  fc.assert(
    fc.property(fc.array(page, { maxLength: 12 }), (pages) => {
      const inventory = new Inventory();
      let at = 0;
      for (const shown of pages) {
        if (shown === null) inventory.miss();
        else {
          const facts = { source: "metrics", models: shown.models, processCounter: shown.energy } as const;
          inventory.observe(facts, epochMs(++at));
          expect(inventory.observe(facts, epochMs(++at))).toEqual([]);
          const serving = shown.models.filter((each) => each.serving).map((each) => each.id.key);
          expect([...inventory.serving()].map((entry) => entry.id.key).sort()).toEqual(serving.sort());
        }
      }
    }),
  );
});
