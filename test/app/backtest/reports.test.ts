import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { reportPage } from "../../../src/app/backtest/html/page.ts";
import type { Report } from "../../../src/app/backtest/report.ts";
import { reportJson } from "../../../src/app/backtest/report-json.ts";
import { tableLines } from "../../../src/app/backtest/report-table.ts";
import { runBacktest } from "../../../src/app/backtest/run-backtest.ts";
import { replay } from "../../../src/app/replay.ts";
import { readSettings } from "../../../src/app/settings.ts";
import { systemClock } from "../../../src/app/system-clock.ts";

const folder = mkdtempSync(join(tmpdir(), "backtest-"));
afterAll(() => rmSync(folder, { recursive: true }));

const EXPLICIT = "test/fixtures/recordings/explicit.jsonl.gz";
const FUZZ = "test/fixtures/recordings/fuzz.jsonl.gz";

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const models = (events: string) => `
  - alert: ModelChanged
    detect: { models: [${events}], by: [instance, model, version] }
    keep_firing_for: 1m
    labels: { severity: critical }
    annotations: { summary: "{{ $labels.model }} changed" }
`;
const busy = (more: number, hold: string) => `
  - alert: Busy
    expr: sum by (instance, model) (rate(nv_inference_request_success[1m])) > ${more}
    for: ${hold}
    labels: { severity: info }
  - { alert: Dog, expr: vector(1), labels: { severity: none } }
`;
const rules = (text: string) => `groups:\n- name: test\n  rules:\n${text}`;
const loose = file("loose.yml", rules(models("loaded, reloaded, unloaded") + busy(20, "0s")));
const strict = file("strict.yml", rules(models("loaded") + busy(22, "10s")));
const ratio = file(
  "ratio.yml",
  rules(`
  - alert: Errors
    detect:
      ratio: { bad: nv_inference_request_failure, total: [nv_inference_request_success, nv_inference_request_failure] }
      by: [instance, model, version]
      fire: { min_bad: 4 }
    labels: { severity: warning }
`),
);

/** A report without the paths of this machine. */
async function reported(recordings: readonly string[], ours: string, theirs?: string, charts = false): Promise<Report> {
  const report = await runBacktest({
    rules: { rules: [ours] },
    against: theirs === undefined ? undefined : { rules: [theirs] },
    recordings,
    prometheus: undefined,
    charts,
    signal: new AbortController().signal,
    clock: systemClock,
    progress: () => ({ reached: () => {}, end: () => {} }),
  });
  return { ...report, rules: "ours.yml", against: theirs && "theirs.yml" };
}

describe("over a recording of models that come and go", () => {
  test("the table tells what each alert came to, every episode, and the difference", async () => {
    const lines = [...tableLines(await reported([EXPLICIT], strict, loose))];
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("../../golden/backtest/explicit.txt");
  });

  test("so does the JSON", async () => {
    const json = JSON.stringify(reportJson(await reported([EXPLICIT], strict, loose)), undefined, 2);
    await expect(`${json}\n`).toMatchFileSnapshot("../../golden/backtest/explicit.json");
  });

  test("episodes begin and end when the transitions of a replay say", async () => {
    const { histories } = await reported([EXPLICIT], loose);
    const expected: (readonly [string, number, string])[] = [];
    await replay(await readSettings({ urls: [], rules: [loose] }), [EXPLICIT], (event) => {
      if (event.kind !== "transition" || event.transition.state === "pending") return;
      const { labels, at, state } = event.transition;
      expected.push([labels.key, at, state]);
    });
    const told = histories[0]!.run.episodes.flatMap(({ labels, firedAt, endedAt }): typeof expected => [
      [labels.key, firedAt, "firing"],
      ...(endedAt === undefined ? [] : [[labels.key, endedAt, "resolved"] as const]),
    ]);
    const sorted = (all: typeof expected) => all.map((one) => one.join(" ")).sort();
    expect(sorted(told)).toEqual(sorted(expected));
    expect(told.length).toBeGreaterThan(8);
  });
});

test("without rules to compare with nothing is said of a difference", async () => {
  const report = await reported([EXPLICIT], strict);
  expect([...tableLines(report)].join("\n")).not.toContain("ifference");
  expect(JSON.stringify(reportJson(report))).not.toMatch(/against|difference|new_alerts/);
});

test("each recording is told by itself, and all are summed up", async () => {
  const report = await reported([EXPLICIT, FUZZ], loose);
  const lines = [...tableLines(report)];
  expect(lines.filter((line) => line.startsWith("Episodes in "))).toHaveLength(2);
  const { alerts } = reportJson(report) as { alerts: { alertname: string; episodes: number }[] };
  const summed = report.histories.flatMap(({ run }) => run.episodes.filter(({ alertname }) => alertname === "Busy"));
  expect(alerts.find(({ alertname }) => alertname === "Busy")?.episodes).toBe(summed.length);
});

