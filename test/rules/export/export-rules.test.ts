import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { loadRuleGroups } from "../../../src/app/rule-files.ts";
import { exportRules } from "../../../src/rules/export/export-rules.ts";
import { loadRules } from "../../../src/rules/load.ts";
import { durationMs } from "../../../src/series/time.ts";
import { promtool, promtoolMissing } from "../../outputs/promtool.ts";
import { exported, fileOf, OPTIONS } from "./exported.ts";

interface File {
  readonly groups: readonly {
    readonly name: string;
    readonly interval: string;
    readonly limit?: number;
    readonly rules: readonly Record<string, unknown>[];
  }[];
}

const read = (text: string): File => parse(text) as File;

const folder = mkdtempSync(join(tmpdir(), "export-rules-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The exported rule of a name. */
const ruleOf = (text: string, name: string): Record<string, unknown> =>
  read(text)
    .groups.flatMap(({ rules }) => rules)
    .find(({ alert, record }) => alert === name || record === name) ?? {};

/** What became of the only rule of a file. */
const fidelityOf = (rule: string): string => {
  const { rules } = exported(fileOf(rule));
  const { kind, why = "" } = rules.at(-1)!.fidelity;
  return why === "" ? kind : `${kind}: ${why}`;
};

describe("the packaged rules", () => {
  test.each([
    [15_000, "prometheus"],
    [1_000, "prometheus"],
    [120_000, "prometheus"],
    [15_000, "victoriametrics"],
  ] as const)("pass promtool check rules at an interval of %i ms for %s", async (interval, dialect) => {
    const groups = await loadRuleGroups({ packaged: true, patterns: [], base: "." });
    const { text } = exportRules(groups, { ...OPTIONS, interval: durationMs(interval), dialect });
    const names = read(text).groups.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    // All of it is PromQL of ours as well, so that it can be loaded back.
    const { mistakes } = loadRules([{ file: "exported.yml", text }]);
    expect(mistakes.map(({ message }) => message)).toEqual([]);
    if (promtoolMissing) return;
    const file = join(folder, `${dialect}-${interval}.yml`);
    writeFileSync(file, text);
    expect(await promtool(["check", "rules", file], "")).toMatchObject({ code: 0 });
  });

  test("are the same text each time, and say of each rule how far it means the same", async () => {
    const groups = await loadRuleGroups({ packaged: true, patterns: [], base: "." });
    const { text, rules } = exportRules(groups, OPTIONS);
    expect(exportRules(groups, OPTIONS).text).toBe(text);
    const refused = rules.filter(({ fidelity }) => fidelity.kind === "refused").map(({ name }) => name);
    expect([...new Set(refused)]).toEqual([
      "TritonErrorRatioCreep",
      "TritonRequestRateCreep",
      "TritonMetricsFrozen",
      "TritonMetricsTampered",
      "TritonModelChurn",
      "TritonFleetAnomaly",
      "SentinelInternalError",
      "SentinelWatchdog",
    ]);
    for (const name of refused) expect(text).toMatch(new RegExp(`^# {3}${name}: `, "m"));
    expect(text.match(/^ +# fidelity: /gm)).toHaveLength(rules.length - refused.length);
    expect(text).toMatch(/^# Written by triton-sentinel 1\.2\.3\. /);
  });
});

test.each([
  ["alert: A, expr: up == 0", 'up{job="triton"} == 0'],
  ["alert: A, expr: 'changes(up{}[10m]) > 1'", 'changes(up{job="triton"}[10m]) > 1'],
  ["alert: A, expr: 'up{instance=\"a\"} == 0'", 'up{job="triton", instance="a"} == 0'],
  ["alert: A, expr: 'up{job=\"mine\"} == 0'", 'up{job="mine"} == 0'],
  ["alert: A, expr: nv_inference_count > 1", "nv_inference_count > 1"],
  ["record: a, expr: sum(nv_inference_count)", "sum(nv_inference_count)"],
  ["alert: A, expr: triton_sentinel_failed_scrapes_in_a_row >= 2", "triton_sentinel:failed_scrapes_in_a_row >= 2"],
])("%s is exported as %s", (rule, expr) => {
  const { text } = exported(fileOf(rule));
  expect(ruleOf(text, rule.startsWith("alert") ? "A" : "a")["expr"]).toBe(expr);
});

test("several jobs become one matcher, with what is special in regular expressions quoted", () => {
  const { text } = exported(fileOf("alert: A, expr: up == 0"), { jobs: ["a.b", "c"] });
  expect(ruleOf(text, "A")["expr"]).toBe(String.raw`up{job=~"a\\.b|c"} == 0`);
});

test.each([
  ["alert: A, expr: nv_inference_count > 1", "exact"],
  ["alert: A, expr: vector(1)", "exact"],
  ["alert: A, expr: vector(1), annotations: { summary: triton-sentinel lives }", /^refused: it reads no series/],
  [
    "alert: A, expr: triton_sentinel_scrape_problems > 0",
    /^refused: it reads triton_sentinel_scrape_problems: Prometheus/,
  ],
  ["alert: A, expr: triton_sentinel_anomaly_score > 1", /^refused: it reads triton_sentinel_anomaly_score/],
  ["alert: A, expr: '{__name__=~\"up|down\"} > 1'", /^refused: a selector takes in up without naming it/],
  ["alert: A, expr: count(ALERTS) > 1", /^refused: ALERTS without an alertname/],
  ["alert: A, expr: triton_sentinel_failed_scrapes_in_a_row > 1", /^approximate: scrapes are counted/],
  ["alert: A, detect: { models: [loaded] }", /^approximate: what differs between two evaluations/],
  [
    "alert: A, detect: { models: [loaded], by: [instance, team] }",
    /^refused: label "team" of "by" is none of an event/,
  ],
  [
    "alert: A, detect: { level: nv_inference_pending_request_count, direction: down }",
    /^refused: its detector backlog/,
  ],
  ["alert: A, detect: { level: nv_gpu_utilization, detector: envelope }", /^refused: no window remembers/],
  ["alert: A, detect: { level: nv_gpu_utilization, detector: threshold, fire: { above: 0.9 } }", "exact"],
  [
    "alert: A, detect: { level: nv_gpu_utilization, detector: threshold, fire: { above: 0.9, over: 5m } }",
    /^approximate: the same bound on the mean/,
  ],
  [
    "alert: A, detect: { rate: nv_inference_request_success, detector: threshold, fire: { below: 1 } }",
    /^approximate: the same bound on sliding windows/,
  ],
  ["alert: A, detect: { rate: '{__name__=~\"nv_inference_.+\"}' }", /^refused: a selector names no single metric/],
])("%s is %s", (rule, fidelity) => {
  if (typeof fidelity === "string") expect(fidelityOf(rule)).toBe(fidelity);
  else expect(fidelityOf(rule)).toMatch(fidelity);
});

test("a rule is no better than those it reads, through any number of them", () => {
  const { rules } = exported(
    fileOf(
      "alert: Last, expr: second > 1",
      "record: second, expr: first * 2",
      "record: first, expr: triton_sentinel_scrape_problems",
      "alert: Moved, detect: { rate: nv_inference_count }",
      'alert: Reader, expr: \'ALERTS{alertname=~"Mov.+"} and on (model) ALERTS{alertname="Moved"}\'',
      "alert: Detected, expr: 'triton_sentinel_observed{rule=\"Moved\"} > 2'",
      "alert: Other, expr: 'ALERTS{alertname=\"Nobody\"}'",
    ),
  );
  expect(rules.map(({ name, fidelity }) => `${name} ${fidelity.kind}: ${fidelity.why ?? ""}`.slice(0, 60))).toEqual([
    "Last refused: it reads second, which is not exported",
    "second refused: it reads first, which is not exported",
    "first refused: it reads triton_sentinel_scrape_problems: Pro",
    expect.stringMatching(/^Moved approximate/),
    "Reader approximate: it reads Moved, which is approximate",
    "Detected approximate: it reads Moved, which is approximate",
    "Other exact: ",
  ]);
});

describe("exceptions", () => {
  const excepted = (except: string): unknown =>
    ruleOf(
      exported(fileOf(`alert: A, expr: nv_inference_count > 1, labels: { severity: info }, except: [${except}]`)).text,
      "A",
    )["expr"];
  const C = "triton_sentinel:condition:A";

  test("are taken off the recorded findings, until they end", () => {
    expect(excepted('{ match: { model: bench, instance: "gpu-7:8002" }, reason: load test }')).toBe(
      `${C}\nunless ${C}{model="bench", instance="gpu-7:8002"}`,
    );
    expect(excepted("{ match: 'model=~\"can.+\"', until: 2027-01-31T00:00:00Z, reason: canary }")).toBe(
      `${C}\nunless (${C}{model=~"can.+"} and on () vector(time()) < 1801353600)`,
    );
  });

  test("that ask for the rule's own labels are decided when the file is written", () => {
    expect(excepted("{ match: { severity: critical, model: a }, reason: no }")).toBe(C);
    expect(excepted("{ match: { severity: info, model: a }, reason: yes }")).toBe(`${C}\nunless ${C}{model="a"}`);
  });

  test("that ask for a label made by a template are refused", () => {
    const rule =
      "alert: A, expr: up, labels: { team: '{{ $labels.model }}' }, except: [{ match: { team: a }, reason: b }]";
    expect(fidelityOf(rule)).toMatch(/^refused: an exception asks for label team/);
  });
});

test("a limit is for alerts: what they are made from stands in a group of its own", () => {
  const text =
    "groups:\n- name: mine\n  limit: 3\n  interval: 1m\n  rules:\n  - alert: A\n    detect: { rate: nv_inference_count }\n";
  const { groups } = read(exported(text).text);
  expect(groups.map(({ name, interval, limit }) => [name, interval, limit])).toEqual([
    ["mine-signals", "15s", undefined],
    ["mine", "1m", 3],
    ["mine-baselines", "1m", undefined],
  ]);
  expect(groups[1]!.rules).toHaveLength(1);
});

test("groups and rules of one name get names of their own for what they record", () => {
  const text = `groups:
- { name: a, rules: [{ alert: X Y, detect: { rate: nv_inference_count } }] }
- { name: a-baselines, rules: [{ alert: X Y, detect: { rate: nv_inference_exec_count } }] }
`;
  const { groups } = read(exported(text).text);
  expect(groups.map(({ name }) => name)).toEqual(["a", "a-baselines", "a-baselines-2", "a-baselines-baselines"]);
  const recorded = groups.flatMap(({ rules }) => rules).map(({ record, labels }) => JSON.stringify([record, labels]));
  const records = recorded.filter((one) => !one.startsWith("[null"));
  expect(new Set(records).size).toBe(records.length);
  expect(records.join()).toContain("X_Y_2");
});

test("templates, durations and texts come out as they went in", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), fc.nat(100_000), (noise, seconds) => {
      // Quotes, colons, hashes and foreign letters stay; what no text file holds and what begins an action goes.
      const plain = noise.replaceAll(/\p{C}|[{}]/gu, "");
      const summary = `${plain} {{ $value | humanizePercentage }}`;
      const file = `groups: [{ name: g, rules: [{ alert: A, expr: "up > 0", for: ${seconds}s, annotations: { s: ${JSON.stringify(summary)} }, except: [{ match: { a: b }, reason: ${JSON.stringify(`x${plain}`)} }] }] }]`;
      const { text } = exported(file);
      const rule = ruleOf(text, "A");
      expect((rule["annotations"] as { s: string }).s).toBe(summary);
      expect(rule["alert"]).toBe("A");
      expect(
        text
          .split("\n")
          .filter((line) => line.includes("except:"))
          .every((line) => /^ *#/.test(line)),
      ).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test("change windows that cannot be exported are named at the head", () => {
  const { text } = exported(fileOf("alert: A, expr: up"), { changeWindows: ["nightly"] });
  expect(text).toMatch(/^#.*Left out: nightly$/m);
});
