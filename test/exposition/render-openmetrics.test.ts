import { expect, test } from "vitest";
import { renderFamily } from "../../src/exposition/render.ts";
import { toOpenMetrics } from "../../src/exposition/render-openmetrics.ts";
import { Labels } from "../../src/series/labels.ts";

const page = (...families: Parameters<typeof renderFamily>[0][]) => families.map(renderFamily).join("\n");

test("a counter's family is called without the end of its samples' name", () => {
  const samples = [{ labels: Labels.of({ a: "b" }), value: 1 }];
  expect(toOpenMetrics(page({ name: "x_total", help: 'Says "x" and \\.', type: "counter", samples }))).toBe(
    '# HELP x Says \\"x\\" and \\\\.\n# TYPE x counter\nx_total{a="b"} 1\n# EOF\n',
  );
});

test("other families stay as they are, without blank lines between them", () => {
  const value = [{ labels: Labels.EMPTY, value: Number.NaN }];
  const text = toOpenMetrics(
    page(
      { name: "g_total", help: "g", type: "gauge", samples: value },
      { name: "u", help: "u", type: "untyped", samples: value },
    ),
  );
  expect(text).toBe(
    "# HELP g_total g\n# TYPE g_total gauge\ng_total NaN\n# HELP u u\n# TYPE u unknown\nu NaN\n# EOF\n",
  );
});

test("no label's text is taken for a comment", () => {
  const label = "\n# HELP x_total x\n# TYPE x_total counter\n";
  const text = page({ name: "g", help: "g", type: "gauge", samples: [{ labels: Labels.of({ label }), value: 1 }] });
  expect(toOpenMetrics(text)).toBe(`${text}# EOF\n`);
});
