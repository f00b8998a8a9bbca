import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { showRules } from "../../src/app/rules-show.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rules-show-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function fileOf(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

test("without anything said the packaged rules are shown as they are written", async () => {
  const rules = await showRules({ names: [], effective: false });
  const watchdog = rules.find(({ name }) => name === "SentinelWatchdog")!;
  expect(watchdog.position.file).toBe("rules/triton.yml");
  expect(watchdog.fields.map(({ path }) => path)).toContain("labels.severity");
  expect(rules.every(({ fields }) => fields.every(({ from }) => from !== undefined))).toBe(true);
});

test("a configuration's rules are shown as it runs them, with what its overrides change and switch off", async () => {
  await fileOf(
    "mine.yml",
    "overrides:\n- alert: TritonErrorRatioAnomaly\n  set: { for: 2m }\n- alert: TritonBatchShapeShift\n  disabled: true\n",
  );
  const config = await fileOf(
    "config.yml",
    "scrape_configs: [{ job_name: triton, static_configs: [{ targets: ['gpu-7:8002'] }] }]\nrule_files: [mine.yml]\n",
  );
  const rules = await showRules({
    config,
    names: ["TritonErrorRatioAnomaly", "TritonBatchShapeShift"],
    effective: true,
  });
  expect(rules).toHaveLength(2);
  const field = (path: string) => rules[0]!.fields.find((one) => one.path === path);
  expect(field("for")).toMatchObject({ value: "2m", from: { file: join(folder, "mine.yml"), line: 3 } });
  expect(field("keep_firing_for")).toMatchObject({ value: "60s", from: { file: "rules/triton.yml" } });
  expect(field("detect.fire.score")).toEqual({ path: "detect.fire.score", value: 1 });
  expect(rules[0]).not.toHaveProperty("disabled");
  expect(rules[1]).toMatchObject({ disabled: { file: join(folder, "mine.yml"), line: 5 } });
});

test("a name that no rule has is a mistake, with the one that was meant", async () => {
  await expect(showRules({ names: ["TritonErrorRatioAnomali"], effective: false })).rejects.toThrow(
    'Cannot show rule "TritonErrorRatioAnomali": no rule has that name, did you mean "TritonErrorRatioAnomaly"?',
  );
});

test("rules with mistakes are not shown but told of", async () => {
  const rules = [await fileOf("broken.yml", "groups: [{ name: g, rules: [{ alert: A, exprr: up }] }]")];
  await expect(showRules({ rules, names: [], effective: false })).rejects.toThrow(/unknown field "exprr"/);
});
