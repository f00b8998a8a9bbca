import { describe, expect, test } from "vitest";
import { DEFAULT_PAGE_LIMITS } from "../../src/exposition/page.ts";
import { PageReader } from "../../src/exposition/page-reader.ts";
import { Labels } from "../../src/series/labels.ts";
import { problemKinds, readCold, WatchedReader } from "./reading.ts";

const key = (labels: Record<string, string>) => Labels.of(labels).key;
const A = { __name__: "a" };

function pageOf(watched: WatchedReader, text: string) {
  const outcome = watched.read(text);
  if (outcome.kind !== "page") throw new Error(outcome.why);
  return outcome.page;
}

describe("a reader", () => {
  test("asks for a series' column once, whatever its line looks like and however often it is read", () => {
    const watched = new WatchedReader();
    for (const line of ['a{x="1",y="2"} 1', 'a{y="2",x="1"} 2', 'a { y = "2" ,x="1",z=""} 3', 'a{x="1",y="2",} 4']) {
      expect(watched.series(`b 0\n${line}\n`)).toEqual([
        [key({ __name__: "b" }), "0"],
        [key({ ...A, x: "1", y: "2" }), line.slice(-1)],
      ]);
    }
    expect(watched.interned.map(({ labels }) => labels.metric)).toEqual(["b", "a"]);
  });

  test("counts the samples nobody reads and skips them", () => {
    const watched = new WatchedReader(undefined, (labels) => labels.metric !== "b");
    for (const values of [
      [1, 2, 3],
      [4, 5, 6],
    ]) {
      const text = `a ${values[0]}\nb ${values[1]}\nc ${values[2]}\n`;
      expect(pageOf(watched, text)).toMatchObject({ samples: 3, length: 2 });
      expect(watched.series(text)).toEqual([
        [key(A), `${values[0]}`],
        [key({ __name__: "c" }), `${values[2]}`],
      ]);
    }
  });

  test("changes the shape exactly when the list of columns changes", () => {
    const watched = new WatchedReader(undefined, (labels) => labels.metric !== "unread");
    const shapes = ["a 1\nb 1\n", "a 2\nb 2\n", "unread 1\na 1\nb 1\n", "a 1\nunread 1\nb 1\n", "b 1\na 1\n"].map(
      (text) => pageOf(watched, text).shape,
    );
    expect(new Set(shapes.slice(0, 4)).size).toBe(1);
    expect(shapes[4]).not.toBe(shapes[3]);
    expect(watched.read("")).toMatchObject({ kind: "not-metrics" });
    expect(pageOf(watched, "b 1\na 1\n").shape).toBe(shapes[4]);
    expect(pageOf(watched, "b 1\n").shape).not.toBe(shapes[4]);
  });

  test("asks again for every column after it was told to forget", () => {
    let offset = 0;
    const reader = new PageReader((labels) => offset + labels.metric.length);
    const page = new TextEncoder().encode("a 1\nbb 2\n");
    const columns = () => {
      const outcome = reader.read(page);
      return outcome.kind === "page" ? [outcome.page.shape, ...outcome.page.columns.slice(0, outcome.page.length)] : [];
    };
    expect([columns(), columns()]).toEqual([
      [1, 1, 2],
      [1, 1, 2],
    ]);
    reader.forget();
    expect(columns()).toEqual([1, 1, 2]);
    offset = 10;
    reader.forget();
    expect(columns()).toEqual([2, 11, 12]);
  });

  test("forgets a series that was away for some changed pages, and only then", () => {
    const watched = new WatchedReader();
    const asked = () => watched.interned.filter(({ labels }) => labels.metric === "gone").length;
    watched.read("a 1\ngone 1\n");
    for (let i = 0; i < 20; i++) watched.read(`a ${i}\n`);
    watched.read("a 1\ngone 1\n");
    expect(asked()).toBe(1);
    for (let i = 0; i < 20; i++) watched.read(`a 1\nother_${i} 1\n`);
    watched.read("a 1\ngone 1\n");
    expect(asked()).toBe(2);
    expect(watched.interned.filter(({ labels }) => labels.metric === "a").length).toBe(1);
  });

  test("goes on after a page on which the caller's own function threw", () => {
    let broken = true;
    const reader = new PageReader((labels) => {
      if (broken && labels.metric === "b") throw new Error("full");
      return labels.metric.charCodeAt(0);
    });
    const read = (text: string) => reader.read(new TextEncoder().encode(text));
    read("a 1\n");
    expect(() => read("a 1\nb 2\n")).toThrow("full");
    broken = false;
    expect(read("a 3\n")).toMatchObject({ kind: "page", page: { samples: 1, length: 1, shape: 1 } });
    expect(read("a 3\nb 2\n")).toMatchObject({ kind: "page", page: { samples: 2, length: 2, shape: 2 } });
  });

  test("reads only as many bytes as it is told, from anywhere in a larger buffer", () => {
    const whole = new TextEncoder().encode("xxxa 1\nb 2\nc 3");
    const watched = new WatchedReader();
    for (let i = 0; i < 2; i++) {
      expect(watched.reader.read(whole.subarray(3), 8)).toMatchObject({ kind: "page", page: { samples: 2 } });
    }
  });

  test("ignores timestamps and exemplars, on every page", () => {
    const watched = new WatchedReader();
    for (const stamp of ["", " 5", " -5", ' # {id="x"} 1', ' 5 # {id="x"} 1 1.5', " # {} 1"]) {
      expect(watched.series(`a 1${stamp}\n`)).toEqual([[key(A), "1"]]);
      expect(pageOf(watched, `a 1${stamp}\n`).problems).toEqual([]);
    }
  });
});

