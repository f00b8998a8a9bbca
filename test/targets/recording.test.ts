import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { durationMs, epochMs } from "../../src/series/time.ts";
import type { ScrapeOutcome } from "../../src/targets/outcome.ts";
import { readRecording } from "../../src/targets/read-recording.ts";
import { formatRecorded, parseRecorded, type RecordedScrape } from "../../src/targets/recording.ts";
import { RecordingWriter } from "../../src/targets/recording-writer.ts";
import { Scraper } from "../../src/targets/scraper.ts";
import { FakeTriton } from "../support/fake-triton.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "recording-"));
});
afterAll(() => rm(folder, { recursive: true }));

const page = (body: Uint8Array): ScrapeOutcome => ({ kind: "body", body, length: body.length });
const scrape = (at: number, outcome: ScrapeOutcome): RecordedScrape => ({
  at: epochMs(at),
  source: "metrics",
  outcome,
});

async function all(path: string): Promise<RecordedScrape[]> {
  const read: RecordedScrape[] = [];
  for await (const one of readRecording(path)) read.push(one);
  return read;
}

const bytesOf = (outcome: ScrapeOutcome) =>
  outcome.kind === "body" ? { ...outcome, body: [...outcome.body.subarray(0, outcome.length)] } : outcome;

/** Any code point, also a lone surrogate, and often one that controls; fast-check's own take seconds to build. */
const anyChar = fc
  .oneof(fc.nat(0xa0), fc.constantFrom(0x2028, 0x2029, 0x202e), fc.nat(0x10ffff))
  .map((code) => String.fromCodePoint(code));

test("what was written reads back, whatever the page and the failure were", () => {
  const why = fc.string({ unit: anyChar });
  const outcome = fc.oneof(
    fc.uint8Array().map(page),
    fc.string({ unit: anyChar }).map((text) => page(Buffer.from(text))),
    fc.record({ kind: fc.constantFrom("unreachable", "too-slow", "too-big", "not-metrics", "internal-error"), why }),
    fc.record({
      kind: fc.constant("http-status"),
      status: fc.integer({ min: 201, max: 599 }),
      why: fc.string({ minLength: 1 }),
    }),
  ) as fc.Arbitrary<ScrapeOutcome>;
  const rest = fc.record(
    { instance: fc.string(), duration: fc.nat().map(durationMs) },
    { requiredKeys: [] },
  ) as fc.Arbitrary<{ instance?: string }>;
  fc.assert(
    fc.property(fc.nat(), fc.string(), outcome, rest, (at, source, outcome, rest) => {
      const written: RecordedScrape = { at: epochMs(at), source, outcome, ...rest };
      const read = parseRecorded(formatRecorded(written));
      expect({ ...read, outcome: bytesOf(read.outcome) }).toEqual({ ...written, outcome: bytesOf(outcome) });
    }),
  );
});

describe("a line by others", () => {
  test.each<[string, object]>([
    ['{"t": 1, "status": 200, "ms": 21, "body": "a 1\\n"}', { at: 1, source: "metrics", duration: 21 }],
    ['{"t":1,"status":0,"err":"timed out"}', { outcome: { kind: "unreachable", why: "timed out" } }],
    ['{"t":1,"status":0,"kind":"constructor"}', { outcome: { kind: "unreachable", why: "" } }],
    ['{"t":1,"status":503}', { outcome: { kind: "http-status", status: 503, why: "the server answered 503" } }],
    [
      '{"t":1,"status":0,"err":"x","instance":"gpu-1:8002","source":"index"}',
      { instance: "gpu-1:8002", source: "index" },
    ],
  ])("%s", (line, expected) => {
    expect(parseRecorded(line)).toMatchObject(expected);
  });

  test.each([
    ["nonsense", "expected one JSON object on the line"],
    ["[1]", "expected one JSON object on the line"],
    ['{"status":200}', 'expected "t", a time in milliseconds'],
    ['{"t":1}', 'expected "status", an HTTP status, or 0 where no answer came'],
    ['{"t":1,"status":200}', 'expected "body", the page as text'],
    ['{"t":1,"status":200,"body":7}', 'expected text in "body"'],
  ])("%s is a mistake", (line, message) => {
    expect(() => parseRecorded(line)).toThrow(new RangeError(message));
  });
});

