import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { cli } from "./cli.ts";

const FOLDER = "test/golden/check";
const files = readdirSync(new URL("../golden/check", import.meta.url));
const ending = (suffix: string) =>
  files.filter((name) => name.endsWith(suffix)).map((name) => name.replace(".yml", ""));

const saved = (name: string): string => new URL(`../golden/check/${name}.txt`, import.meta.url).pathname;

describe("check rules tells every mistake of a file with its place and ends with 2", () => {
  test.each(ending(".rules.yml"))("%s", async (name) => {
    const { code, stdout, stderr } = await cli(["check", "rules", `${FOLDER}/${name}.yml`]);
    expect([code, stderr]).toEqual([2, ""]);
    await expect(stdout).toMatchFileSnapshot(saved(name));
  });
});

describe("check config tells every mistake of a file, and of the rule files it names, and ends with 2", () => {
  test.each(ending(".config.yml"))("%s", async (name) => {
    const { code, stdout, stderr } = await cli(["check", "config", `${FOLDER}/${name}.yml`]);
    expect([code, stderr]).toEqual([2, ""]);
    await expect(stdout).toMatchFileSnapshot(saved(name));
  });
});

test("files without mistakes end with 0 and a count of what was checked", async () => {
  const rules = await cli(["check", "rules", "rules/triton.yml"]);
  expect(rules).toEqual({
    code: 0,
    stderr: "",
    stdout: expect.stringMatching(/^checked 1 file, \d+ rules: no mistakes\n$/),
  });
  const config = await cli(["check", "config", `${FOLDER}/right.yml`]);
  expect(config).toEqual({ code: 0, stderr: "", stdout: "checked 1 file: no mistakes\n" });
});

test("a file that is not there hides no mistake of another", async () => {
  const rules = await cli(["check", "rules", "nowhere.yml", `${FOLDER}/expressions.rules.yml`]);
  expect(rules.code).toBe(2);
  expect(rules.stderr).toMatch(/Cannot find rule files "nowhere\.yml"/);
  expect(rules.stdout).toContain("expressions.rules.yml:");
  const config = await cli(["check", "config", "nowhere.yml", `${FOLDER}/typos.config.yml`]);
  expect(config.code).toBe(2);
  expect(config.stderr).toMatch(/Cannot read nowhere\.yml/);
  expect(config.stdout).toContain("typos.config.yml:");
});

test("warnings fail only where they are asked to", async () => {
  const rules = ["check", "rules", "test/golden/check/warnings.yml"];
  const lenient = await cli(rules);
  expect([lenient.code, lenient.stdout]).toEqual([0, expect.stringMatching(/errors: 0, warnings: [1-9]/)]);
  expect((await cli([...rules, "--strict"])).code).toBe(1);
});

test("the same mistakes come as JSON for programs and as workflow commands for GitHub", async () => {
  const check = (format: string) => cli(["check", "rules", `${FOLDER}/fields.rules.yml`, "--format", format]);
  const [json, github] = [await check("json"), await check("github")];
  const { mistakes } = JSON.parse(json.stdout);
  expect([json.code, github.code]).toEqual([2, 2]);
  expect(mistakes[0]).toMatchObject({ file: `${FOLDER}/fields.rules.yml`, line: 4, column: 5, severity: "error" });
  expect(github.stdout.trimEnd().split("\n")).toHaveLength(mistakes.length);
  expect(github.stdout).toContain(`::error file=${FOLDER}/fields.rules.yml,line=4,endLine=4,col=5,`);
});

test("nothing is no mistake where a file could not be read", async () => {
  const { code, stdout } = await cli(["check", "rules", "nowhere.yml"]);
  expect([code, stdout]).toEqual([2, "checked 0 files, 0 rules: could not be read: 1\n"]);
});

test("check rules without a file says that it wants one", async () => {
  const { code, stderr } = await cli(["check", "rules", "--recording", "monday.jsonl.gz"]);
  expect([code, stderr]).toEqual([2, expect.stringContaining("expected a rule file")]);
});
