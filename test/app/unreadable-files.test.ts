import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { unreadableFiles } from "../../src/app/unreadable-files.ts";
import { loadConfig } from "../../src/config/load-config.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "unreadable-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function warned(text: string): Promise<string[]> {
  const loaded = loadConfig("c.yml", text, new Map(), folder);
  if (loaded.kind !== "ok") throw new Error(JSON.stringify(loaded.mistakes));
  const warnings = await unreadableFiles(loaded);
  return warnings.map(({ line, column, severity, message }) =>
    `${line}:${column} ${severity} ${message}`.replaceAll(folder, ""),
  );
}

test("files that are there are not spoken of", async () => {
  mkdirSync(join(folder, "targets"));
  writeFileSync(join(folder, "tokens"), "a:b\n");
  const text = `web: { api_tokens_file: tokens }
scrape_configs: [{ job_name: a, file_sd_configs: [{ files: [targets/*.yml] }] }]`;
  expect(await warned(text)).toEqual([]);
});

test("each that cannot be read is a warning where it is named", async () => {
  mkdirSync(join(folder, "password"));
  writeFileSync(join(folder, "targets"), "");
  const text = `web: { api_tokens_file: tokens }
scrape_configs:
- job_name: a
  file_sd_configs: [{ files: [targets/*.yml, nowhere/a.json] }]
  basic_auth: { username: u, password_file: password }`;
  expect(await warned(text)).toEqual([
    '4:31 warning scrape_configs[0].file_sd_configs[0].files[0]: Cannot read the target files from "/targets": expected a folder, found a file',
    '4:46 warning scrape_configs[0].file_sd_configs[0].files[1]: Cannot read the target files from "/nowhere": there is no such folder',
    '5:45 warning scrape_configs[0].basic_auth.password_file: Cannot read the password of basic_auth from "/password": expected a file, found a folder',
    '1:25 warning web.api_tokens_file: Cannot read the API tokens from "/tokens": there is no such file',
  ]);
});