test("values of detectors are told in their units; a peak is no lower than the value it began with", async () => {
  const report = await reported([FUZZ], ratio);
  const [{ episodes } = { episodes: [] }] = report.histories.map(({ run }) => run);
  expect(episodes.length).toBeGreaterThan(1);
  expect(episodes.every(({ value, peakValue, unit }) => unit === "ratio" && peakValue >= value)).toBe(true);
  const rows = [...tableLines(report)].filter((line) => /^\S+Z .*Errors/.test(line));
  expect(rows.every((row) => /Errors +[\d.]+ % +[\d.]+ % +[\d.]+ /.test(row))).toBe(true);
  expect(rows).toHaveLength(episodes.length);
  expect(JSON.stringify(reportJson(report))).toContain('"unit":"ratio"');
});

test("the peak of what fell is the smallest value", async () => {
  const fall = Array.from({ length: 700 }, (_, i) => {
    const count = i < 400 ? 20 * i : i < 430 ? 8000 + 2 * (i - 400) : 8060;
    return JSON.stringify({ t: i * 1000, status: 200, body: `served{model="m"} ${count}\n` });
  });
  const recording = file("fall.jsonl", `${fall.join("\n")}\n`);
  const drop = file(
    "drop.yml",
    rules("  - { alert: Drop, detect: { rate: served, by: [model], direction: down, fire: { times: 3 } } }\n"),
  );
  const [episode] = (await reported([recording], drop)).histories[0]!.run.episodes;
  expect(episode?.value).toBeGreaterThan(0);
  expect(episode?.peakValue).toBe(0);
});

describe("the page", () => {
  test("shows a chart of every subject with episodes: its band, what was seen, and when it was an alert", async () => {
    const report = await reported([FUZZ], ratio, ratio, true);
    const page = reportPage(report);
    const subjects = new Set(report.histories[0]!.run.episodes.map(({ subject }) => subject.key));
    expect(subjects.size).toBeGreaterThan(1);
    expect(page.match(/<figure/g)).toHaveLength(subjects.size);
    expect(page).toMatch(/\d episodes?, score up to [\d.]+; \d+ under theirs\.yml</);
    for (const shape of ["band", "seen", "scrapes", "episode"]) {
      expect(page.match(new RegExp(`class="${shape}"[^>]*>`, "g"))!.length, shape).toBeGreaterThan(subjects.size);
    }
    // A path is never cut off: it would be drawn to nowhere.
    expect(page).not.toContain('…"');
    expect(page.match(/ d="([^"]*)"/g)!.every((path) => /^ d="[\d\sMLZHh.-]*"$/.test(path))).toBe(true);
  });

  test("needs nothing but itself, and forbids all else", async () => {
    const page = reportPage(await reported([EXPLICIT], strict, loose, true));
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\ssrc=|\shref=|\sstyle=|\son[a-z]+=|url\(|@import|https?:/);
    const [, style = ""] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
    const hash = createHash("sha256").update(style).digest("base64");
    expect(page).toContain(`content="default-src 'none'; style-src 'sha256-${hash}'"`);
  });

  test("labels that mean harm are text and nothing else", async () => {
    const hostile = `</style><script>alert(1)</script>"onload="x\u202e\u001b[31m`;
    const line = JSON.stringify({
      t: 0,
      status: 200,
      body: `nv_inference_request_success{model=${JSON.stringify(hostile).replace("\\u202e", "\u202e").replace("\\u001b", "\u001b")},version="1"} 1\n`,
    });
    const lines = [0, 1, 2, 3].map((i) => line.replace('"t":0', `"t":${i * 1000}`));
    const recording = file("hostile.jsonl", `${lines.join("\n")}\n`);
    const present = file("present.yml", rules("  - { alert: There, expr: nv_inference_request_success > 0 }\n"));
    const report = await reported([recording], present, loose, true);
    const page = reportPage(report);
    expect(page).toContain("&lt;script&gt;alert(1)");
    expect(page).not.toContain("<script");
    for (const shown of [page, [...tableLines(report)].join("\n")]) {
      for (const mark of ["\u202e", "\u001b"]) expect(shown).not.toContain(mark);
    }
  });

  test("does not grow with the number of episodes beyond bounds", async () => {
    const flapping = Array.from({ length: 3000 }, (_, i) =>
      JSON.stringify({ t: i * 1000, status: 200, body: `x ${i % 2}\n` }),
    );
    const recording = file("flapping.jsonl", `${flapping.join("\n")}\n`);
    const flap = file("flap.yml", rules("  - { alert: Flap, expr: x > 0 }\n"));
    const report = await reported([recording], flap);
    expect(report.histories[0]!.run.episodes).toHaveLength(1500);
    const page = reportPage(report);
    expect(page.length).toBeLessThan(400_000);
    expect(page).toContain("1000 more are not shown here");
  });
});
