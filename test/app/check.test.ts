import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type CheckResult, checkConfigs, checkRules } from "../../src/app/check.ts";
import { epochMs } from "../../src/series/time.ts";

const NOW = epochMs(Date.UTC(2026, 10, 22));
const RECORDING = "test/fixtures/recordings/restart.jsonl.gz";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "check-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function fileOf(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

const lintsOf = ({ mistakes }: CheckResult): readonly string[] =>
  mistakes.map(({ line, severity, lint }) => `${line} ${severity} ${lint}`);

test("the packaged rules have no finding", async () => {
  expect(await checkRules(["rules/triton.yml"], NOW)).toEqual({
    checked: expect.stringMatching(/^1 file, \d+ rules$/),
    mistakes: [],
    unreadable: [],
  });
});

test("rules are counted whatever is wrong with them", async () => {
  const file = await fileOf("a.yml", "groups: [{ name: g, rules: [{ alert: A }, { alert: B, expr: up == 0 }] }]");
  const { checked, mistakes } = await checkRules([file], NOW);
  expect(checked).toBe("1 file, 2 rules");
  expect(mistakes).toHaveLength(1);
});

test("a file that cannot be read is not counted as checked", async () => {
  const { checked, unreadable } = await checkRules([join(folder, "nowhere.yml")], NOW);
  expect(checked).toBe("0 files, 0 rules");
  expect(unreadable).toEqual([expect.stringContaining("Cannot find rule files")]);
  expect(await checkConfigs([join(folder, "nowhere.yml")], NOW)).toMatchObject({ checked: "0 files", mistakes: [] });
});

test("what an override makes of a packaged rule is told where the override stands", async () => {
  const file = await fileOf("mine.yml", "overrides:\n- alert: TritonErrorRatioAnomaly\n  set: { for: 1s }\n");
  const result = await checkRules([file], NOW);
  expect(lintsOf(result)).toEqual(["3 warning short-for"]);
  expect(result.mistakes[0]).toMatchObject({ file, column: 15 });
});

test("a copy of the packaged rules is no duplicate of them, but a second copy in a configuration is", async () => {
  const rules =
    "groups: [{ name: g, rules: [{ alert: SentinelWatchdog, expr: vector(1), labels: { severity: none, category: monitor } }] }]";
  const file = await fileOf("copy.yml", rules);
  expect(lintsOf(await checkRules([file], NOW)).join()).not.toContain("duplicate-rule");
  const config = await fileOf(
    "config.yml",
    "scrape_configs: [{ job_name: triton, static_configs: [{ targets: ['gpu-7:8002'] }] }]\nrule_files: [copy.yml]\n",
  );
  expect(lintsOf(await checkConfigs([config], NOW)).join()).toContain("duplicate-rule");
});

test("the interval of a configuration decides how short is short", async () => {
  await fileOf("mine.yml", "overrides:\n- alert: TritonErrorRatioAnomaly\n  set: { for: 30s }\n");
  const config = (interval: string) =>
    fileOf(
      `${interval}.yml`,
      `global: { scrape_interval: ${interval} }\nscrape_configs: [{ job_name: triton, static_configs: [{ targets: ['gpu-7:8002'] }] }]\nrule_files: [mine.yml]\n`,
    );
  const told = async (interval: string) => lintsOf(await checkConfigs([await config(interval)], NOW));
  expect((await told("5s")).join()).not.toContain("short-for");
  expect((await told("20s")).join()).toContain("short-for");
});

test("a recording shows which exceptions are of use", async () => {
  const file = await fileOf(
    "mine.yml",
    `groups:
- name: g
  rules:
  - alert: Down
    expr: up == 0
    labels: { severity: info }
    annotations: { summary: x, runbook_url: x }
    except:
    - { match: { instance: recording }, reason: it restarts }
    - { match: { instance: another }, reason: nothing has this name }
`,
  );
  expect(lintsOf(await checkRules([file], NOW))).toEqual([]);
  expect(lintsOf(await checkRules([file], NOW, [RECORDING]))).toEqual(["10 warning unused-exception"]);
});
