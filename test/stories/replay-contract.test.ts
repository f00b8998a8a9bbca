import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cli, type Ended } from "./cli.ts";

const directory = mkdtempSync(join(tmpdir(), "replay-"));
afterAll(() => rmSync(directory, { recursive: true }));

const PACKED = "test/fixtures/recordings/restart.jsonl.gz";
const text = gunzipSync(readFileSync(new URL("../fixtures/recordings/restart.jsonl.gz", import.meta.url))).toString();
const lines = text.trimEnd().split("\n");
const PAGE = 'nv_inference_request_success{model="m",version="1"} 1\n';

/** A file in the test's folder. */
function file(name: string, content: string): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

const scrape = (t: number, rest: object = { status: 200, body: PAGE }): string => JSON.stringify({ t, ...rest });
const json = (...args: readonly string[]) => cli(["replay", "--format", "json", ...args]);
const parsed = ({ stdout }: Ended): Line[] =>
  stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
/** A line as far as these tests read it. */
interface Line {
  readonly [field: string]: unknown;
  readonly at: string;
  readonly t: number;
  readonly summary: Readonly<Record<string, number>>;
}
const withoutWall = ({ stdout }: Ended): string => stdout.replace(/"wall_ms":\d+/, "");

describe("what replay --format json prints", () => {
  let ended: Ended;
  beforeAll(async () => {
    ended = await json(PACKED);
  });

  test("it exits with 0 though alerts fired, and says nothing on standard error", () => {
    expect([ended.code, ended.stderr]).toEqual([0, ""]);
    expect(ended.stdout).toContain('"state":"firing"');
  });

  test("every line but the last is a transition of the contract's shape, in the order of time", () => {
    const transitions = parsed(ended).slice(0, -1);
    let before = 0;
    for (const line of transitions) {
      const { at, t, state, reason, alertname, labels, annotations, value, evidence, ...rest } = line;
      expect(rest).toEqual({});
      expect(new Date(t).toISOString()).toBe(at);
      expect(["pending", "firing", "resolved"]).toContain(state);
      expect(["undefined", "string"]).toContain(typeof reason);
      expect(labels).toMatchObject({ alertname });
      expect(annotations).toHaveProperty("summary");
      expect(value).toBeTypeOf("number");
      expect(evidence).toHaveProperty("signal");
      expect(t).toBeGreaterThanOrEqual(before);
      before = t;
    }
    expect(transitions.length).toBeGreaterThan(3);
  });

  test("the last line is the summary, and its counts are those of the recording", () => {
    const all = parsed(ended);
    const { summary } = all.at(-1)!;
    expect(Object.keys(summary)).toEqual([
      ...["scrapes", "failed_scrapes", "samples", "series", "transitions", "firing_at_end", "skipped", "wall_ms"],
    ]);
    const failed = lines.filter((line) => JSON.parse(line).status !== 200).length;
    expect(summary).toMatchObject({ scrapes: lines.length, failed_scrapes: failed, transitions: all.length - 1 });
    expect(summary["samples"]).toBeGreaterThan(1_000);
  });

  test("a second run prints the same bytes but for wall_ms, and so do the unpacked file and standard input", async () => {
    const runs = [await json(PACKED), await json(file("restart.jsonl", text))];
    runs.push(await cli(["replay", "--format", "json", "-"], text));
    for (const run of runs) expect(withoutWall(run)).toBe(withoutWall(ended));
  });
});

test("--fail-on firing exits with 1 where something fired, and with 0 where nothing did", async () => {
  const quiet = file("quiet.yml", "groups: [{ name: g, rules: [{ alert: Never, expr: up > 1 }] }]");
  const loud = file("loud.yml", "groups: [{ name: g, rules: [{ alert: Always, expr: vector(1) }] }]");
  const codes = [quiet, loud].map(async (rules) => {
    const { code } = await json("--fail-on", "firing", "--rules", rules, PACKED);
    return code;
  });
  expect(await Promise.all(codes)).toEqual([0, 1]);
});

