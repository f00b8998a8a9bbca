import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { backtestCommand } from "../../src/commands/backtest.ts";
import { EXIT } from "../../src/commands/exit.ts";
import { answerFrom, startFakePrometheus } from "../app/backtest/fake-prometheus.ts";
import { refusedPort } from "../support/ports.ts";
import { keepPrinted } from "../support/printed.ts";

const RECORDING = "test/fixtures/recordings/explicit.jsonl.gz";
let folder: string;
const printed = keepPrinted();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "backtest-command-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function backtest(...args: readonly string[]) {
  await backtestCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .parseAsync(args, { from: "user" });
  return { ...printed, code: process.exitCode };
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const rules = (name: string, more: number) =>
  file(
    name,
    `groups:\n- name: test\n  rules:\n  - { alert: Busy, expr: 'sum(rate(nv_inference_request_success[1m])) > ${more}' }\n`,
  );

test("rules that raise more alerts than others end with 1, those that raise fewer with 0", async () => {
  const [loose, strict] = [rules("loose.yml", 1), rules("strict.yml", 1e6)];
  const common = ["--recording", RECORDING, "--fail-on", "new-alerts"];
  const more = await backtest("--rules", loose, "--against", strict, ...common);
  expect([more.code, more.stdout]).toEqual([EXIT.findings, expect.stringContaining("Difference: 1 more, 0 fewer")]);
  process.exitCode = undefined;
  const fewer = await backtest("--rules", strict, "--against", loose, ...common);
  expect([fewer.code, fewer.stdout]).toEqual([undefined, expect.stringContaining("0 more, 1 fewer")]);
});

test("the packaged rules are used where none are named, and can be named to compare with", async () => {
  const { stdout } = await backtest("--against", "packaged", "--recording", RECORDING, "--format", "json");
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ rules: "packaged rules", against: "packaged rules", new_alerts: false });
  expect(report.histories[0].difference.both.length).toBeGreaterThan(3);
});

test("a page goes into a file", async () => {
  const out = join(folder, "page.html");
  const { stdout } = await backtest(
    "--rules",
    rules("a.yml", 1),
    "--recording",
    RECORDING,
    "--format",
    "html",
    "-o",
    out,
  );
  expect(stdout).toBe("");
  expect(readFileSync(out, "utf8")).toMatch(/^<!doctype html>/);
});

test("reads a server with what a file says of it", async () => {
  const target = { job: "triton", instance: "a:1" };
  const server = await startFakePrometheus(
    answerFrom([
      { metric: { __name__: "nv_inference_request_success", model: "m", version: "1", ...target }, at: (t) => t },
      { metric: { __name__: "up", ...target }, at: () => 1 },
    ]),
  );
  const http = file("http.yml", "authorization: { credentials: s3cret }\n");
  const span = ["--from", "2026-11-23T00:00:00Z", "--to", "2026-11-23T01:00:00Z"];
  const args = ["--prometheus", server.url, ...span, "--http-config", http, "--rules", rules("a.yml", 0.5)];
  const { stdout, stderr } = await backtest(...args);
  expect(stdout).toContain("Busy");
  expect(stdout).toContain("241 scrapes every 15s, 0 failed");
  expect(stdout + stderr).not.toContain("s3cret");
  expect(server.asked.every(({ headers }) => headers["authorization"] === "Bearer s3cret")).toBe(true);
  await server.close();
});

test("a server that cannot be reached ends with 3", async () => {
  const url = `http://127.0.0.1:${await refusedPort()}`;
  const { code, stderr } = await backtest("--prometheus", url, "--from", "0");
  expect([code, stderr]).toEqual([EXIT.unreachable, expect.stringMatching(/^Cannot reach http:/)]);
});

test.each([
  [[], "Cannot backtest nothing"],
  [["--recording", RECORDING, "--fail-on", "new-alerts"], "expected --against"],
  [["--recording", RECORDING, "--from", "0"], "Cannot use --from here: expected it with --prometheus"],
  [["--prometheus", "http://x"], "expected --from"],
  [["--recording", "test/fixtures/recordings/none.jsonl"], "Cannot read recording"],
  [["--recording", RECORDING, "--rules", "none/*.yml"], "Cannot find rule files"],
])("%j is a mistake", async (args, wanted) => {
  await expect(backtest(...args)).rejects.toThrow(wanted);
});

test("mistakes in a rule file are told with their places", async () => {
  const bad = file("bad.yml", "groups:\n- name: test\n  rules:\n  - { alert: A, expr: 'sum(' }\n");
  await expect(backtest("--recording", RECORDING, "--against", bad)).rejects.toThrow(/bad\.yml:4:\d+: error/);
});

test("mistakes in a file for HTTP are told with their places and without secrets", async () => {
  const http = file("http.yml", "basic_auth: { username: me, pasword: s3cret }\n");
  const failed = backtest("--prometheus", "http://127.0.0.1:1", "--from", "0", "--http-config", http);
  await expect(failed).rejects.toThrow(/http\.yml:1:\d+: error/);
  await expect(failed).rejects.not.toThrow(/s3cret/);
});

test("an empty recording is a mistake", async () => {
  await expect(backtest("--recording", file("empty.jsonl", ""))).rejects.toThrow("it holds no scrapes");
});