describe.each(["plain.jsonl", "packed.jsonl.gz"])("a file %s", (name) => {
  test("holds what was written, readable before it is closed", async () => {
    const path = join(folder, name);
    const writer = await RecordingWriter.create(path);
    const written = [scrape(1, page(Buffer.from("a 1\n"))), scrape(2, { kind: "too-slow", why: "x" })];
    for (const one of written) await writer.write(one);
    await expect.poll(() => all(path)).toEqual(written);
    await writer.close();
    expect(await all(path)).toEqual(written);
  });

  test("is never overwritten", async () => {
    const path = join(folder, `there-${name}`);
    await writeFile(path, "precious");
    await expect(RecordingWriter.create(path)).rejects.toThrow("EEXIST");
    expect(await readFile(path, "utf8")).toBe("precious");
  });
});

const GOOD = '{"t":1,"status":200,"body":"a 1\\n"}';

test("a mistake names file and line", async () => {
  const path = join(folder, "bad.jsonl");
  await writeFile(path, `${GOOD}\n\n{"t":\n${GOOD}\n`);
  await expect(all(path)).rejects.toThrow(`Cannot read recording ${path}:3: expected one JSON object on the line`);
});

test("a file of something else is a mistake even without a line end", async () => {
  const path = join(folder, "else.jsonl");
  await writeFile(path, "hello");
  await expect(all(path)).rejects.toThrow(`${path}:1: expected one JSON object`);
});

test("a last line torn by a kill is left out", async () => {
  const path = join(folder, "torn.jsonl");
  await writeFile(path, `${GOOD}\n${GOOD.slice(0, 20)}`);
  expect(await all(path)).toHaveLength(1);
});

test("a compressed file cut off anywhere gives the lines it still holds", async () => {
  const path = join(folder, "cut.jsonl.gz");
  const lines = Array.from({ length: 50 }, (_, i) =>
    formatRecorded(scrape(i, page(Buffer.from(`a ${Math.sqrt(i)}\n`)))),
  );
  const packed = gzipSync(`${lines.join("\n")}\n`);
  await writeFile(path, packed.subarray(0, Math.floor(packed.length * 0.7)));
  const read = await all(path);
  expect(read.length).toBeGreaterThan(0);
  expect(read.length).toBeLessThan(50);
});

test("a line longer than 64 MiB is refused while reading, not held", async () => {
  const path = join(folder, "long.jsonl.gz");
  await writeFile(path, gzipSync(Buffer.alloc(80_000_000, "x")));
  await expect(all(path)).rejects.toThrow(`${path}:1: longer than 64 MiB`);
});

test("a file that is not there is an error of the file system", async () => {
  await expect(all(join(folder, "none.jsonl.gz"))).rejects.toThrow("ENOENT");
});

const REAL = "../shared/recordings/flood/metrics.jsonl.gz";

test.skipIf(!existsSync(REAL))("a recording of a real Triton can be served again, page by page", async () => {
  const pages = await all(REAL);
  expect(pages.length).toBeGreaterThan(100);
  const fake = await FakeTriton.replay(REAL, "a page a request");
  const target = { url: fake.url, timeout: durationMs(10_000), bodySizeLimit: 1_000_000 };
  const scraper = new Scraper(target, "test");
  for (const { outcome } of pages.slice(0, 20)) {
    const got = await scraper.scrape();
    if (outcome.kind === "body") expect(bytesOf(got)).toEqual(bytesOf(outcome));
  }
  await scraper.close();
  await fake.close();
});
