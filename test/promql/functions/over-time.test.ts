import { expect, test } from "vitest";
import { ask, MemorySource } from "../memory-source.ts";

const MINUTE = 60_000;

test.each([
  ["sum_over_time", "1 2 3", "6"],
  ["sum_over_time", "1 1e100 1 -1e100", "2"],
  ["sum_over_time", "1 Inf 2", "Infinity"],
  ["avg_over_time", "1 2 6", "3"],
  ["avg_over_time", "1.7e308 1.7e308", "1.7e+308"],
  ["avg_over_time", "Inf 1", "Infinity"],
  ["avg_over_time", "Inf -Inf", "NaN"],
  ["max_over_time", "NaN 2 NaN 1", "2"],
  ["min_over_time", "NaN 2 NaN 1", "1"],
  ["max_over_time", "NaN NaN", "NaN"],
  ["count_over_time", "1 _ NaN stale 2", "3"],
  ["last_over_time", "1 2 stale", "2"],
  ["present_over_time", "NaN", "1"],
  ["stdvar_over_time", "2 4", "1"],
  ["stddev_over_time", "1 1 5 5", "2"],
])("%s of %s is %s", (name, values, wanted) => {
  const lines = ask(new MemorySource().load(MINUTE, "m", values), `${name}(m[1h])`, 600) as readonly string[];
  expect(lines).toEqual([`${name === "last_over_time" ? "m" : "{}"} ${wanted}`]);
});

test.each([
  ["0.5", "3 1 2", "2"],
  ["0.75", "1 2", "1.75"],
  ["0", "2 NaN 1", "NaN"],
  ["1", "2 NaN 1", "2"],
  ["2", "1 2", "Infinity"],
  ["-1", "1 2", "-Infinity"],
  ["NaN", "1 2", "NaN"],
])("the %s quantile of %s is %s", (q, values, wanted) => {
  const source = new MemorySource().load(MINUTE, "m", values);
  expect(ask(source, `quantile_over_time(${q}, m[1h])`, 600)).toEqual([`{} ${wanted}`]);
});
