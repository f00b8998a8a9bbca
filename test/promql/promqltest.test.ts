import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Expr } from "../../src/promql/ast.ts";
import { evaluate, type Value } from "../../src/promql/evaluate.ts";
import { needsOf } from "../../src/promql/needs.ts";
import { PromqlError, parseExpr } from "../../src/promql/parse.ts";
import { epochMs } from "../../src/series/time.ts";
import { type Case, readScript } from "./promqltest.ts";

const FOLDER = new URL("../../../shared/promqltest/", import.meta.url);
const present = existsSync(FOLDER);
const scripts = present ? readdirSync(FOLDER).filter((name) => name.endsWith(".test")) : [];

type Outcome =
  | { kind: "passed" }
  | { kind: "refused"; why: string }
  | { kind: "foreign" }
  | { kind: "wrong"; why: string };

const near = (a: number | undefined, b: number | undefined): boolean =>
  Object.is(a, b) ||
  (a !== undefined && b !== undefined && (a === b || Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b))));

function judge(item: Case): Outcome {
  let tree: Expr;
  try {
    tree = parseExpr(item.query);
  } catch (error) {
    if (!(error instanceof PromqlError)) throw error;
    // A refusal proves nothing about an evaluation that is to fail for a reason of its own.
    const failed = item.expected.kind === "failure" && !error.message.endsWith("is not supported yet");
    return failed ? { kind: "passed" } : { kind: "refused", why: error.message };
  }
  if (needsOf(tree).some(({ matchers }) => item.histograms.select(matchers).length > 0)) return { kind: "foreign" };
  try {
    const values = item.times.map((at) => evaluate(tree, item.source, epochMs(at)));
    return compare(item, values);
  } catch (error) {
    if (!(error instanceof PromqlError)) throw error;
    return item.expected.kind === "failure" ? { kind: "passed" } : { kind: "wrong", why: error.message };
  }
}

function compare({ expected, ordered, times }: Case, values: readonly Value[]): Outcome {
  if (expected.kind === "failure") return { kind: "wrong", why: "expected a failure" };
  if (expected.kind === "foreign") return { kind: "wrong", why: "expected something foreign" };
  const found = new Map<string, (number | undefined)[]>();
  for (const [i, value] of values.entries()) {
    if (value.kind === "string") {
      const same = expected.kind === "string" && expected.value === value.value;
      return same ? { kind: "passed" } : { kind: "wrong", why: value.value };
    }
    for (const sample of value.kind === "scalar" ? [{ labels: { key: "" }, value: value.value }] : value.samples) {
      const row = found.get(sample.labels.key) ?? Array(times.length).fill(undefined);
      row[i] = sample.value;
      found.set(sample.labels.key, row);
    }
  }
  const wanted = new Map<string, readonly (number | undefined)[]>();
  if (expected.kind === "scalar") wanted.set("", expected.values);
  if (expected.kind === "vector") for (const row of expected.series) wanted.set(row.labels.key, row.values);
  const same =
    expected.kind !== "string" &&
    found.size === wanted.size &&
    [...wanted].every(([key, row]) => row.every((value, i) => near(value, found.get(key)?.[i]))) &&
    (!ordered || [...wanted.keys()].join() === [...found.keys()].join());
  return same
    ? { kind: "passed" }
    : { kind: "wrong", why: `${JSON.stringify([...found])}, wanted ${JSON.stringify([...wanted])}` };
}

describe.skipIf(!present)("Prometheus' own tests", () => {
  test.each(scripts)("%s: no value is wrong", (name) => {
    const counts = { passed: 0, refused: 0, foreign: 0, wrong: 0 };
    const wrong: string[] = [];
    const refusals = new Map<string, number>();
    for (const item of readScript(readFileSync(new URL(name, FOLDER), "utf8"))) {
      const outcome = judge(item);
      counts[outcome.kind]++;
      if (outcome.kind === "wrong") wrong.push(`${name}:${item.line}: ${item.query}: ${outcome.why}`);
      if (outcome.kind === "refused") refusals.set(outcome.why, (refusals.get(outcome.why) ?? 0) + 1);
    }
    process.stdout.write(`${name}: ${JSON.stringify(counts)}\n`);
    if (process.env["PROMQL_REFUSALS"]) process.stdout.write(`${JSON.stringify([...refusals], null, 1)}\n`);
    expect(wrong).toEqual([]);
  });
});
