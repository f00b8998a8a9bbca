import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../house/sources.ts";

/** What makes Node refuse every write and every other program; the name lost its "experimental" in later versions. */
const permission = ["--permission", "--experimental-permission"].find((flag) =>
  process.allowedNodeEnvironmentFlags.has(flag),
);

test.skipIf(permission === undefined)("it runs, serves and stops where no file may be written", async () => {
  const args = [permission!, "--allow-fs-read=*", "--no-warnings", join(ROOT, "dist/main.js"), "run"];
  const program = spawn(process.execPath, [...args, "--listen", "127.0.0.1:0", "http://127.0.0.1:9/metrics"]);
  let said = "";
  let complained = "";
  program.stderr.on("data", (chunk) => {
    complained += chunk;
  });
  const ended = new Promise<number | null>((resolve) => program.once("close", resolve));
  const url = await new Promise<string>((resolve, reject) => {
    program.stdout.on("data", (chunk) => {
      said += chunk;
      const [, port] = /http:\/\/127\.0\.0\.1:(\d+)/.exec(said) ?? [];
      if (port !== undefined && said.includes("watching ")) resolve(`http://127.0.0.1:${port}`);
    });
    program.once("close", () => reject(new Error(`${said}${complained}`)));
  });
  expect((await fetch(`${url}/-/healthy`)).status).toBe(200);
  expect(await (await fetch(`${url}/metrics`)).text()).toContain("triton_sentinel_build_info");
  program.kill("SIGTERM");
  expect(await ended).toBe(0);
  expect(complained).not.toMatch(/ERR_ACCESS_DENIED|EROFS/);
});
