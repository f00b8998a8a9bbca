import { readFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { testCommand } from "../../../src/commands/test.ts";
import { folderOf } from "./files.ts";

const PASSES = "tests: [{ name: passes, promql_expr_test: [{ expr: '1 + 1', exp_samples: [{ value: 2 }] }] }]\n";
const FAILS = "tests: [{ name: fails, promql_expr_test: [{ expr: '1 + 1', exp_samples: [{ value: 3 }] }] }]\n";
const WRONG = "tests: [{ nam: wrong }]\n";

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** Runs the command. @returns what it wrote, and its exit code */
async function run(...args: string[]): Promise<{ out: string; err: string; code: unknown }> {
  const written = { out: "", err: "" };
  const hear = (where: "out" | "err") => (text: string | Uint8Array) => {
    written[where] += String(text);
    return true;
  };
  vi.spyOn(process.stdout, "write").mockImplementation(hear("out"));
  vi.spyOn(process.stderr, "write").mockImplementation(hear("err"));
  await testCommand().parseAsync(args, { from: "user" });
  return { ...written, code: process.exitCode };
}

test("the exit code says whether all passed, one failed, or a file is wrong", async () => {
  const folder = folderOf({ "passes.yml": PASSES, "fails.yml": FAILS, "wrong.yml": WRONG });
  expect(await run(`${folder}/passes.yml`)).toMatchObject({ code: undefined, err: "" });
  const failed = await run(`${folder}/fails.yml`, `${folder}/passes.yml`);
  expect(failed).toMatchObject({ code: 1, err: "" });
  expect(failed.out).toContain("differs   {}: expected 3, came 2");
  const wrong = await run(`${folder}/*.yml`);
  expect(wrong).toMatchObject({ code: 2, out: "" });
  expect(wrong.err).toContain('unknown field "nam", did you mean "name"?');
});

test("a file that is not there is a mistake", async () => {
  expect(await run("no-such.yml")).toMatchObject({
    code: 2,
    err: 'Cannot find rule tests "no-such.yml": nothing matches\n',
  });
});

test("tests are chosen by name, and results written as JSON and JUnit XML", async () => {
  const folder = folderOf({ "t.yml": PASSES.replace("}]\n", "}, { name: fails }]\n") });
  const { out, code } = await run(`${folder}/t.yml`, "--run", "^p", "--format", "json", "--junit", `${folder}/j.xml`);
  expect(code).toBeUndefined();
  expect(JSON.parse(out).summary).toEqual({ tests: 1, passed: 1, failed: 0, skipped: 1 });
  expect(readFileSync(`${folder}/j.xml`, "utf8")).toContain('<testcase name="passes"');
});

test("coverage follows the results where it is asked for", async () => {
  const folder = folderOf({ "t.yml": PASSES });
  expect((await run(`${folder}/t.yml`)).out).not.toContain("coverage:");
  expect((await run("--coverage", `${folder}/t.yml`)).out).toContain("coverage: 0 of 0 rules (100 %)");
});
