import fc from "fast-check";
import { expect, test } from "vitest";
import { createLogger, type LogFormat, type LogLevel } from "../../src/telemetry/log.ts";

/** Any code point, also a lone surrogate, and often one that controls; fast-check's own take seconds to build. */
const anyChar = fc
  .oneof(fc.nat(0xa0), fc.constantFrom(0x2028, 0x2029, 0x202e), fc.nat(0x10ffff))
  .map((code) => String.fromCodePoint(code));

function logger(format: LogFormat, level: LogLevel = "debug") {
  const lines: string[] = [];
  return { lines, log: createLogger(level, format, { write: (line) => lines.push(line) }) };
}

const EVIL = "evil\n<!channel>\u001b[31m\u2028\u202e\u0085";

test("logfmt is one line: time, level, message, then the fields", () => {
  const { lines, log } = logger("logfmt");
  log.warn(
    { target: "gpu-1:8002", why: "connection refused", seconds: 0.25, reason: undefined },
    "target cannot be scraped",
  );
  expect(lines.join("")).toMatch(
    /^ts=\d{4}-\d\d-\d\dT[\d:.]+Z level=warn msg="target cannot be scraped" target=gpu-1:8002 why="connection refused" seconds=0.25\n$/,
  );
});

test("JSON is one object a line", () => {
  const { lines, log } = logger("json");
  log.info({ target: "a b" }, "hello");
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ level: "info", msg: "hello", target: "a b" });
});

test("what an attacker named cannot break, colour or reorder a line", () => {
  const { lines, log } = logger("logfmt");
  log.info({ model: EVIL }, "x");
  expect(lines[0]).toContain(String.raw`model="evil\n<!channel>\u001b[31m\u2028\u202e\u0085"`);
});

test.each<LogFormat>(["logfmt", "json"])("%s: any text is one line without control characters", (format) => {
  fc.assert(
    fc.property(fc.string({ unit: anyChar }), (text) => {
      const { lines, log } = logger(format);
      log.info({ model: text, [`name ${text.length}`]: 1 }, text);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(/^[^\p{Cc}\u2028\u2029\u202a-\u202e]*\n$/u);
    }),
  );
});

test("JSON gives back what was said", () => {
  const { lines, log } = logger("json");
  log.info({ model: EVIL, count: 3 }, EVIL);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ model: EVIL, msg: EVIL, count: 3 });
});

test("an error is its message, and a long text is cut", () => {
  const { lines, log } = logger("json");
  log.error({ err: new Error("broken"), model: "x".repeat(10_000) }, "x");
  const line = JSON.parse(lines[0] ?? "") as { err: string; model: string };
  expect(line.err).toBe("broken");
  expect(line.model).toHaveLength(4_097);
});

test("what is below the level is not written", () => {
  const { lines, log } = logger("json", "warn");
  log.info("no");
  log.warn("yes");
  expect(lines).toHaveLength(1);
});
