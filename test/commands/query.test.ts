import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { UserMistake } from "../../src/app/user-mistake.ts";
import { QueryViews } from "../../src/app/views/query-views.ts";
import { queryCommand } from "../../src/commands/query.ts";
import { Bench, rulesOf } from "../monitor/bench.ts";
import { refusedPort } from "../support/ports.ts";
import { keepPrinted } from "../support/printed.ts";
import { type Sink, startSink } from "../support/sink.ts";
import { site } from "../web/site.ts";

const RECORDING = "test/fixtures/recordings/steady.jsonl.gz";
const RULES = `
groups:
  - name: all
    rules:
      - { alert: A, expr: 'x{model=~".*"} > 1' }
`;

const printed = keepPrinted();

/** Runs the command. @returns its lines, what it complains of, and its exit code */
async function query(...args: readonly string[]) {
  await queryCommand().exitOverride().parseAsync(args, { from: "user" });
  const lines = printed.stdout === "" ? [] : printed.stdout.trimEnd().split("\n");
  return { lines, complaint: printed.stderr, code: process.exitCode };
}

/** A server over a world that saw three pages. */
async function running() {
  const bench = new Bench({ rules: rulesOf(RULES) });
  for (let i = 1; i <= 3; i++) bench.tick({ "a:1": `x{model="m"} ${i}\nx{model="evil\u001b[31m\u202e"} 0.5\n` });
  const { server } = await site({ query: { samples: new QueryViews({ world: bench.world, now: () => bench.time }) } });
  return { url: `http://127.0.0.1:${server.port}`, at: bench.now };
}

describe("of a running program", () => {
  test("prints a line for each series, with nothing that a terminal would obey", async () => {
    const { url } = await running();
    expect(await query("x", "--url", url)).toEqual({
      lines: [
        'x{instance="a:1", job="triton", model="m"}                     3',
        'x{instance="a:1", job="triton", model="evil\\u001b[31m\\u202e"}  0.5',
      ],
      complaint: "",
      code: undefined,
    });
  });

  test("prints a line for each step", async () => {
    const { url, at } = await running();
    const [from, to] = [String(at / 1000 - 1), new Date(at).toISOString()];
    expect((await query('x{model="m"}', "--from", from, "--to", to, "--step", "1s", "--url", url)).lines).toEqual([
      'x{instance="a:1", job="triton", model="m"}',
      "  2026-11-23T08:00:02.000Z  2",
      "  2026-11-23T08:00:03.000Z  3",
    ]);
  });

  test("prints JSON, and what to read it with on the side", async () => {
    const { url, at } = await running();
    const { lines, complaint } = await query("count(rate(x[1m]))", "--url", url, "--format", "json");
    expect(JSON.parse(lines[0]!)).toEqual({ resultType: "vector", result: [{ metric: {}, value: [at / 1000, "2"] }] });
    expect(complaint).toMatch(/^PromQL info: /);
  });

  test("prints a number or a text by itself", async () => {
    const { url } = await running();
    expect((await query("1 + 1", "--url", url)).lines).toEqual(["2"]);
  });

  test("says where an expression is wrong", async () => {
    const { url } = await running();
    expect(await query("sum(x", "--url", url)).toEqual({
      lines: [],
      complaint: expect.stringMatching(/^1:6: /),
      code: 2,
    });
  });

  test("says that it cannot be reached", async () => {
    const { code } = await query("x", "--url", `http://127.0.0.1:${await refusedPort()}`);
    expect(code).toBe(3);
  });
});

describe("of something else that answers", () => {
  let sink: Sink;
  beforeEach(async () => {
    sink = await startSink();
  });
  afterEach(() => sink.close());

  test.each([
    "<html>",
    "null",
    "[]",
    '{"data":{"resultType":"vector","result":[{"metric":{"a":1},"value":[1,"2"]}]}}',
    '{"data":{"resultType":"vector","result":[{"metric":{},"value":[1e99,"2"]}]}}',
    '{"data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,2]]}]}}',
    '{"data":{"resultType":"matrix","result":[{"metric":{}}]}}',
    '{"data":{"resultType":"scalar","result":{}}}',
    '{"data":{"resultType":"histogram","result":[]}}',
  ])("prints nothing of it: %s", async (body) => {
    sink.answer(() => ({ status: 200, body }));
    expect(await query("x", "--url", sink.url)).toEqual({
      lines: [],
      complaint: "the server answered 200\n",
      code: 2,
    });
  });
});

describe("of a recording", () => {
  test("is evaluated at its end, also over families that no rule reads", async () => {
    const { lines } = await query("count by (job) (up)", "--recording", RECORDING);
    expect(lines).toEqual(['{job="triton"}  1']);
    printed.stdout = "";
    const byName = "count by (__name__) ({__name__=~'nv_.*_us'})";
    const found = await query(byName, "--recording", RECORDING, "--rules", "rules/triton.yml");
    expect(found.lines.map((line) => line.split(/ +/))).toContainEqual([
      "nv_inference_compute_output_duration_us",
      "3",
    ]);
  });

  test("is evaluated at a moment within it, and over a span", async () => {
    const [from, to] = ["1795352000", "1795352100"];
    const at = await query("max(time() - timestamp(up))", "--at", from, "--recording", RECORDING);
    expect(Number(at.lines[0]!.split(/\s+/)[1])).toBeLessThan(2);
    printed.stdout = "";
    const span = await query("sum(up)", "--from", from, "--to", to, "--step", "50s", "--recording", RECORDING);
    expect(span.lines).toEqual([
      "{}",
      "  2026-11-22T12:53:20.000Z  1",
      "  2026-11-22T12:54:10.000Z  1",
      "  2026-11-22T12:55:00.000Z  1",
    ]);
    printed.stdout = "";
    const all = await query("count_over_time(up[1h])", "--from", from, "--format", "json", "--recording", RECORDING);
    expect(JSON.parse(all.lines[0]!).result[0].values.length).toBeGreaterThan(30);
  });

  test("says where an expression is wrong", async () => {
    expect(await query("sum(", "--recording", RECORDING)).toMatchObject({
      complaint: expect.stringMatching(/^1:5: /),
      code: 2,
    });
  });

  test("that is none is a mistake", async () => {
    await expect(query("up", "--recording", "none.jsonl")).rejects.toThrow(UserMistake);
    await expect(query("up", "--recording", "package.json")).rejects.toThrow(UserMistake);
  });
});

test.each([
  [["x", "--to", "1"], "Cannot use --to or --step without --from"],
  [["x", "--step", "1s"], "Cannot use --to or --step without --from"],
  [["x", "--at", "1", "--from", "1"], "Cannot use both --at and --from"],
  [["x", "--url", "http://x", "--recording", "y"], "Cannot ask both"],
  [["x", "--rules", "y"], "Cannot use --config or --rules here"],
])("%j is a mistake", async (args, why) => {
  await expect(query(...args)).rejects.toThrow(why);
});

test("a time that is none is wrong usage", async () => {
  await expect(query("x", "--at", "noon")).rejects.toThrow("expected Unix seconds or an RFC 3339 time");
});