describe("a problem", () => {
  test.each([
    ["duplicate", 'a{x="1"} 1\na{x="1"} 2\n', "2 duplicate"],
    ["duplicate, spelled otherwise", 'a{x="1",y="2"} 1\nb 1\na{y="2",x="1"} 2\n', "3 duplicate"],
    ["malformed", "a 1\nb x\n", "2 malformed"],
    ["a label name twice", 'a 1\na{x="1",x="2"} 1\n', "2 malformed"],
    ["a label called __name__", 'a 1\na{__name__="b"} 1\n', "2 malformed"],
    ["a type nobody knows", "# TYPE a enum\na 1\n", "1 malformed"],
    ["a HELP without a name", "# HELP 1a text\na 1\n", "1 malformed"],
  ])("is found: %s", (_, page, expected) => expect(problemKinds(page)).toEqual([expected]));

  test("of bytes that are no UTF-8 is the line's alone, in a label value", () => {
    const page = new Uint8Array([
      ...new TextEncoder().encode('a{x="'),
      0xc3,
      0x28,
      ...new TextEncoder().encode('"} 1\nb 2\n'),
    ]);
    const { series, problems } = readCold(page);
    expect(series).toEqual([[key({ __name__: "b" }), "2"]]);
    expect(problems).toMatchObject([{ kind: "malformed", why: "expected UTF-8 in label values" }]);
  });

  test("keeps the first sample of a series that stands twice, cold and warm", () => {
    const watched = new WatchedReader();
    for (let i = 0; i < 3; i++) {
      const page = pageOf(watched, `a ${i}\na ${i + 1}\nb 1\n`);
      expect([page.samples, page.length, page.values[0]]).toEqual([2, 2, i]);
      expect(page.problemCounts).toMatchObject({ duplicate: 1, malformed: 0 });
    }
    expect(pageOf(watched, "a 1\nb 1\n").problemCounts.duplicate).toBe(0);
  });

  test("shows its line without characters that move the cursor, and not all of a long one", () => {
    const { problems } = readCold(`a 1\nb \u001b[2J\u202e\t\u0007\r\u{e0001}\n${"é".repeat(500)} 1\nc 1\n`);
    expect(problems.map(({ text }) => text)).toEqual([
      "b \\u{1b}[2J\\u{202e}\\u{9}\\u{7}\\u{d}\\u{e0001}",
      `${"é".repeat(120)}…`,
    ]);
  });

  test("of each kind is counted, but only the first on the page are kept", () => {
    const lines = Array.from({ length: 50 }, (_, i) => `a${i} 1\na${i} 2\nb${i} x`);
    const { problems, counts } = readCold(`${lines.join("\n")}\n`, { ...DEFAULT_PAGE_LIMITS, problems: 5 });
    expect(problems.map(({ line, kind }) => `${line} ${kind}`)).toEqual([
      "2 duplicate",
      "3 malformed",
      "5 duplicate",
      "6 malformed",
      "8 duplicate",
    ]);
    expect(counts).toMatchObject({ duplicate: 50, malformed: 50 });
  });
});
