import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as error from "../../src/promql/error.ts";
import * as evaluate from "../../src/promql/evaluate.ts";
import * as literals from "../../src/promql/literals.ts";
import * as needs from "../../src/promql/needs.ts";
import * as parse from "../../src/promql/parse.ts";
import * as labels from "../../src/series/labels.ts";
import * as matchers from "../../src/series/matchers.ts";
import { judge } from "../conformance/judge.mjs";
import { readScript } from "../conformance/script.mjs";

const engine = { ...error, ...evaluate, ...literals, ...needs, ...parse, ...labels, ...matchers };

/** The verdicts of a script, in its order. */
function verdicts(script: string): readonly string[] {
  return readScript(script, engine).map((item) => {
    const verdict = judge(item, engine);
    return verdict.kind === "failed" ? `failed: ${verdict.why}` : verdict.kind;
  });
}

const SERIES = `
# Comments and blank lines are nowhere.
load 1m
  m{x="1"}   0+1x3 _x2 stale 5.5
  # in between
  m{x="2"}   1 2 _ 4x1
  {"n.1", x="1"} -2-4x5 Inf NaN
  h_bucket{le="1"} 10
  h_bucket{le="+Inf"} 20
  native {{schema:0 sum:5 count:4 buckets:[1 2 1]}}x3
`;

test.each([
  ["eval instant at 1m m\n m{x='1'} 1\n m{x='2'} 2", "passed"],
  ["eval instant at 60 sum(m)\n {} 3", "passed"],
  ["eval instant at 1m m\n m{x='2'} 2\n m{x='1'} 1", "passed"],
  ["eval instant at 1m m\n  expect ordered\n m{x='2'} 2\n m{x='1'} 1", "failed"],
  ["eval_ordered instant at 1m m\n m{x='1'} 1\n m{x='2'} 2", "passed"],
  ["eval instant at 1m m\n m{x='1'} 1", "failed"],
  ["eval instant at 1m m{x='1'}\n m{x='1'} 1.1", "failed"],
  ["eval instant at 1m m{x='1'}\n m{x='1'} 1.0000001", "passed"],
  ["eval instant at 6m m{x='1'}", "passed"],
  ["eval instant 1 + 1\n 2", "passed"],
  ["eval instant at 0 0x10\n 0x10", "passed"],
  ["eval instant at 0 1 / 0\n +Inf", "passed"],
  ["eval instant at 0 vector(NaN)\n {} NaN", "passed"],
  ["eval instant at 0 'a'\n  expect string `a`", "passed"],
  ["eval instant at 0 'a'\n  expect string \"b\"", "failed"],
  ["eval range from 0 to 7m step 1m m{x='1'}\n m{x='1'} 0 1 2 3 3x1 _ 5.5", "passed"],
  ["eval range from 1m to 3m step 1m m{x='1'}\n m{x='1'} 1+1x2", "passed"],
  ["eval range from 0 to 1m step 30s 2\n {} 2x2", "passed"],
  ["eval range from 0 to 1m step 30s 2\n {} 2 2", "failed"],
  ['eval instant at 2m {"n.1"}\n {"n.1", x="1"} -10', "passed"],
  ["eval instant at 2m m{x='1'}[2m]\n expect range vector from 1m to 2m step 1m\n m{x='1'} 1 2", "passed"],
  ["eval instant at 1m sum(\n m\n )\n {} 3", "passed"],
  ["eval_fail instant at 1m m + ignoring(x) m", "passed"],
  ["eval instant at 1m m + ignoring(x) m\n expect fail msg: whatever", "passed"],
  ["eval instant at 1m m\n expect fail", "failed"],
  ["eval instant at 1m )\n expect fail", "passed"],
  ["eval instant at 1m )\n {} 1", "failed"],
  ["eval instant at 0 histogram_quantile(2, h_bucket)\n expect warn\n {} Inf", "passed"],
  ["eval instant at 0 histogram_quantile(0.5, h_bucket)\n expect warn\n {} 1", "failed"],
  ["eval instant at 0 histogram_quantile(2, h_bucket)\n expect no_warn\n {} Inf", "failed"],
  ["eval_info instant at 1m rate(m{x='1'}[5m])\n {x='1'} 0.0033333333333333335", "passed"],
  ["no command", "failed"],
  ["eval sometime m", "failed"],
  ["load 1m\n  m{ 1", "failed"],
  ["load 1m\n  m one", "failed"],
  ["eval instant at 0 native\n native {{schema:0 sum:5 count:4 buckets:[1 2 1]}}", "unsupported"],
  ["eval instant at 0 limitk(1, m)\n m{x='1'} 0", "unsupported"],
  ["eval_fail instant at 0 limitk(NaN, m)", "unsupported"],
])("%s: %s", (script, verdict) => {
  expect(verdicts(`${SERIES}\n${script}`)[0]?.replace(/:.*/s, "")).toBe(verdict);
});

test("`clear` forgets all series, and a second `load` adds to them", () => {
  const script = `${SERIES}\nload 1m\n  k 1\n\neval instant at 0 count({x=~".*",__name__=~"m|k"})\n  {} 3\nclear\neval instant at 0 m`;
  expect(verdicts(script)).toEqual(["passed", "passed"]);
});

// Prometheus' own tests, where somebody has put them beside this repository.
const FOLDER = new URL("../../../shared/promqltest/", import.meta.url);
const scripts = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith(".test")) : [];

describe.skipIf(scripts.length === 0)("Prometheus' own tests", () => {
  test.each(scripts)("%s: no value is wrong", (name) => {
    const found = verdicts(readFileSync(new URL(name, FOLDER), "utf8"));
    expect(found.filter((verdict) => verdict.startsWith("failed"))).toEqual([]);
  });
});
