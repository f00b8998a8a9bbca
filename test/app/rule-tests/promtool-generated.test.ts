import { spawnSync } from "node:child_process";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { parseMetric } from "../../../src/rules/tests/metric-text.ts";
import { promtoolMissing } from "../../outputs/promtool.ts";
import { folderOf, runFiles } from "./files.ts";

const SEED = 20_261_122;
const TESTS = 40;
const MINUTES = 16;

/** No range or lookback of these ends on a sample of series whose interval is 37 s, where 2.42 and 3 differ; nor is anything extrapolated. */
const RULES = `groups:
  - name: first
    rules:
      - { record: 'k:x:sum', expr: sum by (k) (x) }
      - { alert: Held, expr: x > 2, for: 2m }
      - { alert: Kept, expr: x > 2, keep_firing_for: 2m }
      - { alert: Both, expr: 'changes(c[95s500ms]) > 0', for: 1m, keep_firing_for: 3m }
      - { alert: Named, expr: 'k:x:sum != 3', labels: { level: '{{ $value }}' } }
  - name: second
    rules:
      - { alert: Meta, expr: 'ALERTS{alertname=~"Held|Kept"} == 1', for: 1m, labels: { was: '{{ $labels.alertname }}' } }
      - { alert: Absent, expr: 'absent(x{k="a"})' }
      - { alert: Unless, expr: 'x unless on (k) (c > 5)' }
      - { alert: Since, expr: 'time() - ALERTS_FOR_STATE{alertname="Held"} > 150' }
`;
const ALERTS = ["Held", "Kept", "Both", "Named", "Meta", "Absent", "Unless", "Since"];
const EXPRESSIONS = [
  "x",
  "k:x:sum",
  "ALERTS",
  "resets(c[200s500ms])",
  "sum_over_time(c[200s500ms])",
  "max_over_time(x[95s500ms])",
];

const times = Array.from({ length: MINUTES + 1 }, (_, i) => `${i}m`);

/** Values in every notation; none at 0s, which is five minutes before an evaluation. */
const values = (most: number) => {
  const number = fc.integer({ min: 0, max: most });
  const count = fc.integer({ min: 0, max: 6 });
  const item = fc.oneof(
    fc.constantFrom("_", "_x2", "_x9", "stale"),
    number.map(String),
    fc.tuple(number, count).map(([a, n]) => `${a}x${n}`),
    fc.tuple(number, number, count).map(([a, b, n]) => `${a}+${b}x${n}`),
  );
  return fc.array(item, { minLength: 2, maxLength: 9 }).map((items) => `_ ${items.join(" ")}`);
};

const series = fc.record({ a: values(4), b: values(4), aa: values(3), c: values(9) });

interface Written {
  readonly alerts: Map<string, Record<string, string>[]>;
  readonly samples: Map<string, { labels: string; value: number }[]>;
}

/** Everything that was seen, read from what a test that expects nothing says. */
function seenBy(failures: readonly { readonly summary: string; readonly details: readonly string[] }[]): Written {
  const written: Written = { alerts: new Map(), samples: new Map() };
  for (const { summary, details } of failures) {
    const key = summary.replace(/: expected .*$/, "");
    expect(details.every((line) => line.startsWith("unexpected "))).toBe(true);
    if (key.startsWith("alert ")) {
      const labels = details.map((line) => parseMetric(line.slice("unexpected ".length)).without("alertname").toJSON());
      written.alerts.set(key, labels);
    } else {
      const samples = details.map((line) => /^unexpected (.*) (\S+)$/.exec(line)!);
      written.samples.set(
        key,
        samples.map(([, labels, value]) => ({ labels: labels!, value: Number(value) })),
      );
    }
  }
  return written;
}

test.skipIf(promtoolMissing)(
  "promtool finds everything as we see it, over generated series",
  { timeout: 120_000 },
  async () => {
    const inputs = fc.sample(series, { seed: SEED, numRuns: TESTS }).map(({ a, b, aa, c }, i) => ({
      name: `generated ${i}`,
      interval: "37s",
      input_series: [
        { series: 'x{k="a", i="1"}', values: a },
        { series: 'x{k="b", i="1"}', values: b },
        { series: 'x{k="a", i="2"}', values: aa },
        { series: 'c{k="b"}', values: c },
      ],
    }));
    const head = { rule_files: ["r.yml"], evaluation_interval: "1m", group_eval_order: ["first", "second"] };
    const file = (tests: readonly unknown[]) => ({ "r.yml": RULES, "t.yml": stringify({ ...head, tests }) });
    const blank = {
      alert_rule_test: ALERTS.flatMap((alertname) => times.map((eval_time) => ({ alertname, eval_time }))),
      promql_expr_test: EXPRESSIONS.flatMap((expr) => times.map((eval_time) => ({ expr, eval_time }))),
    };
    const { files } = await runFiles(file(inputs.map((input) => ({ ...input, ...blank }))));
    let told = 0;
    const tests = inputs.map((input, i) => {
      const { alerts, samples } = seenBy(files[0]!.tests[i]!.failures);
      told += alerts.size + samples.size;
      return {
        ...input,
        alert_rule_test: blank.alert_rule_test.map((one) => ({
          ...one,
          exp_alerts: (
            alerts.get(`alert ${one.alertname} at ${one.eval_time === "0m" ? "0s" : one.eval_time}`) ?? []
          ).map((exp_labels) => ({ exp_labels })),
        })),
        promql_expr_test: blank.promql_expr_test.map((one) => ({
          ...one,
          exp_samples:
            samples.get(`expression ${JSON.stringify(one.expr)} at ${one.eval_time === "0m" ? "0s" : one.eval_time}`) ??
            [],
        })),
      };
    });
    // Else nothing was compared.
    expect(told).toBeGreaterThan(TESTS * 50);
    const { status, stdout, stderr } = spawnSync("promtool", ["test", "rules", join(folderOf(file(tests)), "t.yml")], {
      encoding: "utf8",
      maxBuffer: 256 * 1024 * 1024,
    });
    expect((stdout + stderr).slice(0, 3_000)).toContain("SUCCESS");
    expect(status).toBe(0);
  },
);
