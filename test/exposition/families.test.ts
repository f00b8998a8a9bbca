import { describe, expect, test } from "vitest";
import { problemKinds } from "./reading.ts";

/** Lines of a page, `/` between them; `T x counter` is a TYPE line and `H x` a HELP line. */
const page = (text: string) =>
  `${text.replaceAll("T ", "# TYPE ").replaceAll("H ", "# HELP ").replaceAll(" / ", "\n")}\n`;

describe("a sample outside its family's block is found", () => {
  test.each([
    ["in another family's block", 'T a counter / a 1 / T b counter / b 2 / a{x="1"} 3', ["5 outside-family"]],
    ["between samples of that family", 'T a counter / a 1 / T b counter / a{x="1"} 3 / b 2', ["4 outside-family"]],
    [
      "once a line",
      'T a counter / a 1 / H b / a{x="1"} 3 / a{x="2"} 3 / T b counter / b 1',
      ["4 outside-family", "5 outside-family"],
    ],
    ["as part of a histogram", "T h histogram / h_sum 1 / T b counter / h_count 3 / b 2", ["4 outside-family"]],
    [
      "where the block is opened again",
      'T a counter / a 1 / T b counter / b 2 / T a counter / a{x="1"} 3',
      ["5 outside-family"],
    ],
    [
      "where HELP opens the block again",
      'H a / T a counter / a 1 / H b / T b counter / b 2 / H a / T a counter / a{x="1"} 3',
      ["7 outside-family"],
    ],
    [
      "where a backend's HELP text is two lines long",
      'H a / T a counter / a{m="x"} 1 / H evil about / a{m="y"} 999 / T evil counter / evil 1',
      ["5 outside-family"],
    ],
  ])("%s", (_, text, expected) => expect(problemKinds(page(text))).toEqual(expected));
});

describe("a second type for a family is found", () => {
  test.each([
    ["in its block", 'T a counter / a 1 / T a gauge / a{x="1"} 2', ["3 conflicting-type"]],
    ["after its block", 'T a counter / a 1 / T b gauge / b 1 / T a gauge / a{x="1"} 2', ["5 conflicting-type"]],
  ])("%s", (_, text, expected) => expect(problemKinds(page(text))).toEqual(expected));
});

describe("nothing is wrong with", () => {
  test.each([
    ["samples without any declaration, in any order", 'a 1 / b 2 / a{x="1"} 3 / a_sum 1 / a_bucket 2'],
    ["a sample above its own declaration", 'a 1 / T a counter / a{x="1"} 2'],
    ["an undeclared sample in another's block", 'T a counter / a 1 / b 2 / a{x="1"} 3'],
    [
      "a counter whose name ends in _count",
      "T nv_count counter / nv_count 1 / T nv_exec_count counter / nv_exec_count 2",
    ],
    [
      "a counter called like a part of a histogram declared elsewhere",
      "T h histogram / h_sum 1 / T h_count counter / h_count 2",
    ],
    [
      "a part of a histogram called like another family",
      'T h_count counter / h_count{x="1"} 2 / T h histogram / h_count 1 / h_sum 2',
    ],
    ["parts of a summary in any order", 'T s summary / s_sum 1 / s{quantile="0.5"} 1 / s_count 2'],
    ["the same type twice in a block", "T a counter / T a counter / a 1"],
    ["TYPE above HELP", "T a counter / H a text / a 1"],
    ["families without samples", "T a counter / T b counter / b 1 / H c / H d"],
    ["a family that only has a HELP", 'H a / a 1 / H b / b 2 / a{x="1"} 3'],
    [
      "comments and unknown words",
      "# TYPES a b / #TYPE b c / # UNIT a seconds / # EOF / # HELP / # TYPE / # / ## / a 1",
    ],
    ["names of properties all objects have", "T constructor counter / constructor 1 / T __proto__ gauge / __proto__ 2"],
    ["blanks galore", "#  TYPE \t a \t counter \t / a 1"],
  ])("%s", (_, text) => expect(problemKinds(page(text))).toEqual([]));
});
