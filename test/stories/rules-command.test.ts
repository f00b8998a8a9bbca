import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cli } from "./cli.ts";

let folder = "";
let mine = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rules-command-"));
  mine = join(folder, "mine.yml");
  await writeFile(
    mine,
    "overrides:\n- alert: TritonErrorRatioAnomaly\n  set: { for: 2m }\n- alert: TritonBatchShapeShift\n  disabled: true\n",
  );
});
afterAll(() => rm(folder, { recursive: true }));

test("rules list has a line for each rule", async () => {
  const { code, stdout } = await cli(["rules", "list", "--rules", "rules/triton.yml", mine]);
  const lines = stdout.trimEnd().split("\n");
  expect(code).toBe(0);
  expect(lines).toContainEqual(
    expect.stringMatching(
      /^rules\/triton\.yml:\d+ {2}triton-inference {2}alert {2}warning {2}TritonErrorRatioAnomaly$/,
    ),
  );
  expect(lines).toContainEqual(expect.stringMatching(/TritonBatchShapeShift {2}\(switched off\)$/));
});

test("rules show tells where each field was written, and with --effective what nobody wrote", async () => {
  const show = ["rules", "show", "--rules", "rules/triton.yml", mine, "TritonErrorRatioAnomaly"];
  const [written, effective] = [await cli(show), await cli([...show, "--effective"])];
  expect([written.code, effective.code]).toEqual([0, 0]);
  expect(written.stdout).toMatch(
    /^alert TritonErrorRatioAnomaly {2}\(group triton-inference, rules\/triton\.yml:\d+\)\n/,
  );
  expect(written.stdout).toContain(`  2m  [${mine}:3]\n`);
  expect(written.stdout).not.toContain("[default]");
  expect(effective.stdout).toMatch(/ detect\.fire\.times +2\.5 {2}\[default\]\n/);
});

test("rules show --json is for programs", async () => {
  const { stdout } = await cli(["rules", "show", "--json", "SentinelWatchdog"]);
  const { rules } = JSON.parse(stdout);
  expect(rules).toHaveLength(1);
  expect(rules[0]).toMatchObject({
    kind: "alert",
    name: "SentinelWatchdog",
    group: "triton-sentinel",
    position: { file: "rules/triton.yml" },
  });
  expect(rules[0].fields).toContainEqual({
    path: "expr",
    value: "vector(1)",
    from: { file: "rules/triton.yml", line: expect.any(Number), column: expect.any(Number) },
  });
});

test("a name that no rule has ends with 2", async () => {
  const { code, stderr } = await cli(["rules", "show", "TritonErrorRatioAnomali"]);
  expect([code, stderr]).toEqual([2, expect.stringContaining('did you mean "TritonErrorRatioAnomaly"?')]);
});
