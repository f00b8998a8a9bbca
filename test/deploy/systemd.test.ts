import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ROOT, textOf } from "../house/sources.ts";

const UNIT = "deploy/systemd/triton-sentinel.service";
const text = textOf(UNIT);
const missing = spawnSync("systemd-analyze", ["--version"]).error !== undefined;

function analyze(...args: readonly string[]): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync("systemd-analyze", args, { cwd: ROOT });
  return { status, said: `${stdout}${stderr}` };
}

describe.skipIf(missing)("systemd", () => {
  const folder = mkdtempSync(join(tmpdir(), "unit-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("finds nothing wrong with the unit, once the program it starts is there", () => {
    const file = join(folder, "triton-sentinel.service");
    writeFileSync(file, text.replace("/usr/local/bin/triton-sentinel", process.execPath));
    expect(analyze("verify", "--man=no", file)).toEqual({ status: 0, said: "" });
  });

  test("gives it an exposure of 2.0 at most", () => {
    const { status, said } = analyze("security", "--offline=yes", "--no-pager", "--threshold=20", UNIT);
    expect(said).toMatch(/exposure level for triton-sentinel\.service: [01]\.\d OK|: 2\.0 OK/);
    expect(status).toBe(0);
  });
});

test("V8 may compile, and nothing else is forgone for it", () => {
  expect(text).toMatch(/^MemoryDenyWriteExecute=no$/m);
  expect(text).toMatch(/^NoNewPrivileges=yes$/m);
  expect(text).toMatch(/^CapabilityBoundingSet=$/m);
});

test("a configuration that cannot be used is not tried again and again", () => {
  expect(text).toMatch(/^RestartPreventExitStatus=2$/m);
});

test("no secret stands in the unit", () => {
  expect(text).not.toMatch(/^Environment=.*(TOKEN|PASSWORD|SECRET)/m);
});
