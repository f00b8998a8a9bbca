import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readRuleFiles, readText } from "../../src/app/rule-files.ts";
import { UserMistake } from "../../src/app/user-mistake.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rule-files-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a pipe that nobody writes to is no configuration: it is refused and nobody waits", async () => {
  const path = join(folder, "pipe.yml");
  execFileSync("mkfifo", [path]);
  await expect(readText(path)).rejects.toThrow(new UserMistake(`Cannot read ${path}: expected a regular file`));
});

test("nor is it a rule file, whether it is named or matches a pattern", async () => {
  execFileSync("mkfifo", [join(folder, "pipe.yml")]);
  const read = (pattern: string) => readRuleFiles({ packaged: false, patterns: [pattern], base: folder });
  for (const pattern of ["pipe.yml", "*.yml"]) await expect(read(pattern)).rejects.toThrow(UserMistake);
});

test("a file of more than 16 MiB is refused before it is read", async () => {
  const path = join(folder, "big.yml");
  writeFileSync(path, "");
  truncateSync(path, 200 * 2 ** 20);
  await expect(readText(path)).rejects.toThrow(`Cannot read ${path}: expected at most 16777216 bytes`);
});
