import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const SCORING = "../shared/sim/eval.mjs";
const ADAPTER = "test/bench/detection-adapter.mjs";

interface Figures {
  readonly fp: number;
  readonly prec: number;
  readonly [attack: string]: number;
}

/**
 * Two series at each of six traffic levels, two weeks each: far too few for figures, enough to see a detector go blind or mad.
 * The bounds lie well below what twenty series of fresh seeds reach (docs/detection.md).
 */
describe.skipIf(!existsSync(SCORING))("on simulated traffic with labelled attacks (needs ../shared/sim)", () => {
  const dir = mkdtempSync(join(tmpdir(), "detection-"));
  let figures: { readonly [signal: string]: { readonly candidate: Figures } };

  beforeAll(async () => {
    const out = join(dir, "figures.md");
    const words = ["--adapter", ADAPTER, "--only", "candidate", "--seed", "3", "--n", "2", "--out", out];
    await promisify(execFile)(process.execPath, [SCORING, ...words]);
    figures = JSON.parse(readFileSync(join(dir, "figures.json"), "utf8"));
  }, 240_000);

  afterAll(() => rmSync(dir, { recursive: true }));

  test.each([
    ["ratio", 0.15, { fuzzAdd: 0.8, drip: 0.4 }],
    ["rate", 0.25, { flood: 0.7, extraction: 0.8 }],
    ["latency", 0.2, { latency: 0.55, flood: 0.6 }],
    ["gauge", 0.1, { memleak: 0.9 }],
  ] as const)("%s: at most %d false alarms in a week of a series, and attacks are found", (signal, most, least) => {
    const { fp, ...found } = figures[signal]!.candidate;
    expect(fp).toBeLessThanOrEqual(most);
    for (const [attack, recall] of Object.entries(least)) expect(found[attack], attack).toBeGreaterThanOrEqual(recall);
  });
});
