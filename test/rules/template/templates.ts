import fc from "fast-check";

/** What the generated templates are expanded with, and the real promtool too. */
export const DATA = {
  labels: { model: "bert-large", odd: `it's <b> & "ü☺" \\ 100%d`, number: "12.5", empty: "" },
  externalLabels: { region: "eu", zone: "a" },
  externalURL: "http://sentinel.example.org/x",
  series: [
    { labels: { __name__: "up", job: "b", zone: "a" }, value: 1 },
    { labels: { __name__: "up", job: "a", zone: "b" }, value: 0.5 },
  ],
} as const;

const raw = (...texts: string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);
const words = (...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((all) => all.join(" "));
const within = (inner: fc.Arbitrary<string>): fc.Arbitrary<string> => inner.map((text) => `(${text})`);

const STRINGS = raw(
  '"a"',
  "``",
  '"x-y.z:80"',
  '"ü☺"',
  "`12.5`",
  '"<a&b>"',
  '"1h30m"',
  "$labels.model",
  "$labels.odd",
  "$labels.number",
  "$externalLabels.region",
  "$labels.nope",
  "$externalURL",
);
const INTS = raw("0", "1", "-3", "42", "'a'", "0x1f", "1_000");
const FLOATS = raw("$value", "1.5", "0.0", "-2.5e-7", "1e6", "123456.789", ".Value", "$.Value");
const MAPS = raw("$labels", "$externalLabels", "(args 1 `b` 2.5)", "(args)", "(args nil true)");
const SAMPLES = raw("(query `sort_desc(up)` | first)", "(index (query `sort_desc(up)`) 1)");
const LISTS = raw("(query `sort_desc(up)`)", "(query `nothing`)", "(query `sort_desc(up)` | sortByLabel `job`)");
const TIMES = raw("(toTime 1435065584.128)", "(toTime $value)", "(toTime -1.5)");
const DURATIONS = raw("((toTime 3723.5).Sub (toTime 0))", "((toTime 0).Sub (toTime 0.001))");
const OTHERS = raw("nil", "true", "false", "(args).x", "(toTime 0).Month", "(toTime 0).Weekday");

const verbs = fc
  .tuple(
    raw("", "-", "+", "#", "0", " ", "+#", "-0", " #"),
    raw("", "8", "3", "12"),
    raw("", ".2", ".0", ".5"),
    raw(..."vvvsdqxXtgfeEGUcboO"),
  )
  .map((parts) => `%${parts.join("")}`);

/** Anything a function may be given; `depth` calls within calls. */
function operand(depth: number): fc.Arbitrary<string> {
  const leaves = fc.oneof(STRINGS, STRINGS, INTS, FLOATS, FLOATS, MAPS, SAMPLES, LISTS, TIMES, DURATIONS, OTHERS);
  return depth === 0
    ? leaves
    : fc.oneof({ weight: 2, arbitrary: leaves }, { weight: 3, arbitrary: within(call(depth - 1)) });
}

/** Operands of the kind that is wanted, most of the time. */
const kind = (wanted: fc.Arbitrary<string>, depth: number): fc.Arbitrary<string> =>
  fc.oneof({ weight: 9, arbitrary: wanted }, { weight: 1, arbitrary: operand(depth) });

function text(depth: number): fc.Arbitrary<string> {
  return depth === 0 ? STRINGS : fc.oneof(STRINGS, within(textCall(depth - 1)));
}

function textCall(depth: number): fc.Arbitrary<string> {
  const name = raw(
    "toUpper",
    "toLower",
    "title",
    "stripPort",
    "stripDomain",
    "html",
    "js",
    "urlquery",
    "print",
    "printf `%s`",
    "printf `%q`",
    "reReplaceAll `[a-m]` `<$0>`",
    "graphLink",
    "tableLink",
  );
  return fc.oneof(
    words(name, kind(text(depth), depth)),
    words(kind(text(depth), depth), fc.constant("|"), name),
    words(
      raw("humanize", "humanize1024", "humanizePercentage", "humanizeDuration"),
      kind(fc.oneof(FLOATS, INTS), depth),
    ),
    words(raw("slice"), raw("$labels.model", "`12.5`", "$labels.number"), raw("0", "1"), raw("", "1", "2")),
    words(raw("label"), raw("`job`", "`nope`"), SAMPLES),
    printfCall(depth),
  );
}

function printfCall(depth: number): fc.Arbitrary<string> {
  return fc
    .array(fc.tuple(verbs, operand(depth)), { minLength: 1, maxLength: 4 })
    .map((pairs) => `printf "${pairs.map(([verb]) => verb).join("|")}" ${pairs.map(([, arg]) => arg).join(" ")}`);
}

function call(depth: number): fc.Arbitrary<string> {
  const any = operand(depth);
  const order = raw("eq", "ne", "lt", "le", "gt", "ge");
  return fc.oneof(
    textCall(depth),
    printfCall(depth),
    words(order, fc.oneof(FLOATS, INTS, STRINGS), fc.oneof(FLOATS, INTS, STRINGS)),
    words(order, FLOATS, FLOATS),
    words(order, STRINGS, STRINGS),
    words(raw("eq"), any, any, any),
    words(raw("and", "or"), any, any, any),
    words(raw("not", "len", "print", "println", "index"), any),
    words(raw("print", "args", "index", "slice", "html"), any, any),
    words(raw("index"), fc.oneof(MAPS, LISTS), kind(raw("`model`", "`arg1`", "0", "1"), depth)),
    words(raw("first", "len", "sortByLabel `zone`"), kind(LISTS, depth)),
    words(raw("value", "strvalue"), kind(SAMPLES, depth)),
    words(raw("toTime", "humanizeTimestamp"), kind(FLOATS, depth)),
    words(raw("match"), raw("`^b`", "`\\d+`", "``"), kind(STRINGS, depth)),
    words(raw("parseDuration"), kind(raw("`1h30m`", "`5ms`"), depth)),
    fc.tuple(SAMPLES, raw(".Labels", ".Value", ".Labels.job", ".Nope")).map((parts) => parts.join("")),
    fc
      .tuple(TIMES, raw(".Year", ".Unix", ".Weekday", '.Format "15:04:05.000"', ".UTC", ".Nope"))
      .map((parts) => parts.join("")),
    fc.tuple(DURATIONS, raw(".Seconds", ".String", ".Hours", ".Nope")).map((parts) => parts.join("")),
    fc.tuple(MAPS, raw(".model", ".arg0", ".nope")).map((parts) => parts.join("")),
  );
}

const output = call(2).map((expr) => `{{ ${expr} }}`);

/** Text and actions, some of them nested; inside, `.` may be anything. */
function body(depth: number, inRange: boolean): fc.Arbitrary<string> {
  const leaves = [
    output,
    raw(
      "x",
      " y\n",
      "{{- 1 -}}",
      "{{/* c */}}",
      "{{ . }}",
      "{{ $ }}",
      "{{ $x }}",
      "{{ $x = . }}",
      "{{ $y := 7 }}{{ $y }}",
    ),
  ];
  if (inRange) leaves.push(raw("{{ break }}", "{{ continue }}", "{{ if . }}{{ continue }}{{ end }}"));
  if (depth === 0) return fc.oneof(...leaves);
  const inner = body(depth - 1, inRange);
  const control = fc.tuple(raw("if", "with"), call(1), inner, inner).map(([word, expr, then, otherwise]) => {
    return `{{ ${word} ${expr} }}${then}{{ else }}${otherwise}{{ end }}`;
  });
  const chain = fc.tuple(call(1), inner, operand(0), inner).map(([first, a, second, b]) => {
    return `{{ if ${first} }}${a}{{ else if print ${second} }}${b}{{ end }}`;
  });
  // Not over an int nor to a variable that is there already, which only a newer Go does well.
  const over = fc.oneof(
    { weight: 8, arbitrary: fc.oneof(MAPS, LISTS) },
    { weight: 1, arbitrary: raw("$value", "true", "(args).x", "$labels.model") },
  );
  const range = fc.tuple(raw("", "$e := ", "$i, $e := "), over, body(depth - 1, true), inner);
  const ranges = range.map(([names, expr, each, otherwise]) => {
    const shown = names.includes("$e") ? `{{ $e }}${names.includes("$i") ? "{{ $i }}" : ""}` : "";
    return `{{ range ${names}${expr} }}${shown}${each};{{ else }}${otherwise}{{ end }}`;
  });
  const block = fc.tuple(call(1), body(0, false)).map(([expr, text]) => {
    return `{{ block "b" ${expr} }}[${text.replaceAll(/\$(x|value|labels|external\w+)/g, "$")}]{{ end }}{{ template "b" 5 }}`;
  });
  const sequence = fc.array(inner, { minLength: 2, maxLength: 3 }).map((parts) => parts.join(""));
  return fc.oneof(...leaves, control, chain, ranges, sequence, { weight: 1, arbitrary: block });
}

/** Whole templates of rules. */
export const templates: fc.Arbitrary<string> = body(2, false).map((text) => `{{ $x := 1 }}${text}`);
