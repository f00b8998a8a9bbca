import { expect, test } from "vitest";
import { ask, MemorySource } from "../memory-source.ts";

test.each([
  ["abs(m)", -2.5, 2.5],
  ["ceil(m)", 1.2, 2],
  ["floor(m)", -1.2, -2],
  ["round(m)", 2.5, 3],
  ["round(m)", -2.5, -2],
  ["round(m, 0.1)", 0.25, 0.3],
  ["round(m, 5)", 12.5, 15],
  ["clamp(m, 0, 1)", 7, 1],
  ["clamp(m, 0, NaN)", 7, Number.NaN],
  ["clamp_min(m, 3)", 1, 3],
  ["clamp_min(m, Inf)", Number.NaN, Number.POSITIVE_INFINITY],
  ["clamp_max(m, 3)", 1, 1],
  ["clamp_max(m, -Inf)", Number.NaN, Number.NEGATIVE_INFINITY],
  ["exp(m)", 0, 1],
  ["ln(m)", 0, Number.NEGATIVE_INFINITY],
  ["log2(m)", 8, 3],
  ["log10(m)", -1, Number.NaN],
  ["sqrt(m)", 9, 3],
  ["sgn(m)", -3, -1],
  ["sgn(m)", Number.NaN, Number.NaN],
  ["deg(m)", Math.PI, 180],
  ["rad(m)", 180, Math.PI],
])("%s of %d is %d", (text, value, wanted) => {
  const source = new MemorySource().load(1, "m", String(value).replace("Infinity", "Inf"));
  expect(ask(source, text, 0)).toEqual([`{} ${wanted}`]);
});
