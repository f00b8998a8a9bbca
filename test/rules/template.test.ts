import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expand, formatFloat, parseTemplate, TemplateError } from "../../src/rules/template.ts";
import { Labels } from "../../src/series/labels.ts";

const render = (text: string, labels: Record<string, string> = {}, value = 1) =>
  expand(parseTemplate(text), {
    labels: Labels.of(labels),
    externalLabels: Labels.of({ region: "eu" }),
    externalURL: "http://sentinel.example.org",
    value,
  });

/** The mistake in a template and the part of it that is to blame. */
function mistake(text: string): [message: string, part: string] {
  try {
    parseTemplate(text);
  } catch (error) {
    if (error instanceof TemplateError) return [error.message, text.slice(error.from, error.to)];
  }
  throw new Error(`no mistake found in ${text}`);
}

describe("parseTemplate()", () => {
  test("leaves a text without actions alone", () => {
    expect(parseTemplate("100 % of { $value }").program).toBeUndefined();
    expect(render("100 % of { $value }")).toBe("100 % of { $value }");
  });

  test.each([
    ["{{ $value }}", true],
    ["{{ .Value }}", true],
    ["{{ if true }}{{ $.Value | humanize }}{{ end }}", true],
    ["{{ with $labels }}{{ .Value }}{{ end }}", false],
    ["{{ $value := 5 }}{{ $value }}", false],
    ["{{ $labels.value }} $value", false],
  ])("knows whether %s reads the value", (text, reads) => {
    expect(parseTemplate(text).uses.value).toBe(reads);
  });

  test.each([
    ["{{ query `up` }}", 'Cannot parse template: "query" is a function not supported here', "query"],
    ["{{ $value | humanise }}", 'Cannot parse template: "humanise" is no function', "humanise"],
    ["{{ define `x` }}", 'Cannot parse template: "define" is an action that templates do not support here', "define"],
    ["a {{ $vlaue }}", 'Cannot parse template: "$vlaue" is a variable nobody declared', "$vlaue"],
    ["{{ title `a` 1 }}", 'Cannot parse template: "title" takes 1 argument, not 2', "title"],
    ["{{ $value", 'Cannot parse template: "{{" is not closed', "{{ $value"],
    ["{{ if true }}x", "Cannot parse template: the end of the text comes before the {{ end }} of this if", ""],
    ["{{ end }}", 'Cannot parse template: "end" is not inside an if, with or range', "end"],
    ['{{ "\\xff" }}', 'Cannot parse template: unknown escape "\\\\xff"', "\\xff"],
    ["{{ $labels.a-b }}", 'Cannot parse template: found "-", expected an operand or }}', "-"],
  ])("says what is wrong with %s", (text, message, part) => {
    expect(mistake(text)).toEqual([message, part]);
  });

  test("refuses nesting that would exhaust the stack", () => {
    expect(() => parseTemplate(`{{ ${"(".repeat(10_000)}1${")".repeat(10_000)} }}`)).toThrow(/nested deeper/);
    expect(() => parseTemplate(`{{ 1 ${"| print ".repeat(10_000)} }}`)).toThrow(/nested deeper|longer/);
    expect(() => parseTemplate("{{ if true }}".repeat(2_000) + "{{ end }}".repeat(2_000))).toThrow(/nested deeper/);
    expect(() => parseTemplate(`{{ if true }}${"{{ else if true }}".repeat(2_000)}{{ end }}`)).toThrow(/nested deeper/);
  });

  test("never throws anything but a TemplateError, whatever the text", () => {
    const words = fc.constantFrom(
      ...'{{ }} {{- -}} if else end range with $x := = $value .Labels.a ( ) | , 1 1.5 `a` "b" eq'.split(" "),
      " ",
      "\n",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string()), { maxLength: 20 }), (parts) => {
        try {
          parseTemplate(parts.join(" "));
        } catch (error) {
          expect(error).toBeInstanceOf(TemplateError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("expand()", () => {
  test("prints a label as it is, whatever is in it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        expect(render("{{ $labels.model }}", { model: value })).toBe(value);
      }),
    );
  });

  test("shows an error in place of the text, and what was wrong", () => {
    expect(render("{{ gt $value 5 }}")).toBe(
      "<error expanding template: Cannot call gt: incompatible types float64 and int; write 5.0, not 5, to compare with a float>",
    );
    expect(render("a{{ $labels.model | humanize }}", { model: "x" })).toBe(
      '<error expanding template: Cannot call humanize: expected a number, got "x">',
    );
  });

  test.each([
    ["doubling", `{{ $a := "0123456789" }}${"{{ $a = print $a $a }}".repeat(40)}{{ $a }}`],
    ["a replacement", `{{ reReplaceAll "" (printf "%9999s" "") (printf "%9999s" "") }}`],
    ["a width", `${'{{ printf "%9999s" "" }}'.repeat(10)}`],
  ])("bounds the text that %s makes", (_, text) => {
    expect(render(text)).toMatch(/^<error expanding template: Cannot build a text longer than 65536 characters>$/);
  });

  test("bounds the steps of ranges in ranges", () => {
    const labels = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`l${i}`, "x"]));
    const text = `${"{{ range $labels }}".repeat(1)}${"{{ range $l }}".repeat(3)}{{ end }}{{ end }}{{ end }}{{ end }}`;
    expect(render(`{{ $l := $labels }}${text}`, labels)).toMatch(/takes more than 100000 steps/);
  });

  test("expands the same template again to the same text", () => {
    const template = parseTemplate("{{ $n := $labels.a }}{{ range $k, $v := $labels }}{{ $n = $v }}{{ end }}{{ $n }}");
    const data = { labels: Labels.of({ a: "1", b: "2" }), externalLabels: Labels.EMPTY, externalURL: "", value: 0 };
    expect([expand(template, data), expand(template, data)]).toEqual(["2", "2"]);
  });
});

describe("formatFloat()", () => {
  test("reads back as the same number", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(formatFloat(value))).toBe(value);
      }),
    );
  });

  test("turns to an exponent from 1e6 on and below 1e-4", () => {
    expect([999_999, 1e6, 1.5e6, 0.0001, 0.00001].map(formatFloat)).toEqual([
      "999999",
      "1e+06",
      "1.5e+06",
      "0.0001",
      "1e-05",
    ]);
  });
});
