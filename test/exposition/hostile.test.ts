import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_PAGE_LIMITS } from "../../src/exposition/page.ts";
import { PageReader } from "../../src/exposition/page-reader.ts";
import { readCold, WatchedReader } from "./reading.ts";

const MB = 1024 * 1024;
const kindsOf = (page: string) => readCold(page).problems.map(({ kind }) => kind);

describe("arbitrary bytes", () => {
  const fragment = fc.constantFrom(
    ...'aA_:9{}"\\=,#. \t\r\n+-eEnNiI<',
    "# TYPE ",
    "# HELP ",
    "counter",
    '{l="',
    '"} ',
    " 1\n",
    "NaN",
    "Inf",
  );
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.array(fragment, { maxLength: 60 }).map((parts) => new TextEncoder().encode(parts.join(""))),
  );

  test("never make a reader throw, not even one that knows a similar page", () => {
    const watched = new WatchedReader();
    fc.assert(
      fc.property(bytes, (body) => {
        const ended = Uint8Array.from([...body, 0x0a]);
        for (const page of [body, ended, Uint8Array.from([...new TextEncoder().encode("a 1\nb 2\n"), ...ended])]) {
          expect(["page", "not-metrics"]).toContain(watched.read(page).kind);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test("cut from a page at any place are a failed page or a shorter one", () => {
    const page = new TextEncoder().encode(
      '# TYPE a counter\na{l="x\\"y"} 1\na{l="é"} 2 5\n# HELP b\nb NaN # {t="1"} 2\n',
    );
    for (let length = 0; length <= page.length; length++) {
      const { series } = readCold(page.slice(0, length));
      if (length > 0 && page[length - 1] !== 0x0a) expect(series).toBeTypeOf("string");
    }
  });
});

describe("a line that is too much is over the limit, and the page goes on", () => {
  test.each([
    ["of 32 MB", `${"a".repeat(32 * MB)} 1`],
    ["with a label value of 32 MB", `a{l="${"\\\\".repeat(16 * MB)}"} 1`],
    ["with a million labels", `a{${'l="x",'.repeat(1_000_000)}} 1`],
    ["with 65 labels", `a{${Array.from({ length: 65 }, (_, i) => `l${i}="x"`).join()}} 1`],
    ["with a label value one byte too long", `a{l="${"x".repeat(DEFAULT_PAGE_LIMITS.labelValueLength + 1)}"} 1`],
    ["with a value of a megabyte", `a ${"1".repeat(MB)}`],
  ])("%s", (_, line) => {
    const { samples, problems } = readCold(`b 1\n${line}\nc 1\n`);
    expect(samples).toBe(2);
    expect(problems.map(({ kind, line: number }) => [kind, number])).toEqual([["over-limit", 2]]);
    expect(problems[0]!.text.length).toBeLessThan(200);
  });

  test("but for a value that grew on a known line, too", () => {
    const watched = new WatchedReader({ ...DEFAULT_PAGE_LIMITS, lineLength: 10 });
    for (const value of ["1", "12345678"]) expect(watched.series(`a ${value}\n`)).toHaveLength(1);
    expect(watched.read("a 123456789\n")).toMatchObject({ kind: "not-metrics" });
  });

  test("while the longest allowed are read", () => {
    const long = `a{l="${"x".repeat(DEFAULT_PAGE_LIMITS.labelValueLength)}"} 1\n`;
    const many = `a{${Array.from({ length: 64 }, (_, i) => `l${i}="x"`).join()}} 1\n`;
    expect(kindsOf(long + many)).toEqual([]);
  });
});

describe("a page that is too much is not read", () => {
  const many = (line: (i: number) => string) =>
    `${Array.from({ length: DEFAULT_PAGE_LIMITS.samples + 1 }, (_, i) => line(i)).join("\n")}\n`;

  test.each([
    ["samples", many((i) => `a${i} 1`), "the page has more than 50000 samples"],
    ["samples of one series", many(() => "a 1"), "the page has more than 50000 samples"],
    ["families", many((i) => `# TYPE a${i} counter`), "the page declares more than 50000 families"],
  ])("for its %s", (_, page, why) => expect(new WatchedReader().read(page)).toEqual({ kind: "not-metrics", why }));

  test("for its malformed lines, and reading stops there", () => {
    expect(new WatchedReader().read("x\n".repeat(16 * MB)).kind).toBe("not-metrics");
  });

  test("nor does it leave series behind", () => {
    const watched = new WatchedReader();
    watched.read(many((i) => `a${i} 1`));
    expect(watched.series("b 1\n")).toHaveLength(1);
    expect(watched.interned.map(({ labels }) => labels.metric)).toEqual(["b"]);
  });
});

test("open quotes, braces and backslashes end with their line", () => {
  const lines = [
    'a{l="',
    'a{l="\\',
    'a{l="x',
    'a{l="x"',
    "a{",
    "a{l",
    "a{l=",
    `a${"{".repeat(9)}`,
    `a{l="${'\\"'.repeat(50)} 1`,
    "a 1 #",
    "a 1 # {",
  ];
  const page = `${lines.flatMap((line, i) => [line, `sound_${i} 1`]).join("\n")}\n`;
  const { samples, counts } = readCold(page);
  expect(samples).toBe(lines.length);
  expect(counts).toMatchObject({ malformed: lines.length });
});

test("a server that invents series at each scrape does not make the reader grow", () => {
  let asked = 0;
  const reader = new PageReader(() => {
    asked++;
    return -1;
  });
  const read = (from: number) => {
    const lines = Array.from({ length: 200 }, (_, i) => `a{l="${from + i}"${" ".repeat(from % 7)}} 1`);
    reader.read(new TextEncoder().encode(`same 1\n${lines.join("\n")}\n`));
  };
  for (let from = 0; from < 20_000; from += 200) read(from);
  expect(asked).toBe(20_001);
  // The first page's series are forgotten, the last page's are not.
  read(0);
  expect(asked).toBe(20_201);
  read(19_800);
  expect(asked).toBe(20_201);
});
