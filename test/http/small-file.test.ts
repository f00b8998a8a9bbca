import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readBounded, readSmallFile } from "../../src/http/small-file.ts";
import { Unprepared } from "../../src/http/unprepared.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "small-file-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (content: string): string => {
  const path = join(folder, "file");
  writeFileSync(path, content);
  return path;
};

test("a file is read up to its bound, and one that has more is not", async () => {
  const text = "ä".repeat(100_000);
  const path = write(text);
  expect(await readBounded(path, 200_000)).toBe(text);
  await expect(readBounded(path, 199_999)).rejects.toThrow("expected at most 199999 bytes");
});

test("a file that says it is huge is refused before it is read", async () => {
  const path = write("");
  truncateSync(path, 2 ** 32);
  await expect(readSmallFile(path, 100)).rejects.toThrow(`Cannot read file "${path}": expected at most 100 bytes`);
});

test("a pipe that nobody writes to is refused at once", async () => {
  const path = join(folder, "pipe");
  execFileSync("mkfifo", [path]);
  await expect(readSmallFile(path, 100)).rejects.toThrow(`Cannot read file "${path}": expected a regular file`);
});

test("a device without end is refused", async () => {
  await expect(readBounded("/dev/zero", 100)).rejects.toThrow("expected a regular file");
});

test("what is not there and what is a folder are told without the call that failed", async () => {
  mkdirSync(join(folder, "folder"));
  await expect(readSmallFile(join(folder, "none"), 100)).rejects.toThrow(/: ENOENT: no such file or directory$/);
  await expect(readSmallFile(join(folder, "folder"), 100)).rejects.toThrow(
    /: EISDIR: illegal operation on a directory$/,
  );
  await expect(readSmallFile(join(folder, "none"), 100)).rejects.toBeInstanceOf(Unprepared);
});
