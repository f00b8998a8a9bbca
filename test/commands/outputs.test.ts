import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { outputsCommand } from "../../src/commands/outputs.ts";
import { refusedPort } from "../support/ports.ts";
import { type Sink, startSink } from "../support/sink.ts";

let folder: string;
let hook: Sink;
let said = "";

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "outputs-"));
  hook = await startSink();
  said = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    said += text;
    return true;
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  await hook.close();
  rmSync(folder, { recursive: true });
});

/** Runs the command with a config. @returns the lines it prints and its exit code */
async function outputs(config: string, ...args: readonly string[]) {
  const file = join(folder, "sentinel.yml");
  writeFileSync(file, config);
  await outputsCommand().parseAsync([...args, "--config", file], { from: "user" });
  return { lines: said.trimEnd().split("\n"), code: process.exitCode };
}

const webhooks = (...urls: readonly (readonly [name: string, url: string])[]): string =>
  `outputs:\n  webhook:\n${urls.map(([name, url]) => `    - name: ${name}\n      url: ${url}\n`).join("")}`;

test("says that the test alert was sent", async () => {
  expect(await outputs(webhooks(["soc", hook.url]), "test")).toEqual({ lines: ["webhook soc: sent"], code: undefined });
  expect(hook.requests).toHaveLength(1);
});

test("a refusal is exit code 1, and its reason holds no secret", async () => {
  hook.answer(() => ({ status: 403 }));
  const { lines, code } = await outputs(webhooks(["soc", `${hook.url}/services/T0ken-secret`]), "test", "soc");
  expect(lines[0]).toMatch(/^webhook soc: refused: .*403/);
  expect(lines[0]).not.toContain("T0ken");
  expect(code).toBe(1);
});

test("nobody there is exit code 3", async () => {
  const { lines, code } = await outputs(webhooks(["soc", `http://127.0.0.1:${await refusedPort()}`]), "test");
  expect(lines[0]).toMatch(/^webhook soc: failed, would be tried again: /);
  expect(code).toBe(3);
});

test("lists what is configured, without secrets", async () => {
  const { lines } = await outputs(
    `alerting:
  alertmanagers:
    - static_configs: [{ targets: ["am-1:9093", "am-2:9093"] }]
      path_prefix: /am
    - dns_sd_configs: [{ names: [_am._tcp.example.org] }]
outputs:
  email:
    - name: ops
      to: ops@example.org
      from: sentinel@example.org
      smarthost: mail.example.org:587
      match: { severity: critical }
  webhook:
    - name: soc
      url: ${hook.url}/services/T0ken-secret
  log: { enabled: true }
`,
    "list",
  );
  expect(lines).toEqual([
    "alertmanager http://am-1:9093/am: every alert",
    "alertmanager http://am-2:9093/am: every alert",
    "alertmanager: those of _am._tcp.example.org in the DNS, every alert",
    'email ops: to ops@example.org through mail.example.org:587, alerts with severity="critical"',
    "webhook soc: every alert but those of severity none",
    "log log: every alert but those of severity none",
  ]);
});
