import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { rulesExportCommand } from "../../src/commands/rules-export.ts";

const folder = mkdtempSync(join(tmpdir(), "rules-export-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
});

/** Runs the command on a rule file; what it wrote to the file, to standard error, and its exit code. */
async function run(rules: string, ...flags: readonly string[]) {
  const [from, to] = [join(folder, "my.yml"), join(folder, "out.yml")];
  writeFileSync(from, rules);
  let said = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said += String(text);
    return true;
  });
  await rulesExportCommand().parseAsync(["--to", "prometheus", "--rules", from, "-o", to, ...flags], { from: "user" });
  return { text: readFileSync(to, "utf8"), said, code: process.exitCode };
}

const GOOD = "groups: [{ name: g, rules: [{ alert: A, expr: up == 0 }] }]";
const ODD = "groups: [{ name: g, rules: [{ alert: A, expr: triton_sentinel_scrape_problems > 0 }] }]";

test("rules export writes the rules and how to write them again", async () => {
  const { text, said, code } = await run(GOOD, "--job", "inference", "--interval", "30s", "--strict");
  expect(text).toContain('up{job="inference"} == 0');
  expect(text).toContain("interval: '30s'");
  expect(text).toMatch(
    /^# {3}triton-sentinel rules export --to prometheus --strict --rules \S+ --job inference --interval 30s$/m,
  );
  expect([said, code]).toEqual(["", undefined]);
});

test("rules export says what it leaves out, and fails for it with --strict", async () => {
  const lenient = await run(ODD);
  expect(lenient.said).toMatch(/^not exported: A: it reads triton_sentinel_scrape_problems/);
  expect(lenient.code).toBeUndefined();
  expect((await run(ODD, "--strict")).code).toBe(1);
});
