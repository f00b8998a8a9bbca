import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeReferences } from "../../src/config/environment.ts";
import { loadConfig } from "../../src/config/load-config.ts";

function load(text: string, env: Record<string, string>) {
  const loaded = loadConfig("c.yml", text, new Map(Object.entries(env)));
  if (loaded.kind === "ok") return { config: loaded.config, said: [] };
  return { config: undefined, said: loaded.mistakes.map((m) => `${m.line}:${m.column} ${m.message}`) };
}

const labels = (text: string, env: Record<string, string>) => {
  return load(`global: { external_labels: { ${text} } }`, env).config?.global.externalLabels.toJSON();
};

test("references become the values of variables", () => {
  const text = `
rule_files: \${EMPTY}
scrape_configs:
- job_name: triton
  sample_limit: \${LIMIT}
  static_configs:
  - targets: ["\${HOST}:8002", "\${OTHER:-gpu-8}:8002"]
`;
  const { config } = load(text, { HOST: "gpu-7", LIMIT: "7", EMPTY: "" });
  expect(config?.jobs).toMatchObject([
    { sampleLimit: 7, discoveries: [{ kind: "static", targets: ["gpu-7:8002", "gpu-8:8002"] }] },
  ]);
  expect(config?.ruleFiles).toEqual([]);
});

test("a default serves where a variable is empty, and may be empty itself", () => {
  expect(labels(`a: "\${A:-x}", b: "\${B:-y}", c: "c\${C:-}"`, { A: "" })).toEqual({ a: "x", b: "y", c: "c" });
});

test("a doubled dollar keeps a reference from being one, and what is no name is none", () => {
  expect(labels(`a: "$\${A}", b: "\${1}", c: $A`, { A: "x" })).toEqual({ a: `\${A}`, b: `\${1}`, c: "$A" });
});

test("a variable adds neither structure nor further references", () => {
  const evil = `x, y: [z]\n- \${B} *a`;
  expect(labels(`a: "\${A}", "k\${B}": b`, { A: evil, B: "y" })).toBeUndefined();
  expect(labels(`a: "\${A}"`, { A: evil, B: "y" })).toEqual({ a: evil });
});

test("a quoted value stays a text", () => {
  expect(load(`exporter: { max_series: "\${N}" }`, { N: "5" }).said).toEqual([
    `1:25 exporter.max_series: expected a number, found "\${N}"`,
  ]);
});

test("a variable that is not set is one mistake, at its place", () => {
  expect(load(`log:\n  level: info\nweb: { listen_address: "127.0.0.1:\${PORT}" }`, {}).said).toEqual([
    `3:35 Cannot expand "\${PORT}": environment variable PORT is not set and has no default`,
  ]);
});

test("what came from the environment is not told", () => {
  const text = `
web: { external_url: "\${URL}", listen_address: "\${URL}" }
log: { level: "\${URL}" }
storage:
  history_bytes: \${URL}
`;
  const { said } = load(text, { URL: "hunter2" });
  expect(said).toHaveLength(4);
  expect(said.join()).not.toContain("hunter2");
});

test("an escaped text is read back as it was", () => {
  const piece = fc.constantFrom("$", "{", "}", "$" + "{A}", "$" + "{A:-b}", "$$" + "{", "A", ":-", "1", " ", "é");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = pieces.join("");
      expect(labels(`a: ${JSON.stringify(`x${escapeReferences(text)}`)}`, { A: "!" })).toEqual({ a: `x${text}` });
    }),
  );
});
