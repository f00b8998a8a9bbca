import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { refusedPort } from "../support/ports.ts";
import { start } from "./cli.ts";

test("files that become pipes nobody writes to hold up neither a reload nor the end", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hanging-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = (name: string) => join(folder, name);
  writeFileSync(path("rules.yml"), "groups: []\n");
  writeFileSync(path("targets.json"), "[]");
  writeFileSync(
    path("sentinel.yml"),
    `scrape_configs:
- { job_name: a, static_configs: [{ targets: ["127.0.0.1:${await refusedPort()}"] }] }
- { job_name: b, file_sd_configs: [{ files: [targets.json] }] }
rule_files: [rules.yml]
web: { listen_address: "127.0.0.1:0" }
`,
  );
  const run = start(["run", "--config", path("sentinel.yml"), "--auto-reload", "1s"]);
  onTestFinished(() => void run.process.kill("SIGKILL"));
  await run.saying("alerting rules");
  for (const name of ["rules.yml", "targets.json", "sentinel.yml"]) {
    rmSync(path(name));
    execFileSync("mkfifo", [path(name)]);
  }
  const refused = new Promise((resolve) =>
    run.process.stderr.on("data", (chunk) => String(chunk).includes("expected a regular file") && resolve(true)),
  );
  run.process.kill("SIGHUP");
  await refused;
  run.process.kill("SIGTERM");
  expect((await run.ended).code).toBe(0);
});
