import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { SCHEMAS, type SchemaName, schemaJson, schemaMarkdown } from "../../src/app/schema.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { loadRules } from "../../src/rules/load.ts";
import { wholeConfig } from "../config/whole.ts";
import { filesUnder, ROOT, textOf } from "../house/sources.ts";

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, strict: true, strictRequired: false });
const validate = {
  config: ajv.compile(JSON.parse(schemaJson("config"))),
  rules: ajv.compile(JSON.parse(schemaJson("rules"))),
  "rule-tests": ajv.compile(JSON.parse(schemaJson("rule-tests"))),
};

/** What the schema says against a text; a text without content says nothing. */
function complaints(name: SchemaName, text: string): unknown {
  const check = validate[name];
  return check(parse(text) ?? {}) ? [] : check.errors;
}

test.each(SCHEMAS)("the schema of %s in docs/schema is current", async (name) => {
  await expect(schemaJson(name)).toMatchFileSnapshot(join(ROOT, `docs/schema/triton-sentinel-${name}.schema.json`));
});

test("docs/config-reference.md is current", async () => {
  await expect(schemaMarkdown("config")).toMatchFileSnapshot(join(ROOT, "docs/config-reference.md"));
});

test("the reference has a section for every part it speaks of, and a row for every field", () => {
  for (const name of SCHEMAS) {
    const text = schemaMarkdown(name);
    const sections = new Set([...text.matchAll(/^## `(.+)`$/gm)].map(([, heading]) => heading));
    for (const [, anchor] of text.matchAll(/\]\(#([\w]+)\)/g)) expect(sections).toContain(anchor);
    for (const [row] of text.matchAll(/^\| `.*$/gm)) expect(row).toMatch(/^\| `\w+` \| [^|]+ \| [^|]* \| [^|]{5,} \|$/);
  }
});

describe.each(SCHEMAS)("in the schema of %s", (name) => {
  test("every field has a description", () => {
    const undescribed: string[] = [];
    JSON.parse(schemaJson(name), (_, value) => {
      for (const [field, property] of Object.entries<{ description?: string }>(value?.properties ?? {})) {
        if (typeof property.description !== "string") undescribed.push(field);
      }
      return value;
    });
    expect(undescribed).toEqual([]);
  });
});

/** YAML that this repository shows or ships, by what its first line or its content says it is. */
const shipped = filesUnder(".", "{docs,rules,deploy,examples}/**/*.{yml,yaml}").flatMap((path) => {
  const named = /^# yaml-language-server: \$schema=(\S*triton-sentinel-(config|rules)\.schema\.json)\n/.exec(
    textOf(path),
  );
  return named ? [{ path, schema: named[1]!, name: named[2] as SchemaName, text: textOf(path) }] : [];
});

test.each(shipped)("$path is right by the schema it names", ({ path, schema, name, text }) => {
  expect(existsSync(join(ROOT, dirname(path), schema))).toBe(true);
  expect(complaints(name, text)).toEqual([]);
});

test("the packaged rules name their schema", () => {
  expect(shipped.map(({ path }) => path)).toContain("rules/triton.yml");
});

const examples = ["README.md", ...filesUnder("docs", "**/*.md")].flatMap((path) =>
  [...textOf(path).matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text], i) => {
    const isRules = /^(groups|overrides):/m.test(text!);
    const isConfig = !isRules && loadConfig("c.yml", text!, new Map()).kind === "ok";
    return {
      example: `${path}, example ${i + 1}`,
      text: text!,
      name: isRules ? "rules" : isConfig ? "config" : undefined,
    };
  }),
);
const whole = examples.filter((one): one is (typeof examples)[number] & { name: SchemaName } => one.name !== undefined);

test.each(whole)("$example is right by the schema of $name", ({ text, name }) => {
  expect(complaints(name, text)).toEqual([]);
});

const ENVIRONMENT = new Map([
  ["MAX", "5"],
  ["LEVEL", "info"],
  ["PACKAGED", "false"],
  ["HOOK", "https://chat.example.com"],
]);

test("a configuration that says something everywhere is right by its schema", () => {
  expect(complaints("config", wholeConfig("hunter2"))).toEqual([]);
});

test.each([
  "",
  "scrape_configs: [{ job_name: 5, static_configs: [{ targets: ['a:1'], labels: { replica: 1, on: true } }] }]",
  `global: { scrape_interval: "\${INTERVAL:-5s}" }`,
  `exporter:\n  max_series: \${MAX}\nlog: { level: "\${LEVEL}" }\npackaged_rules: \${PACKAGED}`,
  `outputs: { webhook: [{ name: a, url: "\${HOOK}" }] }`,
  "evaluation: { hold_for: 0 }",
])("this configuration is right by its schema, as it is when loaded: %s", (text) => {
  expect(complaints("config", text)).toEqual([]);
  expect(loadConfig("c.yml", text, ENVIRONMENT)).toMatchObject({ kind: "ok" });
});

test.each([
  "scrape_config: []",
  "global: { scrape_interval: 5 s }",
  "global: { scrape_interval: 15 }",
  "global: { external_labels: { __a: b } }",
  "scrape_configs: [{ static_configs: [] }]",
  "scrape_configs: {}",
  "scrape_configs: [{ job_name: a, scheme: ftp }]",
  "scrape_configs: [{ job_name: a, metrics_path: m }]",
  "scrape_configs: [{ job_name: a, body_size_limit: 32 }]",
  "scrape_configs: [{ job_name: a, sample_limit: 0 }]",
  "scrape_configs: [{ job_name: a, static_configs: [{ targets: [gpu-7] }] }]",
  "scrape_configs: [{ job_name: a, file_sd_configs: [{ files: [a.txt] }] }]",
  "scrape_configs: [{ job_name: a, http_sd_configs: [{ url: a.example }] }]",
  "scrape_configs: [{ job_name: a, kubernetes_sd_configs: [{ role: node }] }]",
  "scrape_configs: [{ job_name: a, dns_sd_configs: [{ names: [], type: A }] }]",
  "scrape_configs: [{ job_name: a, relabel_configs: [{ action: Keep }] }]",
  "scrape_configs: [{ job_name: a, basic_auth: { password: x } }]",
  "scrape_configs: [{ job_name: a, tls_config: { insecure_skip_verify: 1 } }]",
  "alerting: { alertmanagers: [{ api_version: v1 }] }",
  "outputs: { email: [{ name: a }] }",
  "outputs: { webhook: [{ url: 'https://a' }] }",
  "outputs: { log: { enabled: maybe } }",
  "outputs: { slack: [] }",
  "deployments: [{ name: a, match: { b: c }, weekly: { days: [monday], from: '1', to: '2' } }]",
  "storage: { history_bytes: 128 MiB }",
  "web: { listen_address: 9464 }",
  "log: { level: verbose }",
])("this configuration is wrong by its schema, as it is when loaded: %s", (text) => {
  expect(complaints("config", text)).not.toEqual([]);
  expect(loadConfig("c.yml", text, new Map()).kind).toBe("mistakes");
});

test.each([
  "group: []",
  "groups: [{ rules: [] }]",
  "groups: [{ name: a, interval: 5 min }]",
  "groups: [{ name: a, rules: [{ alert: b, expr: up, for: 5 }] }]",
  "groups: [{ name: a, rules: [{ alert: b, detect: { rate: x, detector: magic } }] }]",
  "groups: [{ name: a, rules: [{ alert: b, detect: { models: [eaten] } }] }]",
  "groups: [{ name: a, rules: [{ alert: b, expr: up, label: {} }] }]",
  "overrides: [{ set: { for: 5m } }]",
])("this rule file is wrong by its schema, as it is when loaded: %s", (text) => {
  expect(complaints("rules", text)).not.toEqual([]);
  expect(loadRules([{ file: "r.yml", text }]).mistakes).not.toEqual([]);
});
