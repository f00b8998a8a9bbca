import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { RE2JS } from "re2js";
import { expect, test } from "vitest";
import { Labels } from "../../src/series/labels.ts";
import { relabel } from "../../src/series/relabel.ts";
import { RELABEL_ACTIONS, type RelabelRule } from "../../src/series/relabel-rule.ts";
import { refusedPort } from "../support/ports.ts";

const prometheusMissing = spawnSync("prometheus", ["--version"]).error !== undefined;

const SEED = 20_260_101;
const JOBS = 60;
const NAMES = ["a", "b", "job", "__address__", "__meta_a", "__meta_b", "__tmp"];
const REGEXES = [
  "(.*)",
  "(.)(.*)",
  "a.*",
  "(?i)(A)(.*)",
  "__meta_(.+)",
  "(.*);(.*)",
  "",
  "[^a]+",
  "(?P<x>.+)b",
  "b|(c)?.*",
];
const REPLACEMENTS = ["$1", `\${1}`, "$2$1", "x$1y", "", "$$", `\${x}`, "const", "a_$1", "$3", "$"];

const values = fc.string({ unit: fc.constantFrom("a", "b", "C", ";", ".", "é", " ", "Z"), maxLength: 5 });
const written = fc.record({
  action: fc.constantFrom(...RELABEL_ACTIONS),
  sources: fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 }),
  separator: fc.constantFrom(";", "", "-"),
  regex: fc.constantFrom(...REGEXES),
  replacement: fc.constantFrom(...REPLACEMENTS),
  target: fc.constantFrom("a", "b", "c", "__tmp", `t_\${1}`),
  modulus: fc.integer({ min: 1, max: 1_000_000_007 }),
});
type Written = typeof written extends fc.Arbitrary<infer T> ? T : never;
const job = fc.record({ a: values, b: values, meta: values, rules: fc.array(written, { minLength: 1, maxLength: 4 }) });

/** The rule as Prometheus' configuration has it, with the fields its action takes, and as ours. */
function both({ action, sources, separator, regex, replacement, target, modulus }: Written) {
  const byName = action === "labelmap" || action === "labeldrop" || action === "labelkeep";
  const equal = action === "keepequal" || action === "dropequal";
  const replaces = action === "replace";
  const fixed = replaces || target !== `t_\${1}` ? target : "t";
  // An empty result for a target with a group in it is where versions of Prometheus differ.
  const result = replaces && target !== fixed.replace("$", "") ? "k$1" : replacement;
  const maps = action === "labelmap";
  const map = REPLACEMENTS.indexOf(replacement) % 2 === 0 ? "m_$1" : "n";
  const theirs = {
    action,
    ...(!byName && { source_labels: sources }),
    ...(!byName && !equal && { separator }),
    ...(!equal && { regex }),
    ...(replaces && { replacement: result }),
    ...(maps && { replacement: map }),
    ...(!byName && action !== "keep" && action !== "drop" && { target_label: fixed }),
    ...(action === "hashmod" && { modulus }),
  };
  const ours: RelabelRule = {
    action,
    sourceLabels: byName ? [] : sources,
    separator: equal ? ";" : separator,
    regex: RE2JS.compile(`^(?s:${equal ? "(.*)" : regex})$`),
    replacement: replaces ? result : maps ? map : "$1",
    targetLabel: fixed,
    modulus,
  };
  return { theirs, ours };
}

/** What no rule may take from a target, or there would be none: put back at the end, by them and by us. */
const PUT_BACK = Object.entries({
  __address__: "127.0.0.1:1",
  __scheme__: "http",
  __metrics_path__: "/metrics",
  __scrape_interval__: "1h",
  __scrape_timeout__: "10s",
});

interface Active {
  readonly scrapePool: string;
  readonly labels: Record<string, string>;
}

interface Told {
  readonly activeTargets: readonly Active[];
  readonly droppedTargets: readonly unknown[];
}

/** What a real Prometheus makes of jobs of one static target each. */
async function ask(scrapeConfigs: readonly unknown[]): Promise<Told> {
  const folder = mkdtempSync(join(tmpdir(), "relabel-"));
  let process: ChildProcess | undefined;
  try {
    // JSON is YAML.
    writeFileSync(join(folder, "prometheus.yml"), JSON.stringify({ scrape_configs: scrapeConfigs }));
    const address = `127.0.0.1:${await refusedPort()}`;
    const flags = [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`];
    process = spawn("prometheus", [...flags, `--web.listen-address=${address}`], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    await said(process, "Server is ready");
    // Discovery is taken over every five seconds; nothing but the answer tells when it has been.
    for (;;) {
      const answer = await fetch(`http://${address}/api/v1/targets`);
      const { data } = (await answer.json()) as { data: Told };
      if (data.activeTargets.length + data.droppedTargets.length >= scrapeConfigs.length) return data;
      await new Promise((next) => setTimeout(next, 200));
    }
  } finally {
    process?.kill("SIGKILL");
    if (process !== undefined) await new Promise((resolve) => process?.once("exit", resolve));
    rmSync(folder, { recursive: true });
  }
}

const said = (process: ChildProcess, what: string): Promise<void> =>
  new Promise((resolve, reject) => {
    let text = "";
    process.stderr?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes(what)) resolve();
    });
    process.once("exit", () => reject(new Error(text)));
  });

test.skipIf(prometheusMissing)(
  "rules do to labels what they do in a real Prometheus",
  { timeout: 120_000 },
  async () => {
    const jobs = fc.sample(job, { seed: SEED, numRuns: JOBS }).map(({ a, b, meta, rules }, i) => ({
      name: `job-${i}`,
      labels: { a, b, __meta_a: meta, __meta_b: a },
      rules: rules.map(both),
    }));
    const { activeTargets } = await ask(
      jobs.map(({ name, labels, rules }) => ({
        job_name: name,
        scrape_interval: "1h",
        static_configs: [{ targets: ["127.0.0.1:1"], labels }],
        relabel_configs: [
          ...rules.map(({ theirs }) => theirs),
          ...PUT_BACK.map(([target_label, replacement]) => ({ target_label, replacement })),
        ],
      })),
    );
    // Which is not active was dropped. What this version says was discovered cannot be used: rules have changed it.
    const theirs = new Map(activeTargets.map(({ scrapePool, labels }) => [scrapePool, Labels.of(labels).toJSON()]));
    let dropped = 0;
    for (const { name, labels, rules } of jobs) {
      const before = Labels.of({ ...Object.fromEntries(PUT_BACK), ...labels, job: name });
      const made = relabel(
        before,
        rules.map(({ ours }) => ours),
      );
      const shown = made?.pairs.filter(([label]) => !label.startsWith("__"));
      const ours = shown && Labels.from([["instance", "127.0.0.1:1"], ...shown]).toJSON();
      if (ours === undefined) dropped++;
      expect([name, rules.map((one) => one.theirs), ours]).toEqual([
        name,
        rules.map((one) => one.theirs),
        theirs.get(name),
      ]);
    }
    expect(dropped).toBeGreaterThan(5);
    expect(dropped).toBeLessThan(JOBS - 5);
  },
);
