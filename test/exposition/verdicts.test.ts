import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Labels } from "../../src/series/labels.ts";
import { readCold, spell } from "./reading.ts";

type Sample = { readonly L: Record<string, string>; readonly V: string };
type Verdict = readonly Sample[] | { readonly before: readonly Sample[]; readonly error: string };

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../golden/exposition/parser/${name}`, import.meta.url), "utf8"));
const inputs = read("inputs.json") as readonly { readonly Name: string; readonly In: string }[];
// A map of the file's own entries: one of its keys may be called like a property of all objects.
const verdicts = new Map(Object.entries(read("verdicts.json") as Record<string, Verdict>));

/** What Prometheus 2.42 refuses and we read, with what we read. */
const LENIENT = new Map<string, readonly Sample[]>([
  ["neg_timestamp", [{ L: { __name__: "a" }, V: "1" }]],
  [
    "exemplar",
    [
      { L: { __name__: "h_bucket", le: "0.1" }, V: "8" },
      { L: { __name__: "h_count" }, V: "8" },
      { L: { __name__: "h_sum" }, V: "3" },
    ],
  ],
  [
    "crlf",
    [
      { L: { __name__: "a", l: "x" }, V: "1" },
      { L: { __name__: "b" }, V: "2" },
    ],
  ],
  ["type_upper", [{ L: { __name__: "a" }, V: "1" }]],
]);

/** What Prometheus 2.42 reads and we refuse: pages without a last line feed, and a repeated label name. */
const STRICT = new Set(["no_final_newline", "truncated_value", "duplicate_label", "empty_body"]);

/** Where both read, but not the same: blanks are no part of a name, and of two equal series the first sample stays. */
const OTHER = new Map<string, readonly Sample[]>([
  ["leading_ws", [{ L: { __name__: "a" }, V: "1" }]],
  ["duplicate_series", [{ L: { __name__: "a", l: "x" }, V: "1" }]],
]);

const SOUND = "sound 1\n";
const seriesOf = (samples: readonly Sample[]) =>
  samples.map(({ L, V }) => [Labels.of(L).key, spell(Number(V.replace("Inf", "Infinity")))]);

describe("Prometheus' own text parser and ours agree on", () => {
  test.each(inputs.map(({ Name, In }) => [Name, In] as const))("%s", (name, page) => {
    const verdict = verdicts.get(name)!;
    const expected = LENIENT.get(name) ?? OTHER.get(name) ?? verdict;
    const { series } = readCold(page);
    if (STRICT.has(name) || !Array.isArray(expected)) expect(series).toBeTypeOf("string");
    else expect(series).toEqual(seriesOf(expected));
  });

  test.each(
    inputs.filter(({ Name }) => !Array.isArray(LENIENT.get(Name) ?? verdicts.get(Name))).map((i) => [i.Name, i.In]),
  )("%s being one problem among sound samples", (_, page) => {
    const { series, problems } = readCold(`${SOUND}${page}${SOUND.replace("sound", "sound_too")}`);
    expect(series).toEqual([
      [Labels.of({ __name__: "sound" }).key, "1"],
      [Labels.of({ __name__: "sound_too" }).key, "1"],
    ]);
    expect(problems).toMatchObject([{ kind: "malformed", line: 2, text: page.slice(0, -1) }]);
  });

  test("every exception that is named", () => {
    for (const name of [...LENIENT.keys(), ...OTHER.keys(), ...STRICT]) expect(verdicts.has(name)).toBe(true);
  });
});
