import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_PAGE_LIMITS, type PageLimits } from "../../src/exposition/page.ts";
import { WatchedReader } from "./reading.ts";

const golden = new URL("../golden/exposition/", import.meta.url);
const pages = readdirSync(golden)
  .filter((name) => /\.(prom|txt)$/.test(name))
  .map((name) => readFileSync(new URL(name, golden), "utf8").split("\n").slice(0, -1));

type Change = (lines: string[]) => string[];
const place = fc.nat({ max: 200 });
const at = (lines: readonly string[], i: number) => (lines.length === 0 ? 0 : i % lines.length);
const value = fc.oneof(
  fc.constantFrom(
    "0",
    "1",
    "-0",
    "Nan",
    "+Inf",
    "1e3",
    "0.0006394769999999999",
    "12345678901234567890",
    "x",
    "",
    "1 5",
  ),
  fc.nat().map(String),
  fc.double().map(String),
);
const oddLine = fc.constantFrom(
  "",
  " ",
  "# a comment",
  "# TYPE x counter",
  "# TYPE nv_inference_count gauge",
  "# HELP nv_cpu_utilization again",
  "x 1",
  'x{l="1"} 1',
  'x{l="é"} 1',
  'x{l="1",} 2',
  "x{} 7",
  " x 3",
  "x 1 5",
  "broken",
  'x{l="1" 1',
  "\u0000",
  "x 1\r",
  'y{a="1",a="2"} 1',
  `long{l="${"v".repeat(90)}"} 1`,
  `${"n".repeat(110)} 1`,
  'many{a="1",b="2",c="3",d="4",e="5"} 1',
  "nv_cpu_utilization 1",
);

/** What a server, a proxy or an attacker may do to a page. */
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.constant<Change>((lines) => lines),
  fc.tuple(place, value).map<Change>(
    ([i, to]) =>
      (lines) =>
        lines.with(at(lines, i), (lines[at(lines, i)] ?? "").replace(/[^ ]*$/, to)),
  ),
  fc
    .infiniteStream(fc.nat({ max: 1e9 }))
    .map<Change>(
      (numbers) => (lines) =>
        lines.map((line) => (line.startsWith("#") ? line : line.replace(/ \d+$/, () => ` ${numbers.next().value}`))),
    ),
  fc.tuple(place, oddLine).map<Change>(
    ([i, line]) =>
      (lines) =>
        lines.toSpliced(at(lines, i), 0, line),
  ),
  place.map<Change>((i) => (lines) => lines.toSpliced(at(lines, i), 1)),
  fc.tuple(place, place).map<Change>(([i, j]) => (lines) => {
    const moved = lines[at(lines, i)] ?? "";
    return lines.toSpliced(at(lines, i), 1).toSpliced(at(lines, j), 0, moved);
  }),
  fc.tuple(place, place).map<Change>(
    ([i, n]) =>
      (lines) =>
        lines.slice(0, at(lines, i)).concat(lines.slice(at(lines, i) + (n % 7))),
  ),
  place.map<Change>((i) => (lines) => lines.slice(0, at(lines, i))),
  place.map<Change>((i) => (lines) => lines.with(at(lines, i), lines[at(lines, i - 1 < 0 ? 0 : i - 1)] ?? "")),
);

/** All a page says, comparable between readers: columns become the labels they were given for. */
function allOf(watched: WatchedReader, page: Uint8Array) {
  const outcome = watched.read(page);
  if (outcome.kind !== "page") return outcome;
  const { samples, shape, problems, problemCounts } = outcome.page;
  return { kind: outcome.kind, series: watched.seriesOf(outcome.page), samples, shape, problems, problemCounts };
}

/** Reads every page with a reader that read all before it, and with a new one; shapes must tell the pages apart. */
function expectWarmEqualsCold(first: readonly string[], changes: readonly Change[], limits: PageLimits) {
  const wanted = (labels: { metric: string }) => labels.metric.length % 3 !== 0;
  const warm = new WatchedReader(limits, wanted);
  let lines = [...first];
  let before: { readonly names: string; readonly shape: number } | undefined;
  for (const step of changes) {
    lines = lines.length === 0 ? [...first] : step(lines);
    const page = new TextEncoder().encode(`${lines.join("\n")}\n`);
    const read = allOf(warm, page);
    expect({ ...read, shape: 0 }).toEqual({ ...allOf(new WatchedReader(limits, wanted), page), shape: 0 });
    if (read.kind !== "page") continue;
    const now = { names: JSON.stringify(read.series.map(([name]) => name)), shape: read.shape };
    if (before) expect(now.shape === before.shape).toBe(now.names === before.names);
    before = now;
  }
}

describe("a warm reader reads what a fresh one reads, bit for bit", () => {
  const sequence = fc.array(change, { minLength: 1, maxLength: 25 });

  test("whatever becomes of the lines of a real page", () => {
    fc.assert(
      fc.property(fc.nat({ max: pages.length - 1 }), sequence, (page, changes) =>
        expectWarmEqualsCold(pages[page]!, changes, DEFAULT_PAGE_LIMITS),
      ),
      { numRuns: 60 },
    );
  });

  test("whatever becomes of a small page, whose every line is likely to change, within tight limits", () => {
    const limits = { samples: 12, labels: 4, labelValueLength: 40, lineLength: 100, problems: 3 };
    const small = [
      "# TYPE a counter",
      'a{l="1"} 1',
      'a{l="2"} 2',
      "# TYPE nv_inference_count counter",
      "nv_inference_count 3",
      "b 4",
    ];
    fc.assert(
      fc.property(sequence, (changes) => expectWarmEqualsCold(small, changes, limits)),
      { numRuns: 400 },
    );
  });

  test("where single bytes of the page are other ones", () => {
    const page = new TextEncoder().encode(`${pages[3]!.slice(0, 30).join("\n")}\n`);
    const warm = new WatchedReader();
    const flip = fc.tuple(fc.nat({ max: page.length - 1 }), fc.nat({ max: 255 }));
    fc.assert(
      fc.property(fc.array(flip, { maxLength: 3 }), (flips) => {
        warm.read(page);
        const flipped = page.slice();
        for (const [i, byte] of flips) flipped[i] = byte;
        expect({ ...allOf(warm, flipped), shape: 0 }).toEqual({ ...allOf(new WatchedReader(), flipped), shape: 0 });
      }),
      { numRuns: 1000 },
    );
  });
});
