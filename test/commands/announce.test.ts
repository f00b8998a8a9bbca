import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { announceCommand } from "../../src/commands/announce.ts";
import { type Sink, startSink } from "../support/sink.ts";

let api: Sink;
beforeEach(async () => {
  api = await startSink();
  vi.stubEnv("TRITON_SENTINEL_TOKEN", "t0ken");
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.exitCode = undefined;
  await api.close();
});

test("how long the announcement is good for is handed on as it was written", async () => {
  const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  api.answer(({ body }) => ({
    status: 400,
    body: JSON.stringify({ error: `Cannot use ttl ${JSON.stringify(JSON.parse(body).ttl)}` }),
  }));
  const args = ["--url", api.url, "--model", "bert", "--ttl", "10000h", "--reason", "r", "--by", "ci"];
  await announceCommand().parseAsync(args, { from: "user" });
  expect(stderr).toHaveBeenCalledWith('Cannot announce the change: Cannot use ttl "10000h"\n');
  expect(process.exitCode).toBe(2);
});
