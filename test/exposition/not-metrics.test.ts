import { describe, expect, test } from "vitest";
import { readCold, WatchedReader } from "./reading.ts";

const CUT_OFF = "the last line does not end: the body was cut off";

describe("what is no page of metrics says why", () => {
  test.each([
    ["nothing", "", "the body is empty"],
    ["blanks", " \t\r\n\n", "the body is blank"],
    ["blanks without a line feed", "   ", "the body is blank"],
    ["a value that was cut off", 'a{l="x"} 12345\na{l="y"} 12', CUT_OFF],
    ["a comment that was cut off", "a 1\n# HEL", CUT_OFF],
    ["comments only", "# HELP a text\n# TYPE a counter\n", "the page has comments only, no samples"],
    [
      "an HTML page",
      "<html>\n<body>502 Bad Gateway</body>\n</html>\n",
      'the page has no sample that can be read; line 1 "<html>": expected a metric name',
    ],
    [
      "JSON",
      '{"error": "not found"}\n',
      'the page has no sample that can be read; line 1 "{\\"error\\": \\"not found\\"}": expected a metric name',
    ],
    [
      "more rubbish than samples",
      "a 1\nb 2\nc\nd x\n-\n",
      'more lines are malformed than can be read; line 3 "c": expected a value',
    ],
  ])("%s", (_, page, why) => expect(new WatchedReader().read(page)).toEqual({ kind: "not-metrics", why }));

  test("compressed bytes", () => {
    const gzip = Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x4b, 0x54, 0x30, 0xe4, 2, 0, 0x0a]);
    expect(new WatchedReader().read(gzip).kind).toBe("not-metrics");
  });
});

test("a page with as many sound samples as malformed lines is a page", () => {
  expect(readCold("a 1\nb\n").samples).toBe(1);
});

test("a bad page between two equal ones leaves no trace", () => {
  const watched = new WatchedReader();
  const good = "a 1\nb 2\n";
  for (const bad of ["", "<html>\n", "a 1\nb 2", "x x\ny y\nz 1\n", "# only\n"]) {
    watched.read(good);
    expect(watched.read(bad).kind).toBe("not-metrics");
    expect(watched.read(good)).toMatchObject({ kind: "page", page: { shape: 1, problems: [], samples: 2 } });
  }
  expect(watched.interned.length).toBe(2);
});
