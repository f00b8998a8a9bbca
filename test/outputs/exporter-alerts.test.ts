import { expect, test } from "vitest";
import { pageOf, samplesOf } from "./exporter-page.ts";

test("exceptions are counted by alert and place; rules that share one by an override share its count", () => {
  const one = (position: string, hits: number) => ({ alertname: "X", position, hits });
  const text = pageOf({ exceptions: () => [one("a.yml:3", 2), one("a.yml:9", 0), one("a.yml:3", 5)] });
  expect(samplesOf(text, "exception_hits_total")).toEqual([
    'triton_sentinel_exception_hits_total{alertname="X",position="a.yml:3"} 7',
    'triton_sentinel_exception_hits_total{alertname="X",position="a.yml:9"} 0',
  ]);
});
