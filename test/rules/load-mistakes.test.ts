import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { formatMistakes } from "../../src/documents/format.ts";
import { loadRules } from "../../src/rules/load.ts";

const golden = new URL("../golden/mistakes/", import.meta.url);
const files = readdirSync(golden).filter((name) => /^rules-.*\.yml$/.test(name));

describe("every mistake of a rule file is told at once, with its place", () => {
  test.each(files)("%s", async (file) => {
    const text = readFileSync(new URL(file, golden), "utf8");
    const { mistakes, groups } = loadRules([{ file, text }]);
    expect(groups).toEqual([]);
    const told = formatMistakes(mistakes, { color: false });
    await expect(told).toMatchFileSnapshot(new URL(file.replace(".yml", ".txt"), golden).pathname);
  });
});

test("mistakes of several files come in the order of the files", () => {
  const { mistakes } = loadRules([
    { file: "b.yml", text: "groups: 1\nx: 2" },
    { file: "a.yml", text: "groups: 3" },
  ]);
  expect(mistakes.map((m) => `${m.file}:${m.line}`)).toEqual(["b.yml:1", "b.yml:2", "a.yml:1"]);
});
