import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { replay } from "../../../src/app/replay.ts";
import { loadTestFiles } from "../../../src/app/rule-tests/load-test-files.ts";
import { runRuleTests } from "../../../src/app/rule-tests/run-rule-tests.ts";
import { readSettings } from "../../../src/app/settings.ts";
import { durationMs, formatDuration } from "../../../src/series/time.ts";
import { ROOT } from "../../house/sources.ts";
import { failuresOf, folderOf, runFiles } from "./files.ts";

const RULES = "groups: [{ name: g, rules: [{ alert: High, expr: x > 1, for: 1m }, { record: y, expr: x * 2 }] }]\n";
const recording = (name: string): string => `${ROOT}/test/fixtures/recordings/${name}.jsonl.gz`;

test("tests can be chosen by their names", async () => {
  const tests =
    "tests: [{ name: first of all, promql_expr_test: [{ expr: '1' }] }, { name: second }, { name: third }]\n";
  const chosen = async (...only: string[]) => {
    const { files, skipped } = await runFiles({ "t.yml": tests }, only);
    return [files.flatMap(({ tests: done }) => done.map(({ name }) => name)), skipped];
  };
  expect(await chosen()).toEqual([["first of all", "second", "third"], 0]);
  expect(await chosen("of .ll$", "^third")).toEqual([["first of all", "third"], 1]);
  await expect(chosen("(")).rejects.toThrow('Cannot select tests by "("');
});

test("an expectation that fails is told with its place in the file", async () => {
  expect(
    await failuresOf({
      "r.yml": RULES,
      "t.yml": `rule_files: [r.yml]
tests:
  - interval: 1m
    input_series: [{ series: x, values: '0 2 2 2' }]
    alert_rule_test:
      - { alertname: High, eval_time: 1m, exp_alerts: [{}] }
      - { alertname: High, eval_time: 1m, exp_alerts: [{}], exp_state: pending }
    promql_expr_test:
      - { expr: y, eval_time: 1m, exp_samples: [{ labels: y, value: 5 }] }
`,
    }),
  ).toEqual([
    't.yml:6: alert High at 1m: expected 1 firing alert, came 0\nmissing   {alertname="High"}\n  it is pending since 1m, not firing',
    't.yml:9: expression "y" at 1m: expected 1 sample, came 1\ndiffers   y: expected 5, came 4',
  ]);
});

test("a test that begins later knows what time it is", async () => {
  const tests = `tests:
  - start_timestamp: '2021-01-01T00:00:30Z'
    interval: 1m
    input_series: [{ series: x, values: '1 2 3' }]
    promql_expr_test:
      - { expr: 'time()', eval_time: 1m, exp_samples: [{ value: 1609459290 }] }
      - { expr: x, eval_time: 2m, exp_samples: [{ labels: x, value: 3 }] }
`;
  expect(await failuresOf({ "t.yml": tests })).toEqual([]);
});

test("values that differ in the last bit are equal where the file says so", async () => {
  const tests = "tests: [{ promql_expr_test: [{ expr: '0.1 + 0.2', exp_samples: [{ value: 0.3 }] }] }]\n";
  expect(await failuresOf({ "t.yml": tests })).toHaveLength(1);
  expect(await failuresOf({ "t.yml": `fuzzy_compare: true\n${tests}` })).toEqual([]);
});

test("quiet holds to the end of the series, long after the last expectation", async () => {
  const tests = `rule_files: [r.yml]
tests:
  - interval: 1m
    input_series: [{ series: x, values: '0x30 2x9' }]
    quiet: [High]
`;
  expect(await failuresOf({ "r.yml": RULES, "t.yml": tests })).toEqual([
    't.yml:5: alert High fired: expected it to stay quiet\nat 32m {alertname="High"}',
  ]);
});

test("the packaged rules can be tested with what a file changes of them", async () => {
  const overrides = "overrides: [{ alert: SentinelWatchdog, set: { labels.severity: info } }]\n";
  const tests = `packaged_rules: true
rule_files: [o.yml]
tests:
  - alert_rule_test: [{ alertname: SentinelWatchdog, match: subset, exp_alerts: [{ exp_labels: { severity: info } }] }]
`;
  expect(await failuresOf({ "o.yml": overrides, "t.yml": tests })).toEqual([]);
});

