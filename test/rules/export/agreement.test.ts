import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { loadRuleGroups } from "../../../src/app/rule-files.ts";
import { readSettings } from "../../../src/app/settings.ts";
import { exportRules } from "../../../src/rules/export/export-rules.ts";
import { DAY, durationMs, HOUR, MINUTE } from "../../../src/series/time.ts";
import { promtoolMissing } from "../../outputs/promtool.ts";
import { type Agreement, agreementOf, printed, shares } from "./agreement.ts";
import { type Episode, episodesOfPrometheus, episodesOfReplay } from "./episodes.ts";
import { exported, OPTIONS } from "./exported.ts";
import { type Scrape, scrapesOf } from "./gridded.ts";

/**
 * The rules engine of the real Prometheus, as promtool runs it over samples given to it, with the exported rules: with their
 * recording rules that read themselves, `for`, `keep_firing_for` and ALERTS. The other side is replay of the same scrapes.
 */
const EVERY = 5;
const RECORDINGS = ["explicit", "restart", "slow", "fuzz", "flood", "lowrate", "steady", "steady_varied"];
/** What every rule of these says must be found by both, and begin together. */
const FACTS = /^Triton(?:TargetDown|ServerRestarted|Model(?:Loaded|Reloaded|Unloaded|VersionChanged|Flashed))$/;
/** The packaged watchdog is not exported: it would speak of Prometheus. */
const REFUSED = /^Sentinel/;

const folder = mkdtempSync(join(tmpdir(), "agreement-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(promtoolMissing)("exported rules in Prometheus against replay of the same scrapes", () => {
  const table = new Map<string, Agreement>();

  test.each(RECORDINGS)("the packaged rules find the same facts in %s", { timeout: 120_000 }, async (name) => {
    const { ours, theirs } = await packaged(name, EVERY, 5 * MINUTE);
    expect(disputed(ours, theirs)).toEqual([]);
    if (name === "steady") expect(theirs).toEqual([]);
    agreementOf(ours, theirs, table);
  });

  test.each(["explicit", "restart", "fuzz"])(
    "the packaged rules find the same facts in %s at four scrapes a minute and with a day's baseline",
    { timeout: 120_000 },
    async (name) => {
      const { ours, theirs } = await packaged(name, 15, DAY);
      expect(ours.length).toBeGreaterThan(1);
      expect(disputed(ours, theirs)).toEqual([]);
      expect(shares(agreementOf(ours, theirs)).found).toBeGreaterThanOrEqual(0.5);
    },
  );

  test("of what replay finds in the recordings four fifths are found, and nine tenths of what is found is right", () => {
    process.stdout.write(`\n${printed(table)}`);
    const { found, right } = shares(table);
    process.stdout.write(`found ${(100 * found).toFixed(0)} %, right ${(100 * right).toFixed(0)} %\n`);
    expect(found).toBeGreaterThanOrEqual(0.8);
    expect(right).toBeGreaterThanOrEqual(0.9);
  });

  test("rules that are exact fire at the same scrapes, exceptions and times included", {
    timeout: 120_000,
  }, async () => {
    const both = await compared(EXACT, scrapesOf("explicit", EVERY), EVERY);
    expect(both.fidelities).toEqual(new Set(["exact"]));
    expect(both.ours.length).toBeGreaterThan(5);
    expect(new Set(both.theirs.map((e) => JSON.stringify(e)))).toEqual(
      new Set(both.ours.map((e) => JSON.stringify(e))),
    );
  });

  test("what happens to models is told alike: flashes, restarts, outages, versions", { timeout: 120_000 }, async () => {
    const { ours, theirs } = await compared(EVENTS, lives(), 5);
    expect(new Set(ours.map(({ alert }) => alert.split(" ")[0]))).toEqual(
      new Set(["Loaded", "Reloaded", "Unloaded", "Changed", "Flashed", "Restarted", "Vanished"]),
    );
    const told = (episodes: typeof ours) => episodes.map(({ alert, from, to }) => `${from}-${to} ${alert}`).sort();
    expect(told(theirs)).toEqual(told(ours));
  });

  test("a leak of GPU memory and traffic that stops are found over hours", { timeout: 120_000 }, async () => {
    const { ours, theirs } = await compared(SLOW, hours(), 60);
    const here = agreementOf(ours, theirs);
    process.stdout.write(`\n${printed(here)}`);
    expect([...here.keys()].sort()).toEqual(["Leak", "Stopped"]);
    for (const row of here.values()) expect(row).toMatchObject({ both: 1, onlyReplay: 0, onlyExport: 0 });
    expect(here.get("Leak")!.apart).toBeLessThanOrEqual(15);
    expect(here.get("Stopped")!.apart).toBeLessThanOrEqual(3);
  });
});

