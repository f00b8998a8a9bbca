import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expand, parseTemplate, TemplateError } from "../../../src/rules/template.ts";
import { Labels } from "../../../src/series/labels.ts";
import { epochMs } from "../../../src/series/time.ts";
import { expandWithPromtool, hasPromtool, refusedByPromtool } from "./oracle.ts";
import { DATA, templates } from "./templates.ts";

const BATCH = 1_000;
const VALUE = 12345.678;
const ERROR = "<error expanding template: ";
/** Samples of a list or a map, for which Go prints addresses, and the numbers inside a time. */
const INSIDES = /0xc0|[[:]&\{|\{\d+ \d{10,}/i;

/** What this program makes of a template: "refused", "error" or its text. */
function ours(text: string): string {
  try {
    const output = expand(parseTemplate(text), {
      labels: Labels.of({ ...DATA.labels, __name__: "v", i: "0" }),
      externalLabels: Labels.of(DATA.externalLabels),
      externalURL: DATA.externalURL,
      value: VALUE,
      at: epochMs(0),
      query: (expr) => {
        return expr === "nothing" ? [] : DATA.series.map(({ labels, value }) => ({ labels: Labels.of(labels), value }));
      },
    });
    return output.startsWith(ERROR) ? "error" : output;
  } catch (error) {
    if (error instanceof TemplateError) return "refused";
    throw error;
  }
}

/**
 * Not where Go prints what is inside, nor where this program finds a mistake earlier, refuses what is inside a time, or reads a
 * duration as a number, which the promtool of 2023 did not.
 */
function isComparable(text: string, theirs: string, own: string): boolean {
  if (INSIDES.test(theirs) || INSIDES.test(own)) return false;
  if (theirs === "error") return own !== "refused" && !text.includes(".Sub");
  return own !== "error" || !/printf .*toTime/.test(text);
}

describe.skipIf(!hasPromtool)("a thousand templates nobody wrote", () => {
  test.each([1, 2, 3])("expand as promtool expands them, seed %i", { timeout: 120_000 }, (seed) => {
    const texts = [...new Set(fc.sample(templates, { numRuns: BATCH, seed }))];
    const refused = new Set(refusedByPromtool(texts));
    const accepted = texts.filter((text) => !refused.has(text));
    const outputs = expandWithPromtool(accepted, [VALUE], DATA)[0]!;
    const different = accepted.flatMap((text, i) => {
      // All ints are alike here.
      const theirs = outputs[i]!.startsWith(ERROR) ? "error" : outputs[i]!.replaceAll(/\((?:int64|uint8)=/g, "(int=");
      const own = ours(text);
      return own === theirs || !isComparable(text, theirs, own) ? [] : [{ text, theirs, own }];
    });
    expect(different).toEqual([]);
    expect([...refused].filter((text) => ours(text) !== "refused")).toEqual([]);
  });
});
