import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadConfig } from "../../../src/config/load-config.ts";
import { parseAlertMatchers } from "../../../src/config/schema/alert-matchers.ts";
import { watchesSeries } from "../../../src/rules/watch.ts";
import { formatMatcher } from "../../../src/series/matchers.ts";
import { formatDuration } from "../../../src/series/time.ts";
import { packagedRules } from "../../monitor/bench.ts";

const read = (text: string): readonly string[] => parseAlertMatchers(text).map(formatMatcher);

function rulesOf(text: string) {
  const jobs = "scrape_configs: [{ job_name: t, static_configs: [{ targets: ['a:1'] }] }]\n";
  const loaded = loadConfig("c.yml", jobs + text, new Map());
  if (loaded.kind === "mistakes") return loaded.mistakes.map(({ line, message }) => `${line}: ${message}`);
  return loaded.config.inhibitRules.map(({ source, target, equal, beganWithin }) => {
    const text = (matchers: typeof source) => matchers.map(formatMatcher).join();
    const within = beganWithin === undefined ? "" : ` within ${formatDuration(beganWithin)}`;
    return `${text(source)} > ${text(target)} (${equal.join()})${within}`;
  });
}

describe("matchers as Alertmanager writes them", () => {
  test.each([
    ["severity = critical", ['severity="critical"']],
    ["severity=critical", ['severity="critical"']],
    ["model=~bert.*", ['model=~"bert.*"']],
    ['{ a != "x" , b !~ y }', ['a!="x"', 'b!~"y"']],
    ['a="x,y",b="z"', ['a="x,y"', 'b="z"']],
    ['a="say \\"no, never\\"", b=c,', ['a="say \\"no, never\\""', 'b="c"']],
    ['a="back\\\\slash\\nbreak"', ['a="back\\\\slash\\nbreak"']],
    ["a=", ['a=""']],
    ["a=two words", ['a="two words"']],
  ])("%s", (text, found) => {
    expect(read(text)).toEqual(found);
  });

  test.each(["", " ", "{}", "severity", "=critical", "9a=b", 'a="b', 'a=b"', 'a="b"c', "a b=c", ",a=b", "a==~("])(
    "%j is refused",
    (text) => {
      if (text === "a==~(") expect(read(text)).toEqual(['a="=~("']);
      else expect(() => parseAlertMatchers(text)).toThrow(/^Cannot parse matcher .*: expected .*, for example/);
    },
  );

  test("an expression that RE2 refuses is refused", () => {
    expect(() => parseAlertMatchers("a=~(")).toThrow("Cannot compile regular expression");
  });

  test("what we write with quotes is read as it was", () => {
    const value = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom("a", "b_1", "C"), fc.constantFrom("=", "!="), value), { minLength: 1 }),
        (all) => {
          const quoted = (text: string) => `"${text.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"`;
          const text = all.map(([name, op, of]) => `${name}${op}${quoted(of)}`).join(", ");
          expect(parseAlertMatchers(text).map(({ name, op, value: of }) => [name, op, of])).toEqual(all);
        },
      ),
    );
  });
});

describe("inhibit_rules", () => {
  test("are, where nothing is said, one for each packaged rule over statistics", () => {
    const statistics = packagedRules
      .alertRules()
      .filter(({ condition }) => condition.kind === "detect" && watchesSeries(condition.detect));
    const names = [...new Set(statistics.map(({ name }) => name))];
    const expected = names.map(
      (name) => `alertname="TritonFleetAnomaly",rule="${name}" > alertname="${name}" (resource) within 5m`,
    );
    expect([...rulesOf("")].sort()).toEqual(expected.sort());
  });

  test("are those that are written, and none where there are none", () => {
    expect(rulesOf("inhibit_rules: []")).toEqual([]);
    const text = "inhibit_rules: [{ source_matchers: [a=b], target_matchers: [c=d, e=~f], equal: [g] }]";
    expect(rulesOf(text)).toEqual(['a="b" > c="d",e=~"f" (g)']);
    const within = "inhibit_rules: [{ source_matchers: [a=b], target_matchers: [c=d], began_within: 1h30m }]";
    expect(rulesOf(within)).toEqual(['a="b" > c="d" () within 1h30m']);
  });

  test.each([
    ["inhibit_rules: [{ source_matchers: [a=b] }]", /target_matchers/],
    ["inhibit_rules: [{ source_matchers: [], target_matchers: [a=b] }]", /expected at least one item/],
    ["inhibit_rules: [{ source_matchers: [a=b], target_matchers: [c] }]", /Cannot parse matcher "c"/],
    ["inhibit_rules: [{ source_matchers: [a=b], target_matchers: [c=d], equal: [1x] }]", /Cannot compare label "1x"/],
    ["inhibit_rules: [{ source_matchers: [a=b], target_matchers: [c=d], equals: [x] }]", /equals/],
    ["inhibit_rules: [{ source_matchers: [a=b], target_matchers: [c=d], began_within: 0s }]", /expected more than 0/],
    [
      "inhibit_rules: [{ source_matchers: [a=b], target_matchers: [c=d], began_within: soon }]",
      /Cannot parse duration/,
    ],
  ])("%s is a mistake", (text, why) => {
    expect(rulesOf(text).join("\n")).toMatch(why);
  });
});

describe("sensitivity", () => {
  const budgetOf = (written: string) => {
    const jobs = "scrape_configs: [{ job_name: t, static_configs: [{ targets: ['a:1'] }] }]\n";
    const loaded = loadConfig("c.yml", `${jobs}sensitivity: ${written}`, new Map());
    return loaded.kind === "ok"
      ? loaded.config.sensitivity.falseAlarmsPerWeek
      : loaded.mistakes.map((m) => m.message).join();
  };

  test("has a budget where one is written", () => {
    expect([budgetOf("{ false_alarms_per_week: 0.5 }"), budgetOf("{}")]).toEqual([0.5, undefined]);
  });

  test.each([
    "{ false_alarms_per_week: 0 }",
    "{ false_alarms_per_week: -1 }",
    "{ false_alarms_per_week: many }",
    "{ h: 1 }",
  ])("%s is a mistake", (written) => {
    expect(budgetOf(written)).toMatch(/^sensitivity/);
  });
});

const hasAmtool = (() => {
  try {
    return execFileSync("amtool", ["--version"], { stdio: "pipe" }).length > 0;
  } catch {
    return false;
  }
})();

const page = readFileSync(new URL("../../../docs/sensitivity.md", import.meta.url), "utf8");
const snippet = /```yml\n(inhibit_rules:\n[\s\S]*?)```/.exec(page)?.[1] ?? "";

test("the rules in the documentation are our default", () => {
  expect([...rulesOf(snippet)].sort()).toEqual([...rulesOf("")].sort());
});

test.skipIf(!hasAmtool)("without began_within, which is ours, they are Alertmanager's", () => {
  const folder = mkdtempSync(join(tmpdir(), "inhibit-"));
  try {
    const file = join(folder, "alertmanager.yml");
    writeFileSync(
      file,
      `route: { receiver: r }\nreceivers: [{ name: r }]\n${snippet.replace(/^ *began_within: .*\n/gm, "")}`,
    );
    const told = execFileSync("amtool", ["check-config", file], { stdio: "pipe" }).toString();
    expect(told).toMatch(/SUCCESS/);
    expect(told).toMatch(/- (?:8|9|\d\d) inhibit rules/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