test("lines of other sources are counted, skipped, and do not disturb the recording's spacing", async () => {
  const other = [1, 2, 3].flatMap((i) => [
    scrape(i * 1_000),
    scrape(i * 1_000 + 5, { source: "statistics", status: 200, body: "{}" }),
    scrape(i * 1_000 + 10, { source: "statistics", status: 200, body: "{}" }),
  ]);
  const summary = parsed(await json(file("sources.jsonl", `${other.join("\n")}\n`))).at(-1);
  expect(summary).toMatchObject({ summary: { scrapes: 3, skipped: 6 } });
});

test("several instances are watched apart, scrapes of one instant together", async () => {
  const rules = file(
    "both.yml",
    `groups:
- name: g
  rules:
  - { alert: Both, expr: 'count(up) == 2' }
  - { alert: Down, expr: 'up == 0' }`,
  );
  const content = [1, 2, 3].flatMap((i) => [
    scrape(i * 1_000, { instance: "a", status: 200, body: PAGE }),
    scrape(i * 1_000, { instance: "b", status: 0, err: "refused" }),
  ]);
  const ended = await json("--rules", rules, file("instances.jsonl", `${content.join("\n")}\n`));
  const firing = parsed(ended).slice(0, -1);
  expect(firing.map(({ t, alertname, labels }) => [t, alertname, labels])).toEqual([
    [1_000, "Both", { alertname: "Both" }],
    [1_000, "Down", { alertname: "Down", instance: "b", job: "triton" }],
  ]);
});

test("a scrape that comes twice or out of order is told as a failure and changes no alert", async () => {
  const rules = file("down.yml", "groups: [{ name: g, rules: [{ alert: Down, expr: up == 0 }] }]");
  const content = [scrape(2_000), scrape(2_000, { status: 0 }), scrape(1_000, { status: 0 }), scrape(3_000)];
  const ended = await json("--rules", rules, file("order.jsonl", `${content.join("\n")}\n`));
  expect(parsed(ended)).toEqual([
    { summary: expect.objectContaining({ scrapes: 4, failed_scrapes: 2, transitions: 0 }) },
  ]);
});

test("a value that is no number of JSON is its name as text", async () => {
  const rules = file(
    "nan.yml",
    `groups:
- name: g
  rules:
  - { alert: NotANumber, expr: vector(NaN) }
  - { alert: Infinite, expr: vector(-Inf) }`,
  );
  const [nan, infinite] = parsed(await json("--rules", rules, file("one.jsonl", `${scrape(1_000)}\n`)));
  expect([nan?.["value"], infinite?.["value"]]).toEqual(["NaN", "-Infinity"]);
});

describe("a recording that cannot be read ends with 2 and a sentence that names it", () => {
  test.each<[string, string, RegExp]>([
    ["bad.jsonl", `${scrape(1_000)}\n{"t": "now"}\n${scrape(2_000)}\n`, /bad\.jsonl:2: expected "t", a time/],
    ["status.jsonl", `${scrape(1_000)}\n{"t": 1}\n${scrape(2_000)}\n`, /status\.jsonl:2: expected "status"/],
    ["not.jsonl.gz", "not compressed\n", /Cannot read recording .*not\.jsonl\.gz: incorrect header check/],
  ])("%s", async (name, content, message) => {
    const { code, stderr } = await json(file(name, content));
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });

  test("a folder, and a file that is not there", async () => {
    const ended = await Promise.all([json(directory), json(join(directory, "nothing.jsonl"))]);
    for (const { code, stderr } of ended) {
      expect(code).toBe(2);
      expect(stderr).toMatch(/^Cannot read recording .*: E(ISDIR|NOENT)[^\n]*\n$/);
    }
  });
});

test("the table names each alert in words and ends with the counts", async () => {
  const { stdout, code } = await cli(["replay", PACKED]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/Z {2}firing {4}warning {3}TritonServerRestarted {2}recording restarted\n/);
  expect(stdout).toMatch(/\n\d+ scrapes \(\d+ failed\), \d+ transitions, \d+ firing at the end\n$/);
});
