import { expect, test } from "vitest";
import { reportJson } from "../../../src/app/rule-tests/report-json.ts";
import { reportJunit } from "../../../src/app/rule-tests/report-junit.ts";
import { coverageText, reportText } from "../../../src/app/rule-tests/report-text.ts";
import { runFiles } from "./files.ts";

const FILES = {
  "r.yml": `groups:
  - name: g
    rules:
      - { alert: High, expr: x > 1 }
      - { alert: Never, expr: x > 100 }
      - { record: 'x:double', expr: 2 * x }
      - { alert: Shift, detect: { level: nv_gpu_utilization, by: [instance] } }
`,
  "t.yml": `rule_files: [r.yml]
evaluation_interval: 1s
tests:
  - name: passes
    input_series: [{ series: 'nv_gpu_utilization{instance="a"}', values: '0.5x5' }]
    promql_expr_test: [{ expr: count(nv_gpu_utilization), eval_time: 5s, exp_samples: [{ value: 1 }] }]
  - name: 'fails & <tells>'
    input_series: [{ series: 'x{instance="a", m="<b>\\"&\\n\\u0001\\u202e"}', values: '2x5' }]
    alert_rule_test: [{ alertname: High, eval_time: 5s }]
    quiet: [High]
`,
};

test("a person sees which tests failed, where, why, and what nothing was seen of", async () => {
  expect(reportText(await runFiles(FILES))).toMatchInlineSnapshot(`
    "t.yml: 2 tests, 1 of 2 failed
      FAILED fails & <tells>
        t.yml:9:25: alert High at 5s: expected no firing alert, came 1
          unexpected {alertname="High", instance="a", job="triton", m="<b>\\"&\\n\\u0001\\u202e"}
        t.yml:10:13: alert High fired: expected it to stay quiet
          at 0s {alertname="High", instance="a", job="triton", m="<b>\\"&\\n\\u0001\\u202e"}
    2 tests: 1 passed, 1 failed
    2 of 4 rules never fired (--coverage lists them)
    "
  `);
});

test("coverage is a table of rules and of the states of their subjects", async () => {
  expect(coverageText((await runFiles(FILES)).coverage)).toMatchInlineSnapshot(`
    "rule      seen      states of its subjects  place
    High      fired                             r.yml:4
    Never     NEVER                             r.yml:5
    x:double  recorded                          r.yml:6
    Shift     NEVER     learning - - -          r.yml:7
    coverage: 2 of 4 rules (50 %)
    "
  `);
});

test("programs get the same as JSON", async () => {
  const { summary, files, coverage } = JSON.parse(reportJson(await runFiles(FILES)));
  expect(summary).toEqual({ tests: 2, passed: 1, failed: 1, skipped: 0 });
  expect(files[0].tests.map(({ name, outcome }: { name: string; outcome: string }) => [name, outcome])).toEqual([
    ["passes", "passed"],
    ["fails & <tells>", "failed"],
  ]);
  expect(files[0].tests[1].failures.map(({ kind, line }: { kind: string; line: number }) => [kind, line])).toEqual([
    ["alerts", 9],
    ["quiet", 10],
  ]);
  expect(coverage[3]).toMatchObject({ rule: "Shift", kind: "alert", fired: false, states: ["learning"] });
});

test("build servers get JUnit XML in which nothing stands that is not XML", async () => {
  const xml = reportJunit(await runFiles(FILES));
  expect(xml).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="triton-sentinel rule tests" tests="2" failures="1">
      <testsuite name="t.yml" tests="2" failures="1" time="0.000">
        <testcase name="passes" classname="t.yml" file="t.yml" line="4" time="0.000"/>
        <testcase name="fails &amp; &lt;tells&gt;" classname="t.yml" file="t.yml" line="7" time="0.000">
          <failure type="alerts" message="alert High at 5s: expected no firing alert, came 1">t.yml:9:25: alert High at 5s: expected no firing alert, came 1
      unexpected {alertname=&quot;High&quot;, instance=&quot;a&quot;, job=&quot;triton&quot;, m=&quot;&lt;b&gt;\\&quot;&amp;\\n\\u0001\\u202e&quot;}</failure>
          <failure type="quiet" message="alert High fired: expected it to stay quiet">t.yml:10:13: alert High fired: expected it to stay quiet
      at 0s {alertname=&quot;High&quot;, instance=&quot;a&quot;, job=&quot;triton&quot;, m=&quot;&lt;b&gt;\\&quot;&amp;\\n\\u0001\\u202e&quot;}</failure>
        </testcase>
      </testsuite>
    </testsuites>
    "
  `);
  expect(xml.replace(/<\/?[a-z]+( [a-z]+="[^"<>]*")*\/?>|<\?xml [^>]*\?>/g, "")).not.toMatch(
    /[<>]|&(?!amp;|lt;|gt;|quot;)/,
  );
});

test("a run without tests is one that passes", async () => {
  const report = await runFiles({ "t.yml": "tests: []\n" });
  expect(reportText(report)).toBe("t.yml: 0 tests, ok\n0 tests: 0 passed, 0 failed\n");
  expect(coverageText(report.coverage)).toContain("coverage: 0 of 0 rules (100 %)");
});
