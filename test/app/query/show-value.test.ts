import { describe, expect, test } from "vitest";
import { AnswerSize, showFloat } from "../../../src/app/query/show-value.ts";
import { Labels } from "../../../src/series/labels.ts";

test.each([
  [0, "0"],
  [-0, "-0"],
  [0.1, "0.1"],
  [Number.NaN, "NaN"],
  [Number.POSITIVE_INFINITY, "+Inf"],
  [Number.NEGATIVE_INFINITY, "-Inf"],
  [1e20, "100000000000000000000"],
  [1e21, "1e+21"],
  [-1.5e-7, "-1.5e-07"],
  [1e-6, "0.000001"],
  [5e-324, "5e-324"],
  [1.7976931348623157e308, "1.7976931348623157e+308"],
])("%d is written %s, as Go does", (value, text) => {
  expect(showFloat(value)).toBe(text);
});

describe("the size of an answer", () => {
  test("is bounded by its points", () => {
    const size = new AnswerSize();
    size.add(undefined, 400_000);
    expect(() => size.add(undefined, 100_000)).toThrow(
      "expected fewer series, for example by topk(), or a longer step",
    );
  });

  test("is bounded by the text of its labels", () => {
    const size = new AnswerSize();
    const labels = Labels.of({ model: "x".repeat(1024 * 1024) });
    for (let i = 0; i < 9; i++) size.add(labels, 0);
    expect(() => size.add(labels, 0)).toThrow("Cannot answer");
  });
});
