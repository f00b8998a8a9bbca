import fc from "fast-check";
import { expect, test } from "vitest";
import { LINTS } from "../../../src/rules/lint/index.ts";
import { lintRules } from "../../../src/rules/lint/lint-rules.ts";
import { loadRules } from "../../../src/rules/load.ts";
import { LINT_OPTIONS } from "./lint.ts";

const METRICS = ["nv_inference_count", "nv_gpu_utilization", "nv_inference_queue_duration_us", "up", "ALERTS", "other"];
const MATCHERS = ["", '{model="a"}', '{modle=~".*"}', '{reason!="X", _tag="1"}', '{__name__=~"nv_.*"}'];

const selector = fc.tuple(fc.constantFrom(...METRICS), fc.constantFrom(...MATCHERS)).map(([metric, m]) => {
  return m.includes("__name__") ? m : metric + m;
});
const range = fc.constantFrom("10s", "5m").map((length) => (of: string) => `${of}[${length}]`);

/** Vectors of all shapes, most of them nonsense. */
const { vector } = fc.letrec<{ vector: string }>((tie) => ({
  vector: fc.oneof(
    { maxDepth: 4 },
    selector,
    fc
      .tuple(fc.constantFrom("rate", "delta", "increase", "absent_over_time"), selector, range)
      .map(([f, s, r]) => `${f}(${r(s)})`),
    fc
      .tuple(fc.constantFrom("sum", "avg by (model)", "count without (version)", "max by (x)"), tie("vector"))
      .map(([a, v]) => `${a} (${v})`),
    fc
      .tuple(
        tie("vector"),
        fc.constantFrom("+", ">", "== bool", "and", "unless on (model)", "or", "/ ignoring (reason)"),
        tie("vector"),
      )
      .map(([a, op, b]) => `(${a}) ${op} (${b})`),
    fc.tuple(tie("vector"), fc.constantFrom("> 5", "< 3 > 5", "* 100", "!= bool 0")).map(([v, op]) => `(${v}) ${op}`),
    fc.tuple(fc.constantFrom("absent", "abs", "-", "vector(1) or"), tie("vector")).map(([f, v]) => `${f} (${v})`),
    tie("vector").map((v) => `max_over_time((${v})[5m:1m])`),
    fc.constantFrom("vector(0)", "vector(time())"),
  ),
}));

const linted = (files: readonly string[]) =>
  lintRules(loadRules(files.map((text, i) => ({ file: `${i}.yml`, text }))), { ...LINT_OPTIONS, hits: () => 0 });

test("every lint copes with every expression, and points into the file", () => {
  fc.assert(
    fc.property(fc.array(vector, { minLength: 1, maxLength: 3 }), (exprs) => {
      const rules = exprs.map((expr, i) => `  - { alert: A${i % 2}, expr: ${JSON.stringify(expr)}, for: 5s }`);
      const text = `groups:\n- name: g\n  rules:\n${rules.join("\n")}\n`;
      const ids = new Set(LINTS.map(({ id }) => id));
      for (const { line, column, length, lint, sourceLine } of linted([text])) {
        expect(ids).toContain(lint);
        expect(sourceLine).toBe(text.split("\n")[line - 1]);
        expect(column + length - 1).toBeLessThanOrEqual(Math.max(sourceLine.length, 1));
      }
    }),
    { numRuns: 300 },
  );
});

test("whatever a comment says, it is read or told, and nothing is thrown", () => {
  const comment = fc
    .tuple(fc.constantFrom("ignore", "ignore-file", "ignored", ""), fc.string(), fc.constantFrom(":", ""), fc.string())
    .map(([word, id, colon, reason]) =>
      `# lint:${word} ${id}${colon} ${reason}`.replace(/[\r\n\u0085\u2028\u2029]/g, " "),
    );
  fc.assert(
    fc.property(fc.array(comment, { maxLength: 4 }), (comments) => {
      linted([
        `${comments.join("\n")}\ngroups:\n- name: g\n  rules:\n  ${comments[0] ?? "#"}\n  - { alert: A, expr: up }\n`,
      ]);
    }),
  );
});

test("of one lint no more is told than anybody reads", () => {
  const rules = Array.from({ length: 500 }, (_, i) => `  - { alert: A${i}, expr: up == ${i} }`).join("\n");
  const found = linted([`groups:\n- name: g\n  rules:\n${rules}\n`]);
  expect(found.filter(({ lint }) => lint === "missing-summary")).toHaveLength(200);
});