/** The packaged rules over a recording, replayed and exported. */
async function packaged(name: string, seconds: number, baseline: number) {
  const settings = await readSettings({ urls: [] });
  const { text } = exportRules(await loadRuleGroups(settings.rules), {
    ...OPTIONS,
    interval: durationMs(seconds * 1000),
    baselineWindow: durationMs(baseline),
  });
  const scrapes = scrapesOf(name, seconds);
  const ours = await episodesOfReplay(settings, scrapes, seconds);
  return {
    ours: ours.filter(({ alert }) => !REFUSED.test(alert)),
    theirs: episodesOfPrometheus(text, scrapes, seconds),
  };
}

/** Rules that say facts and on which both do not agree to the scrape. */
const disputed = (ours: readonly Episode[], theirs: readonly Episode[]): readonly string[] =>
  [...agreementOf(ours, theirs)].flatMap(([rule, { onlyReplay, onlyExport, apart }]) =>
    FACTS.test(rule) && onlyReplay + onlyExport + apart > 0 ? [rule] : [],
  );

/** Rules of one's own over scrapes, replayed and exported. */
async function compared(rules: string, scrapes: readonly Scrape[], seconds: number) {
  const file = join(folder, "rules.yml");
  writeFileSync(file, rules);
  const { text, rules: made } = exported(rules, { interval: durationMs(seconds * 1000), baselineWindow: HOUR });
  const settings = await readSettings({ urls: [], rules: [file] });
  return {
    ours: await episodesOfReplay(settings, scrapes, seconds),
    theirs: episodesOfPrometheus(text, scrapes, seconds),
    fidelities: new Set(made.map(({ fidelity }) => fidelity.kind)),
  };
}

// Ranges lie off the grid of scrapes: the Prometheus here may still count a sample at their very beginning.
const EXACT = `
groups:
- name: mine
  rules:
  - record: model:requests:rate58s
    expr: sum by (job, instance, model) (rate(nv_inference_request_success[58s]))
  - alert: Busy
    expr: model:requests:rate58s > 8
    for: 20s
    keep_firing_for: 15s
    labels: { severity: info }
  - alert: SlowLoad
    expr: nv_model_load_duration_secs > 0.5
    except:
    - { match: { model: bert }, reason: it is large }
    - { match: { model: resnet }, until: 1969-12-31, reason: over long ago }
    - { match: 'alertname="Other"', reason: not this one }
  - alert: Waiting
    expr: max_over_time(nv_inference_pending_request_count[28s]) > 2 and on (model) model:requests:rate58s
  - alert: Gone
    expr: absent(nv_inference_request_success{model="evil"})
  - alert: BusyForLong
    expr: ALERTS{alertname="Busy", alertstate="firing"} unless ALERTS{alertname=~"Slow.*"}
    for: 30s
`;

const EVENTS = `
groups:
- name: mine
  rules:
  - { alert: Loaded, detect: { models: [loaded] }, keep_firing_for: 1s }
  - { alert: Reloaded, detect: { models: [reloaded] }, keep_firing_for: 1s }
  - { alert: Unloaded, detect: { models: [unloaded] }, keep_firing_for: 1s }
  - { alert: Changed, detect: { models: [version_changed] }, keep_firing_for: 1s }
  - { alert: Flashed, detect: { models: [flashed] }, keep_firing_for: 1s }
  - { alert: Restarted, detect: { models: [restarted] }, keep_firing_for: 1s }
  - { alert: Vanished, detect: { models: [vanished] }, keep_firing_for: 1s }
`;

/** One model version of a page: when it was loaded (undefined: only its failures are left), successes, failures. */
type Model = readonly [name: string, load: number | undefined, successes: number, failures: number];

