import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { FUNCTIONS } from "../../src/rules/template/functions.ts";
import { expand, parseTemplate, type TemplateData, TemplateError } from "../../src/rules/template.ts";
import { Labels } from "../../src/series/labels.ts";
import { epochMs } from "../../src/series/time.ts";

const render = (text: string, labels: Record<string, string> = {}, value = 1, more: Partial<TemplateData> = {}) =>
  expand(parseTemplate(text), {
    labels: Labels.of(labels),
    externalLabels: Labels.of({ region: "eu" }),
    externalURL: "http://sentinel.example.org/a%20b/?c",
    value,
    ...more,
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

const raw = (...texts: string[]) => fc.constantFrom(...texts);

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
    ["{{ . }}", true],
    ["{{ define `x` }}{{ .Labels.a }}{{ end }}{{ template `x` . }}", false],
    ["{{ define `x` }}{{ .Value }}{{ end }}{{ template `x` $ }}", true],
    ["{{ define `x` }}{{ .Value }}{{ end }}{{ template `x` $labels }}", false],
  ])("knows whether %s reads the value", (text, reads) => {
    expect(parseTemplate(text).uses.value).toBe(reads);
  });

  test("tells the queries it will ask, but for those put together later", () => {
    const text = "{{ query `up` | first | value }}{{ range query (printf `a{b=%q}` .Labels.b) }}{{ end }}";
    expect(parseTemplate(text).uses.queries).toEqual([
      { text: "up", from: 3, to: 8 },
      { text: undefined, from: 41, to: 46 },
    ]);
  });

  test.each([
    ["{{ call $labels }}", 'Cannot parse template: "call" is a function not supported here', "call"],
    ["{{ $value | humanise }}", 'Cannot parse template: "humanise" is no function', "humanise"],
    ["{{ template `x` }}", 'Cannot parse template: "x" is a template nobody defined', "`x`"],
    [
      "{{ if 1 }}{{ define `x` }}",
      'Cannot parse template: "define" stands inside another action; put it first',
      "define",
    ],
    ["{{ define `x` }}a", "Cannot parse template: the end of the text comes before the {{ end }} of this define", ""],
    ["{{ define `x` }}{{ $labels }}", 'Cannot parse template: "$labels" is a variable nobody declared', "$labels"],
    ["{{ if 1 }}{{ break }}{{ end }}", 'Cannot parse template: "break" is not inside a range', "break"],
    ["{{ nil }}", 'Cannot parse template: "nil" is no command, only an argument', "nil"],
    ["{{ 'ab' }}", "Cannot parse template: expected one character between single quotes", "'ab'"],
    [
      "{{ .Nope }}",
      'Cannot parse template: "Nope" is no field of the data, expected one of .Labels .ExternalLabels .ExternalURL .Value',
      ".Nope",
    ],
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
      ...'{{ }} {{- -}} if else end range with define template block break $x := = $value . $ .Labels.a ( ) | , 1 1.5 `a` "b" eq nil query'.split(
        " ",
      ),
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

  test.each([
    ["{{ now }}", "1.7000000005e+09"],
    ["{{ now | toTime }}", "2023-11-14 22:13:20.5 +0000 UTC"],
    ['{{ (now | toTime).Format "15:04" }}', "22:13"],
    ["{{ toDuration 3723.5 }} {{ toDuration `0.0015` }} {{ (toDuration 90).Minutes }}", "1h2m3.5s 1.5ms 1.5"],
    ["{{ toDuration -0.5 }} {{ toDuration 1e-6 }} {{ toDuration 1.6e-8 }} {{ toDuration 0 }}", "-500ms 1µs 16ns 0s"],
    ["{{ (toTime 60).Add (toDuration 1.5) }}", "1970-01-01 00:01:01.5 +0000 UTC"],
    ["{{ toDuration 5 | humanizeDuration }}", "5s"],
    ["{{ urlQueryEscape `a b&c` }}", "a+b%26c"],
    ["{{ externalURL }} {{ pathPrefix }}", "http://sentinel.example.org/a%20b/?c /a b/"],
    ["{{ range 3 }}{{ . }}{{ end }}{{ range $i := 2 }}{{ $i }}{{ else }}x{{ end }}", "01201"],
    ["{{ range 0 }}{{ else }}none{{ end }}{{ range -1 }}{{ else }}none{{ end }}", "nonenone"],
    ["{{ range 9 }}{{ if eq . 1 }}{{ continue }}{{ end }}{{ if eq . 3 }}{{ break }}{{ end }}{{ . }}{{ end }}", "02"],
    ["{{ with `` }}a{{ else with $value }}{{ . }}{{ else }}b{{ end }}", "1"],
    ["{{ $k := `` }}{{ $v := `` }}{{ range $k, $v = $externalLabels }}{{ end }}{{ $k }}{{ $v }}", "regioneu"],
    ["{{ safeHtml `<b>` | toUpper }}", "<B>"],
    ["{{ query `up` }}", "[&{map[__name__:up] 1}]"],
    ["{{ query `up` | first | value }} {{ query `up` | first | label `__name__` }}", "1 up"],
    ['{{ slice "aü" 1 2 }}', "\ufffd"],
  ])("makes of %s what a newer Prometheus makes of it", (text, wanted) => {
    const query = () => [{ labels: Labels.of({ __name__: "up" }), value: 1 }];
    expect(render(text, {}, 1, { at: epochMs(1_700_000_000_500), query })).toBe(wanted);
  });

  test("does what its documentation shows", () => {
    const page = readFileSync(join(import.meta.dirname, "../../docs/templates.md"), "utf8");
    const [{ annotations }] = parse(/```yaml\n(.*?)```/s.exec(page)![1]!) as [{ annotations: Record<string, string> }];
    const labels = { model: "bert", instance: "gpu-7:8002" };
    const query = () => [{ labels: Labels.EMPTY, value: 1200 }];
    expect(Object.values(annotations).map((text) => render(text, labels, 0.25, { at: epochMs(0), query }))).toEqual([
      "bert on gpu-7 fails 25% of its requests",
      "1.2k requests wait on this server.",
    ]);
  });

  test("asks a query as it is written and at the time of the evaluation", () => {
    const asked: unknown[] = [];
    const query: NonNullable<TemplateData["query"]> = (...question) => {
      asked.push(question);
      return [];
    };
    render("{{ printf `up{model=%q}` .Labels.model | query | len }}", { model: `a"} or vector(1)` }, 1, {
      at: epochMs(5_000),
      query,
    });
    expect(asked).toEqual([['up{model="a\\"} or vector(1)"}', 5_000]]);
  });

  test("fails where nothing can be asked, and with the words of a query that fails", () => {
    expect(render("{{ query `up` }}")).toBe("<error expanding template: Cannot call query: nothing to ask here>");
    expect(render("{{ now }}")).toBe("<error expanding template: Cannot call now: no evaluation has a time here>");
    const query = () => {
      throw new RangeError("Cannot evaluate this");
    };
    expect(render("a{{ query `up` }}", {}, 1, { at: epochMs(0), query })).toBe(
      "<error expanding template: Cannot evaluate this>",
    );
  });

  test("bounds queries and their answers", () => {
    const sample = { labels: Labels.EMPTY, value: 1 };
    const ask = (text: string, count: number) =>
      render(text, {}, 1, { at: epochMs(0), query: () => new Array(count).fill(sample) });
    expect(ask("{{ query `up` | len }}", 1_000)).toBe("1000");
    expect(ask("{{ query `up` | len }}", 1_001)).toMatch(/more than 1000 samples>$/);
    expect(ask("{{ range 20 }}{{ query `up` | len }}{{ end }}", 1)).toBe("1".repeat(20));
    expect(ask("{{ range 21 }}{{ query `up` | len }}{{ end }}", 1)).toMatch(/asks more than 20 queries>$/);
    expect(ask('{{ query (printf "%20000s" "up") }}', 1)).toMatch(/longer than 10000 characters>$/);
  });

  test("bounds templates that call themselves", () => {
    expect(render("{{ define `r` }}{{ template `r` . }}{{ end }}{{ template `r` 1 }}")).toMatch(
      /nested deeper than 500/,
    );
    const twice =
      "{{ define `r` }}{{ if lt (len .) 17 }}{{ template `r` (print . 1) }}{{ template `r` (print . 1) }}{{ end }}{{ end }}";
    expect(render(`${twice}{{ template \`r\` \`\` }}`)).toMatch(/more than 100000 steps/);
  });

  test.each([
    ["a long range", "{{ range 9223372036854775807 }}{{ end }}"],
    ["searches", "{{ $l := $labels.long }}{{ range 100000 }}{{ match `(a|aa)+$` $l }}{{ end }}"],
    ["a hostile pattern", "{{ range 100000 }}{{ match $labels.pattern $labels.long }}{{ end }}"],
    ["a pattern of many states", "{{ range 100000 }}{{ match `(?:a?){1000}b` $labels.long }}{{ end }}"],
    ["matches that look far ahead", "{{ reReplaceAll `a.*b|a` `x` $labels.long }}"],
    ["escapes", "{{ $l := $labels.long }}{{ range 100000 }}{{ $x := urlquery $l }}{{ end }}"],
    ["maps in maps in maps", "{{ $a := args 1 }}{{ range 90 }}{{ $a = args $a $a }}{{ end }}{{ $a }}"],
    ["a deep map", "{{ $a := args 1 }}{{ range 100000 }}{{ $a = args $a }}{{ end }}{{ $a }}"],
    ["maps of maps", "{{ $a := args 1 1 1 1 1 1 1 1 }}{{ range 100 }}{{ $a = args $a $a $a $a }}{{ end }}{{ $a }}"],
  ])("bounds the work of %s", (_, text) => {
    const labels = { long: "a".repeat(20_000), pattern: "(((a{1,9}){1,9}){1,9})*b" };
    expect(render(text, labels)).toMatch(/^<error expanding template: /);
  });

  test("never throws, whatever is called with whatever", () => {
    const names = [...FUNCTIONS.keys()];
    const values = raw(
      "1",
      "-1",
      "1.5",
      "1e300",
      "nil",
      "true",
      "`a`",
      "`%v%5d%[2]*d`",
      "$labels",
      ".",
      "(args 1 `b`)",
      "(query `up`)",
      "(toTime 1)",
      "(toDuration 1)",
      "(toTime 1).Month",
    );
    const call = fc
      .tuple(fc.constantFrom(...names), fc.array(values, { maxLength: 4 }))
      .map((parts) => parts.flat().join(" "));
    const data = { at: epochMs(0), query: () => [{ labels: Labels.EMPTY, value: 1 }] };
    fc.assert(
      fc.property(call, (text) => {
        try {
          parseTemplate(`{{ ${text} }}`);
        } catch (error) {
          expect(error).toBeInstanceOf(TemplateError);
          return;
        }
        expect(render(`{{ ${text} }}`, { a: "b" }, 1, data)).toBeTypeOf("string");
      }),
      { numRuns: 3_000 },
    );
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
