import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { init } from "../../src/app/init.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { refusedPort } from "../support/ports.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "init-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const written = (): string => readFileSync(join(folder, "triton-sentinel.yml"), "utf8");

test("of the URL of a metrics page the address is taken", async () => {
  const port = await refusedPort();
  const { address, models } = await init(folder, `http://127.0.0.1:${port}/metrics`, "test");
  expect([address, models]).toEqual([`127.0.0.1:${port}`, undefined]);
  expect(written()).toContain(`targets: ["127.0.0.1:${port}"]`);
  expect(loadConfig("c.yml", written(), new Map())).toMatchObject({ kind: "ok" });
});

test.each([
  ["https://127.0.0.1:1/metrics", /expected a host and a port, "127\.0\.0\.1:1"; scheme and metrics_path/],
  ["http://127.0.0.1:1/other", /expected a host and a port/],
  ["http://u:hunter2@127.0.0.1:1/metrics", /^Cannot use target with a user name/],
  ["a b", /^Cannot use target "a b"/],
])("%s says what the address does not hold, so nothing is written", async (target, why) => {
  await expect(init(folder, target, "test")).rejects.toThrow(why);
  expect(existsSync(join(folder, "triton-sentinel.yml"))).toBe(false);
});
