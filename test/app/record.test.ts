import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { record } from "../../src/app/record.ts";
import { systemClock } from "../../src/app/system-clock.ts";
import { recordCommand } from "../../src/commands/record.ts";
import { SECOND } from "../../src/series/time.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "record-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const into = (file: string) => record({ targets: [], interval: SECOND, file, version: "0" }, systemClock, () => {});

test("a file that is there is not overwritten, and that is said", async () => {
  const file = join(folder, "a.jsonl");
  writeFileSync(file, "precious");
  await expect(into(file)).rejects.toThrow(
    `Cannot record into ${JSON.stringify(file)}: there is such a file already, and none is overwritten`,
  );
  expect(readFileSync(file, "utf8")).toBe("precious");
});

test("a folder that is not there is told as such", async () => {
  await expect(into(join(folder, "nowhere", "a.jsonl"))).rejects.toThrow(/: there is no such folder$/);
});

test("the help says how often by default in words for people", () => {
  expect(recordCommand().helpInformation()).toMatch(/how often to scrape\s+\(default:\s+1s\)/);
});
