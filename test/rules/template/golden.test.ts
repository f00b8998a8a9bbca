import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { expand, parseTemplate, TemplateError } from "../../../src/rules/template.ts";
import { Labels } from "../../../src/series/labels.ts";
import { epochMs } from "../../../src/series/time.ts";
import { expandWithPromtool, hasPromtool, refusedByPromtool } from "./oracle.ts";

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * What is expanded, and what with: each number template with each number, each expression once with 12345.678. `refusedEarlier`
 * are mistakes Go finds only when the alert fires; `unsupported` are things that Prometheus has and templates here have not;
 * `newer` are understood here and by Prometheus 3, but not by the promtool that made the goldens.
 */
interface Cases {
  readonly labels: Record<string, string>;
  readonly externalLabels: Record<string, string>;
  readonly externalURL: string;
  readonly numbers: readonly string[];
  readonly numberTemplates: readonly string[];
  readonly expressions: readonly string[];
  readonly refused: readonly string[];
  readonly refusedEarlier: readonly string[];
  readonly unsupported: readonly string[];
  readonly newer: readonly string[];
  readonly series: readonly Sample[];
  /** What `query` answers: samples, or their places in `series`. Other queries fail. */
  readonly answers: Readonly<Record<string, readonly (number | Sample)[]>>;
}

const file = (name: string) => join(import.meta.dirname, "../../golden/templates", `${name}.json`);
const cases: Cases = JSON.parse(readFileSync(file("cases"), "utf8"));
const SETS = [
  { name: "numbers", templates: cases.numberTemplates, values: cases.numbers.map(Number) },
  { name: "expressions", templates: cases.expressions, values: [12345.678] },
];
const query = (text: string) => {
  const found = cases.answers[text];
  if (found === undefined) throw new RangeError("Cannot answer this");
  return found.map((sample) => {
    const { labels, value } = typeof sample === "number" ? cases.series[sample]! : sample;
    return { labels: Labels.of(labels), value };
  });
};
const at = epochMs(0);
const ERROR = "<error expanding template: ";

/** UPDATE_GOLDEN=templates rewrites the goldens from the promtool on this machine. */
const UPDATE = process.env["UPDATE_GOLDEN"] === "templates";

describe.each(SETS)("the golden $name", ({ name, templates, values }) => {
  if (UPDATE) {
    writeFileSync(file(name), `${JSON.stringify(expandWithPromtool(templates, values, cases), undefined, 1)}\n`);
  }
  const golden: string[][] = JSON.parse(readFileSync(file(name), "utf8"));

  test.each([...templates.entries()])("are what template %i prints: %s", (column, text) => {
    const template = parseTemplate(text);
    const ours = values.map((value, i) => {
      const labels = Labels.of({ ...cases.labels, i: String(i) });
      const externalLabels = Labels.of(cases.externalLabels);
      const output = expand(template, { labels, externalLabels, externalURL: cases.externalURL, value, query, at });
      return output.startsWith(ERROR) ? ERROR : output;
    });
    expect(ours).toEqual(golden.map((row) => (row[column]!.startsWith(ERROR) ? ERROR : row[column])));
  });

  test.skipIf(!hasPromtool)("are what promtool prints", () => {
    expect(golden).toEqual(expandWithPromtool(templates, values, cases));
  });
});

describe("a template Go refuses", () => {
  test.each([...cases.refused, ...cases.refusedEarlier, ...cases.unsupported])("is refused here: %s", (text) => {
    expect(() => parseTemplate(text)).toThrow(TemplateError);
  });

  test.skipIf(!hasPromtool)("is refused by promtool", () => {
    expect(refusedByPromtool(cases.refused)).toEqual(cases.refused);
  });

  test.skipIf(!hasPromtool)("may be one of a newer Go or Prometheus", () => {
    expect(refusedByPromtool(cases.newer)).toEqual(cases.newer);
    for (const text of cases.newer) expect(() => parseTemplate(text)).not.toThrow();
  });
});
