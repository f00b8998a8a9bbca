import { expect, test } from "vitest";
import { ask, MemorySource } from "./memory-source.ts";

const source = new MemorySource();
for (const [i, value] of ["3", "NaN", "1", "Inf", "1"].entries()) source.load(1, `m{i="${i}"}`, value);

test.each([
  ["sort(m)", ["2", "4", "0", "3", "1"]],
  ["sort_desc(m)", ["3", "0", "2", "4", "1"]],
])("%s has NaN last and equal values in their order", (text, order) => {
  expect((ask(source, text, 0) as string[]).map((line) => /i="(\d)"/.exec(line)?.[1])).toEqual(order);
});
