import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderFamily, renderSample, renderSeries } from "../../src/exposition/render.ts";
import { Labels } from "../../src/series/labels.ts";
import { problemKinds, readCold, spell } from "./reading.ts";

const metric = fc.oneof(
  fc.constantFrom("a", "nv_inference_count", "job:a:sum", "__proto__", "constructor", "toString", "x_bucket"),
  fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,12}$/),
);
const label = fc.oneof(
  fc.constantFrom("model", "le", "__proto__", "constructor", "toString", "hasOwnProperty", "l0", "s1"),
  fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/),
);
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.string({ unit: fc.constantFrom(...' {}",=\\\n\t\r#0né中😀\u0000\u0080\u2028\ufeff\ud7ff'), maxLength: 12 }),
);
const labels = fc
  .uniqueArray(fc.tuple(label, text), { selector: ([name]) => name, maxLength: 6 })
  .map((pairs) => Labels.from(pairs.filter(([name]) => name !== "__name__")));
const value = fc.oneof(
  fc.double(),
  fc.constantFrom(
    Number.NaN,
    Infinity,
    -Infinity,
    0,
    -0,
    1e-320,
    5e-324,
    0.30000000000000004,
    2 ** 53 + 2,
    1.7976931348623157e308,
  ),
  fc.integer(),
  fc.bigInt({ min: 0n, max: 2n ** 64n }).map(Number),
);
const samples = fc.uniqueArray(fc.tuple(metric, labels, value), {
  selector: ([name, set]) => set.with({ __name__: name }).key,
  minLength: 1,
  maxLength: 12,
});
const keyOf = (name: string, set: Labels) => set.with({ __name__: name }).key;

describe("rendering", () => {
  test("is undone by reading: same series, same order, same values to the bit", () => {
    fc.assert(
      fc.property(samples, (all) => {
        const page = all.map(([name, set, number]) => renderSample(name, set, number)).join("");
        const { series, problems } = readCold(page);
        expect(problems).toEqual([]);
        expect(series).toEqual(all.map(([name, set, number]) => [keyOf(name, set), spell(number)]));
      }),
      { numRuns: 1000 },
    );
  });

  test("gives equal texts to equal series and to no others", () => {
    fc.assert(
      fc.property(metric, labels, metric, labels, (name, set, otherName, otherSet) => {
        const equal = keyOf(name, set) === keyOf(otherName, otherSet);
        expect(renderSeries(name, set) === renderSeries(otherName, otherSet)).toBe(equal);
      }),
    );
  });

  test("of a family reads back without a problem, whatever its help says", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.uniqueArray(text, { minLength: 1 }), (help, models) => {
        const page = renderFamily({
          name: "nv_x",
          help,
          type: "gauge",
          samples: models.map((model, i) => ({ labels: Labels.of({ model }), value: i })),
        });
        expect(problemKinds(page)).toEqual([]);
        expect(page.split("\n").length).toBe(models.length + 3);
      }),
    );
  });

  test("escapes help and labels and spells what is no plain number", () => {
    const family = renderFamily({
      name: "h",
      help: "in\\out\nand about",
      type: "histogram",
      samples: [
        { name: "h_sum", labels: Labels.of({ model: 'we"ird' }), value: Number.NaN },
        { name: "h_bucket", labels: Labels.of({ model: 'we"ird', le: "+Inf" }), value: Infinity },
        { name: "h_count", labels: Labels.EMPTY, value: -Infinity },
      ],
    });
    expect(family).toBe(
      [
        "# HELP h in\\\\out\\nand about",
        "# TYPE h histogram",
        'h_sum{model="we\\"ird"} NaN',
        'h_bucket{le="+Inf",model="we\\"ird"} +Inf',
        "h_count -Inf",
        "",
      ].join("\n"),
    );
  });

  test("refuses names that would write other lines", () => {
    expect(() => renderSample("a b", Labels.EMPTY, 1)).toThrow(
      'Cannot render metric "a b": expected letters, digits, _ and :, for example "up"',
    );
    expect(() => renderSample("a", Labels.of({ 'x="1"} 5\ny': "1" }), 1)).toThrow(RangeError);
    expect(() => renderSample("a\n", Labels.EMPTY, 1)).toThrow(RangeError);
  });
});
