import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { filesUnder, ROOT } from "../house/sources.ts";
import { promtool, promtoolMissing } from "../outputs/promtool.ts";

interface Rule {
  readonly alert: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly expr: string;
}

const FILE = join(ROOT, "rules/prometheus/triton-sentinel.yml");
const groups: readonly { readonly rules: readonly Rule[] }[] = parse(readFileSync(FILE, "utf8")).groups;
const [carried, own] = groups.map(({ rules }) => rules) as [readonly Rule[], readonly Rule[]];

describe.skipIf(promtoolMissing)("promtool", () => {
  test("finds nothing wrong with the rules", async () => {
    const { code, output } = await promtool(["check", "rules", "--lint=all", "--lint-fatal", FILE], "");
    expect([code, output]).toEqual([0, expect.stringContaining("SUCCESS: 17 rules found")]);
  });

  test("sees them do what their unit tests say", async () => {
    const { code, output } = await promtool(
      ["test", "rules", join(import.meta.dirname, "rules/triton-sentinel.test.yml")],
      "",
    );
    expect(output).toContain("SUCCESS");
    expect(code).toBe(0);
  });

  test("finds nothing wrong with the example's configuration", async () => {
    const folder = mkdtempSync(join(tmpdir(), "prometheus-example-"));
    await cp(join(ROOT, "docs/examples/prometheus.yml"), join(folder, "prometheus.yml"));
    await cp(FILE, join(folder, "rules/triton-sentinel.yml"));
    const { code, output } = await promtool(["check", "config", join(folder, "prometheus.yml")], "");
    rmSync(folder, { recursive: true });
    expect([code, output]).toEqual([0, expect.stringContaining("1 rule files found")]);
  });
});

test("every expression asks for the job, so that no Triton can speak in our name", () => {
  const selectors = [...carried, ...own].flatMap(({ expr }) => [
    ...expr.matchAll(/\b(?:triton_sentinel_\w+|up|process_\w+)(\S*)/g),
  ]);
  expect(selectors.length).toBeGreaterThan(20);
  for (const [selector, ,] of selectors) expect(selector).toContain('{job="triton-sentinel"');
});

test.each(own.map((rule) => [rule.alert, rule] as const))(
  "%s says how grave it is, what to do, and has a runbook",
  (name, rule) => {
    expect(["critical", "warning", "info"]).toContain(rule.labels?.["severity"]);
    expect(["monitor", "availability"]).toContain(rule.labels?.["category"]);
    for (const annotation of ["summary", "description"])
      expect(rule.annotations[annotation]?.length).toBeGreaterThan(10);
    expect(rule.annotations["runbook_url"]).toBe(`docs/runbooks/prometheus/${name}.md`);
    expect(readFileSync(join(ROOT, rule.annotations["runbook_url"]!), "utf8")).toMatch(new RegExp(`^# ${name}\n`));
  },
);

test("every runbook for Prometheus belongs to a rule", () => {
  const runbooks = own.map(({ annotations }) => annotations["runbook_url"]!).sort();
  expect(filesUnder("docs/runbooks/prometheus", "*.md")).toEqual(runbooks);
});

test("alerts that are carried over lead to the runbooks of the rules that found them", () => {
  for (const { annotations } of carried.filter(({ alert }) => alert !== "SentinelWatchdog")) {
    expect(annotations["runbook_url"]).toBe("docs/runbooks/{{ $labels.sentinel_alert }}.md");
  }
  expect(existsSync(join(ROOT, "docs/runbooks/TritonModelReloaded.md"))).toBe(true);
});
