import { Command } from "commander";
import { HttpClient } from "../http/http-client.ts";
import { durationMs } from "../series/time.ts";
import { printable } from "../telemetry/printable.ts";
import { EXIT } from "./exit.ts";
import { VERSION } from "./version.ts";

const DEFAULT_URL = "http://127.0.0.1:9464";

/** `triton-sentinel healthcheck`: whether a running monitor answers; for containers and supervisors. */
export function healthcheckCommand(): Command {
  return new Command("healthcheck")
    .description("ask a running triton-sentinel whether it is well; exit code 0 where it is, 1 where it is not")
    .option("--url <url>", "where it serves", DEFAULT_URL)
    .option("--ready", "ask whether it has scraped a target yet, instead of whether it lives", false)
    .action(async ({ url, ready }: { readonly url: string; readonly ready: boolean }) => {
      const client = new HttpClient({}, `triton-sentinel/${VERSION}`);
      const asked = `${url.replace(/\/+$/, "")}/-/${ready ? "ready" : "healthy"}`;
      const reply = await client.request({
        method: "GET",
        url: asked,
        timeout: durationMs(5_000),
        maxBytes: 65_536,
      });
      await client.close();
      const text = reply.kind === "answer" ? reply.body.toString() : `${reply.kind}: ${reply.why}`;
      process.stdout.write(`${printable(text.trim(), 200)}\n`);
      if (reply.kind !== "answer" || reply.status !== 200) process.exitCode = EXIT.findings;
    });
}
