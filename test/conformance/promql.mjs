// Runs scripts in the format of Prometheus' own PromQL tests over the evaluator and says how many of their evaluations pass.
//   npm run conformance -- DIR            every *.test file of DIR, over dist/
//   node test/conformance/promql.mjs DIR [DIST]
// An evaluation fails where a value is wrong or a mistake is missed or made up; it is unsupported where the evaluator refused
// it by name, or where its series are native histograms, which the store does not keep. Exit code 1 where any failed.
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { judge } from "./judge.mjs";
import { readScript } from "./script.mjs";

const [folder, given] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write(
    "Cannot run: expected a folder of *.test files, for example npm run conformance -- promqltest\n",
  );
  process.exit(2);
}
const dist = resolve(given ?? new URL("../../dist", import.meta.url).pathname);
const load = (path) => import(pathToFileURL(join(dist, path)).href);
const engine = {
  ...(await load("promql/evaluate.js")),
  ...(await load("promql/error.js")),
  ...(await load("promql/literals.js")),
  ...(await load("promql/needs.js")),
  ...(await load("promql/parse.js")),
  ...(await load("series/labels.js")),
  ...(await load("series/matchers.js")),
};

const total = { passed: 0, failed: 0, unsupported: 0 };
const reasons = new Map();
const constructs = new Map();
for (const name of readdirSync(folder).sort()) {
  if (name.endsWith(".test")) runFile(name);
}
process.stdout.write(`\nunsupported: ${listed(reasons)}\n`);
for (const [construct, count] of byCount(constructs)) process.stdout.write(`  ${count} ${construct}\n`);
const stable = total.passed + total.failed + (reasons.get("other") ?? 0);
const share = stable === 0 ? 100 : (100 * total.passed) / stable;
process.stdout.write(`stable float constructs only: ${total.passed} of ${stable} (${share.toFixed(2)} %)\n`);
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed > 0 ? 1 : 0;

function runFile(name) {
  const counts = { passed: 0, failed: 0, unsupported: 0 };
  const lines = [];
  for (const item of readScript(readFileSync(join(folder, name), "utf8"), engine)) {
    const verdict = judge(item, engine);
    counts[verdict.kind]++;
    total[verdict.kind]++;
    if (verdict.kind === "failed") lines.push(`  ${name}:${item.line}: ${item.query}\n    ${verdict.why}\n`);
    if (verdict.kind !== "unsupported") continue;
    count(reasons, verdict.reason);
    count(constructs, verdict.construct);
  }
  const { passed, failed, unsupported } = counts;
  process.stdout.write(`${name}: ${passed} passed, ${failed} failed, ${unsupported} unsupported\n${lines.join("")}`);
}

function count(counts, key) {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function byCount(counts) {
  return [...counts].sort((a, b) => b[1] - a[1]);
}

function listed(counts) {
  return (
    byCount(counts)
      .map(([key, number]) => `${number} ${key}`)
      .join(", ") || "none"
  );
}
