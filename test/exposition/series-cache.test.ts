import { describe, expect, test } from "vitest";
import { SeriesCache } from "../../src/exposition/series-cache.ts";

/** Lets a page of these lines, which all write the label l of a, pass through a cache; answers who was on it first. */
function pass(cache: SeriesCache, lines: readonly (readonly [key: string, value: string])[]): boolean[] {
  const spellings = lines.map(
    ([key, value]) => cache.find(key) ?? cache.add(key, { metric: "a", names: ["l"], escaped: [value] }, "gauge"),
  );
  cache.settle();
  const first = spellings.map((spelling) => cache.note(spelling) !== undefined);
  cache.evict();
  return first;
}

function countingCache() {
  const asked: string[] = [];
  const cache = new SeriesCache((labels) => asked.push(labels.get("l") ?? "") - 1);
  return { cache, asked };
}

describe("a cache of series", () => {
  test("takes spellings of one series for one, though none of them is the canonical one", () => {
    const { cache, asked } = countingCache();
    expect(pass(cache, [['a{l="x",}', "x"]])).toEqual([true]);
    expect(
      pass(cache, [
        ['a{ l="x"}', "x"],
        ['a{l="x",}', "x"],
        ['a{l="x"}', "x"],
      ]),
    ).toEqual([true, false, false]);
    expect(asked).toEqual(["x"]);
  });

  test("forgets the spellings a living series no longer has, and no series for it", () => {
    const { cache, asked } = countingCache();
    pass(cache, [['a{l="x",}', "x"]]);
    for (let i = 1; i < 10; i++) pass(cache, [[`a{${" ".repeat(i)}l="x"}`, "x"]]);
    expect(cache.find('a{l="x",}')).toBeUndefined();
    expect(cache.find(`a{${" ".repeat(9)}l="x"}`)).toBeDefined();
    expect(cache.find('a{l="x"}')).toBeDefined();
    expect(asked).toEqual(["x"]);
  });

  test("learns nothing from a page that was discarded", () => {
    const { cache, asked } = countingCache();
    cache.add('a{l="x"}', { metric: "a", names: ["l"], escaped: ["x"] }, undefined);
    cache.discard();
    pass(cache, []);
    expect(cache.find('a{l="x"}')).toBeUndefined();
    expect(asked).toEqual([]);
  });
});
