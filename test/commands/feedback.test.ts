import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { feedbackCommand } from "../../src/commands/feedback.ts";
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

const say = (...more: readonly string[]) =>
  feedbackCommand().parseAsync(["0c61ec0a207c29d4", "--url", `${api.url}/`, "--by", "alice", ...more], {
    from: "user",
  });

test("what is said goes to the alert's place in the API, and what was learned is printed", async () => {
  const stdout = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  api.answer(() => ({ status: 200, body: JSON.stringify({ data: { did: "up to 33 % is normal\u001b[31m" } }) }));
  await say("--verdict", "expected", "--note", "load test");
  const [request] = api.requests;
  expect(request).toMatchObject({
    method: "POST",
    path: "/api/v1/alerts/0c61ec0a207c29d4/feedback",
    headers: { authorization: "Bearer t0ken" },
  });
  expect(JSON.parse(request!.body)).toEqual({ verdict: "expected", note: "load test", by: "alice" });
  expect(stdout).toHaveBeenCalledWith("recorded as expected: up to 33 % is normal\\u001b[31m\n");
  expect(process.exitCode).toBeUndefined();
});

test.each([
  [404, { error: 'Cannot find alert "0c61ec0a207c29d4"' }, 'Cannot find alert "0c61ec0a207c29d4"', 2],
  [502, "<html>", "the server answered 502", 2],
  [200, { data: {} }, "the answer is not of the API", 2],
])("an answer of %i is told with its reason", async (status, body, why, code) => {
  const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  api.answer(() => ({ status, body: typeof body === "string" ? body : JSON.stringify(body) }));
  await say("--verdict", "true");
  expect(stderr).toHaveBeenCalledWith(`Cannot give feedback: ${why}\n`);
  expect(process.exitCode).toBe(code);
});

test("nobody there is exit code 3", async () => {
  const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  await api.close();
  await say("--verdict", "true");
  expect(stderr.mock.calls.join()).toMatch(/^Cannot give feedback: /);
  expect(process.exitCode).toBe(3);
});

test("without a token it says where to put one", async () => {
  vi.stubEnv("TRITON_SENTINEL_TOKEN", undefined);
  await expect(say("--verdict", "true")).rejects.toThrow(
    "Cannot give feedback without a token: expected --token-file or TRITON_SENTINEL_TOKEN",
  );
});
