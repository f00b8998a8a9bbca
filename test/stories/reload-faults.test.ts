import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Program } from "../../src/app/program.ts";
import { readSettings } from "../../src/app/settings.ts";
import type { MonitorEvent } from "../../src/monitor/events.ts";
import { Labels } from "../../src/series/labels.ts";
import { SECOND } from "../../src/series/time.ts";
import { Telemetry } from "../../src/telemetry/telemetry.ts";
import { SimulatedTriton } from "../monitor/simulated-triton.ts";
import { HandClock } from "../outputs/hand-clock.ts";

const folder = mkdtempSync(join(tmpdir(), "reload-faults-"));
afterAll(() => rmSync(folder, { recursive: true }));
const config = join(folder, "triton-sentinel.yml");
const TARGET = Labels.of({ job: "triton", instance: "gpu:8002" });
const EDITS = 200;

/** A generator of numbers from 0 up to 1 that is the same at every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = seeded(7);
const below = (n: number): number => Math.floor(random() * n);
const oneOf = <T>(items: readonly T[]): T => items[below(items.length)]!;

const goodConfig = () => `
global: { evaluation_interval: 500ms }
scrape_configs: [{ job_name: triton, static_configs: [{ targets: ["gpu:8002"] }] }]
rule_files: [rules/*.yml]
evaluation: { lookback: ${1 + below(9)}m }
exporter: { max_series: ${below(5_000)} }
`;
const goodRules = () => `
groups:
  - name: edited-${below(3)}
    rules:
      - { alert: Edited${below(4)}, expr: up > ${below(2)}, for: ${below(3)}s, labels: { severity: ${oneOf(["info", "warning"])} } }
      - { record: recorded:${oneOf(["a", "b"])}, expr: sum(up) }
overrides:
  - alert: TritonRequestRateSurge
    set: { detect.fire.times: ${2 + below(5)} }
`;

/** One edit: of the rules or the configuration, and often one with a mistake. */
function edit(): void {
  const [file, text] = random() < 0.5 ? [config, goodConfig()] : [join(folder, "rules/edited.yml"), goodRules()];
  const written = oneOf([
    ...Array(6).fill(() => text),
    // A configuration that ends early may be a right one that names no rules: that would end their alerts rightly.
    () => (file === config ? `${text}rule_fil` : text.slice(0, below(text.length))),
    () => text.replace(/expr|rule_files/, "exrp"),
    () => text.replace(/(alert|lookback): \w+/, "$1: [}"),
    () => text.replace(/up/, "rate(up)"),
    () => `${text}\n${text}`,
    () => "\u0000\u0001not yaml: [",
    () => (file === config ? "[]" : ""),
  ])();
  writeFileSync(file, written);
}

test(`${EDITS} edits, most of them broken, lose no alert and never stop the monitor`, async () => {
  mkdirSync(join(folder, "rules"));
  writeFileSync(config, goodConfig());
  writeFileSync(
    join(folder, "rules/kept.yml"),
    "groups: [{ name: kept, rules: [{ alert: Kept, expr: up == 1, labels: { severity: info } }] }]\n",
  );
  const clock = new HandClock();
  const told: MonitorEvent[] = [];
  const settings = () => readSettings({ config, urls: [] });
  const sink = { write: () => true };
  const program = await Program.make(await settings(), {
    clock,
    telemetry: new Telemetry({ version: "1", revision: "", logLevel: "error", logFormat: "json", sink }),
    version: "1",
    flags: {},
    settings,
    tell: (event) => void told.push(event),
  });
  const triton = new SimulatedTriton("bert");
  const outcomes = { done: 0, refused: 0 };
  for (let i = 0; i < EDITS; i++) {
    edit();
    const before = [...program.world.ruleStates.keys()];
    const { kind } = await program.reloader.reload("signal");
    outcomes[kind]++;
    // What is refused changes nothing, down to the identity of the rules.
    if (kind === "refused") expect([...program.world.ruleStates.keys()]).toEqual(before);
    expect(program.reloader.report.error === undefined).toBe(kind === "done");
    await clock.pass(500);
    const body = Buffer.from(triton.page());
    const outcome = { kind: "body", body, length: body.length } as const;
    const events = program.tick([{ kind: "scrape", target: TARGET, at: clock.now(), seconds: 0.01, outcome }]);
    expect(events).toContainEqual(expect.objectContaining({ kind: "scraped", outcome: "page" }));
    expect(program.api.alerts(false).alerts.map(({ labels }) => labels["alertname"])).toContain("Kept");
  }
  await program.stop(SECOND);
  const kept = told.filter(
    (event) => event.kind === "transition" && event.transition.labels.get("alertname") === "Kept",
  );
  expect(kept.map((event) => event.kind === "transition" && event.transition.state)).toEqual(["firing"]);
  expect(told.some(({ kind }) => kind === "bug" || kind === "rule-failed")).toBe(false);
  expect(outcomes.done).toBeGreaterThan(30);
  expect(outcomes.refused).toBeGreaterThan(60);
}, 120_000);