describe("mistakes of all files come at once, with their places", () => {
  test("of tests, of the rules they name, and files that are not there", async () => {
    const folder = folderOf({
      "a.yml": "rule_files: [r.yml, no.yml]\ntests: [{ recording: no.jsonl, quiet: [Hihg] }]\n",
      "b.yml":
        "rule_files: [ok.yml]\ntests:\n  - { recording: no.jsonl, quiet: [Hihg] }\n  - { alert_rule_tests: [] }\n",
      "c.yml": "rule_files: [ok.yml]\ntests:\n  - { recording: no.jsonl, quiet: [Hihg] }\n",
      "r.yml": "groups: [{ name: g, rules: [{ alert: A, expr: x, four: 1m }] }]\n",
      "ok.yml": RULES,
    });
    const { files, mistakes, unreadable } = await loadTestFiles([`${folder}/[abc].yml`, `${folder}/none*.yml`]);
    expect(files).toEqual([]);
    expect(unreadable).toEqual([`Cannot find rule tests "${folder}/none*.yml": nothing matches`]);
    expect(
      mistakes.map(
        ({ file, line, column, message }) =>
          `${file.replace(`${folder}/`, "")}:${line}:${column} ${message.split(":")[0]}`,
      ),
    ).toEqual(
      [
        'a.yml:1:21 Cannot find rule files "no.yml"',
        "b.yml:4:7 test 2",
        'c.yml:3:18 Cannot read recording "no.jsonl"',
        'c.yml:3:36 no alert is called "Hihg", did you mean "High"?',
        'r.yml:1:50 group "g", rule 1, "A"',
      ].sort((a, b) => (a < b ? -1 : 1)),
    );
  });
});

describe("on a recording", () => {
  test("alerts are where replay sees them", async () => {
    const settings = await readSettings({ urls: [] });
    const firing = new Map<string, { name: string; labels: Record<string, string> }>();
    const expectations: unknown[] = [];
    let start: number | undefined;
    await replay(settings, [recording("slow")], (event) => {
      if (event.kind === "scraped") start ??= event.at;
      if (event.kind !== "transition") return;
      const { labels, state, at } = event.transition;
      const name = labels.get("alertname")!;
      if (state === "firing") firing.set(labels.key, { name, labels: labels.without("alertname").toJSON() });
      else firing.delete(labels.key);
      const exp_alerts = [...firing.values()]
        .filter((one) => one.name === name)
        .map((one) => ({ exp_labels: one.labels }));
      // Of several steps in one instant the last counts.
      const eval_time = formatDuration(durationMs(at - start!));
      const last = expectations.findIndex((one) => (one as { key: string }).key === `${name} ${eval_time}`);
      if (last >= 0) expectations.splice(last, 1);
      expectations.push({ key: `${name} ${eval_time}`, alertname: name, eval_time, match: "subset", exp_alerts });
    });
    expect(expectations.length).toBeGreaterThan(8);
    const alert_rule_test = expectations.map((one) => ({ ...(one as object), key: undefined }));
    const tests = { packaged_rules: true, tests: [{ recording: recording("slow"), alert_rule_test }] };
    expect(await failuresOf({ "t.yml": stringify(tests) })).toEqual([]);
  });

  test("expressions are evaluated at their time", async () => {
    const tests = `tests:
  - recording: ${recording("restart")}
    promql_expr_test:
      - { expr: up, eval_time: 2m, exp_samples: [{ labels: 'up{instance="recording", job="triton"}', value: 1 }] }
      - { expr: up, eval_time: 2m15s, exp_samples: [{ labels: 'up{instance="recording", job="triton"}', value: 0 }] }
`;
    expect(await failuresOf({ "t.yml": tests })).toEqual([]);
  });

  test("a time after its end cannot be looked at", async () => {
    const tests = `tests:\n  - recording: ${recording("restart")}\n    promql_expr_test:\n      - { expr: vector(1), eval_time: 2h, exp_samples: [{ value: 1 }] }\n`;
    expect(await failuresOf({ "t.yml": tests })).toEqual([
      expect.stringMatching(/^t\.yml:4: the recording ends at 7m\S*: expected it to go on to 2h$/),
    ]);
  });

  test("one that is broken or empty fails the test, not the program", async () => {
    const lines = gunzipSync(readFileSync(recording("restart")))
      .toString()
      .split("\n");
    const folder = folderOf({ "empty.jsonl": "", "t.yml": "" });
    writeFileSync(join(folder, "broken.jsonl.gz"), gzipSync([lines[0], "{}", lines[1]].join("\n")));
    writeFileSync(
      join(folder, "t.yml"),
      "tests:\n  - { recording: empty.jsonl, promql_expr_test: [{ expr: x }] }\n  - { recording: broken.jsonl.gz, promql_expr_test: [{ expr: x }] }\n",
    );
    const { files } = await loadTestFiles([join(folder, "t.yml")]);
    const report = await runRuleTests(files, { only: [], stopwatch: () => 0 });
    const failures = report.files[0]!.tests.flatMap((one) => one.failures);
    expect(failures.map(({ kind }) => kind)).toEqual(["input", "input"]);
    expect(failures[0]!.summary).toBe("the recording is empty: expected scrapes");
    expect(failures[1]!.summary).toMatch(/^cannot read the recording: .*broken\.jsonl\.gz:2: expected "t"/);
  });
});