const pageOf = (...models: readonly Model[]): Scrape => ({
  page: models
    .map(([name, load, successes, failures]) => {
      const labels = `model="${name.split(":")[0]}",version="${name.split(":")[1] ?? "1"}"`;
      const lines = [`nv_inference_request_failure{${labels},reason="OTHER"} ${failures}`];
      if (load !== undefined) {
        lines.push(`nv_model_load_duration_secs{${labels}} ${load}`);
        lines.push(`nv_inference_request_success{${labels}} ${successes}`);
      }
      return `${lines.join("\n")}\n`;
    })
    .join(""),
});

/** The lives of a server's models: each entry is a page, or undefined for a failed scrape, and how often it is seen. */
function lives(): readonly Scrape[] {
  const story: readonly (readonly [Scrape, number])[] = [
    [pageOf(["a", 1.5, 100, 0], ["b", 2.5, 200, 1]), 4],
    // Loaded and gone again between two scrapes.
    [pageOf(["a", 1.5, 110, 0], ["b", 2.5, 210, 1], ["f", undefined, 0, 0]), 5],
    // Loaded again while the server could not be reached, for longer than a moment.
    [undefined, 3],
    [pageOf(["a", 1.7, 130, 0], ["b", 2.5, 220, 1], ["f", undefined, 0, 0]), 5],
    // Another version comes, the old one goes a little later.
    [pageOf(["a", 1.7, 140, 0], ["b", 2.5, 230, 1], ["b:2", 3.5, 0, 0], ["f", undefined, 0, 0]), 3],
    [pageOf(["a", 1.7, 140, 0], ["b", undefined, 0, 1], ["b:2", 3.5, 9, 0], ["f", undefined, 0, 0]), 5],
    // A model comes and goes.
    [
      pageOf(["a", 1.7, 150, 0], ["b:2", 3.5, 19, 0], ["b", undefined, 0, 1], ["f", undefined, 0, 0], ["c", 4.5, 0, 0]),
      4,
    ],
    [
      pageOf(
        ["a", 1.7, 160, 0],
        ["b:2", 3.5, 29, 0],
        ["b", undefined, 0, 1],
        ["f", undefined, 0, 0],
        ["c", undefined, 0, 2],
      ),
      20,
    ],
    // Long after it went, its failures grow.
    [
      pageOf(
        ["a", 1.7, 170, 0],
        ["b:2", 3.5, 39, 0],
        ["b", undefined, 0, 1],
        ["f", undefined, 0, 0],
        ["c", undefined, 0, 5],
      ),
      4,
    ],
    // Another process: one model did not come back, one is new.
    [undefined, 2],
    [pageOf(["a", 1.8, 3, 0], ["d", 5.5, 2, 0]), 6],
    [pageOf(["a", 1.8, 30, 0], ["d", 5.5, 20, 0]), 4],
  ];
  return story.flatMap(([scrape, times]) => Array.from({ length: times }, () => scrape));
}

const SLOW = `
groups:
- name: mine
  rules:
  - alert: Leak
    detect: { level: nv_gpu_memory_used_bytes, of: nv_gpu_memory_total_bytes, by: [instance, gpu_uuid] }
    keep_firing_for: 5m
  - alert: Stopped
    detect: { rate: nv_inference_request_success, direction: down, fire: { times: 3 } }
    for: 3m
`;

/** Four hours of a server, a scrape a minute: memory leaks from the third hour on, requests stop in the last half. */
function hours(): readonly Scrape[] {
  let requests = 1000;
  return Array.from({ length: 240 }, (_, minute) => {
    const wobble = 0.003 * Math.sin(minute * 1.7);
    const used = Math.round(1e10 * (0.4 + wobble + Math.max(0, minute - 120) * 0.002));
    if (minute < 210) requests += 600 + Math.round(60 * Math.sin(minute * 2.3));
    const page = `nv_gpu_memory_used_bytes{gpu_uuid="GPU-1"} ${used}
nv_gpu_memory_total_bytes{gpu_uuid="GPU-1"} 10000000000
nv_inference_request_success{model="m",version="1"} ${requests}
`;
    return { page };
  });
}
