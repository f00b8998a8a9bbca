import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/load-config.ts";
import { formatMistakes } from "../../src/documents/format.ts";

const golden = new URL("../golden/mistakes/", import.meta.url);
const files = readdirSync(golden).filter((name) => /^config-.*\.yml$/.test(name));
const env = new Map([["SAMPLES", "s3cret"]]);

test.each(files)("every mistake of %s is told at once, with its place", async (file) => {
  const loaded = loadConfig(file, readFileSync(new URL(file, golden), "utf8"), env);
  const told = loaded.kind === "mistakes" ? formatMistakes(loaded.mistakes, { color: false }) : "no mistakes";
  await expect(told).toMatchFileSnapshot(new URL(file.replace(".yml", ".txt"), golden).pathname);
  expect(told).not.toContain("s3cret");
});
