import fc from "fast-check";
import { expect, test } from "vitest";
import { eachKindFirst, seriesProblem } from "../../src/monitor/scrape-problems.ts";
import { Labels } from "../../src/series/labels.ts";

const KINDS = ["malformed", "duplicate", "forged", "regression"] as const;

test("the first problem of each kind comes first, and none is lost or made", () => {
  const problems = fc.array(fc.constantFrom(...KINDS)).map((kinds) => {
    return kinds.map((kind, line) => ({ kind, line, text: "", why: "" }));
  });
  fc.assert(
    fc.property(problems, (given) => {
      const ordered = eachKindFirst(given);
      const kinds = new Set(given.map(({ kind }) => kind));
      const head = ordered.slice(0, kinds.size);
      expect(new Set(head.map(({ kind }) => kind))).toEqual(kinds);
      for (const { kind, line } of head) expect(line).toBe(given.find((one) => one.kind === kind)?.line);
      expect(ordered.map(({ line }) => line).sort((a, b) => a - b)).toEqual(given.map(({ line }) => line));
    }),
  );
});

test("a series is told by its name and labels, cut where they are long", () => {
  const series = Labels.of({ __name__: "nv_x", model: "m".repeat(9_000) });
  const { text, ...rest } = seriesProblem("forged", series, "so it is");
  expect(rest).toEqual({ kind: "forged", line: 0, why: "so it is" });
  expect(text).toMatch(/^nv_x\{model="m+$/);
  expect(text).toHaveLength(200);
});
