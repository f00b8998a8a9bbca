import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { durationMs } from "../../src/series/time.ts";
import type { ScrapeOutcome } from "../../src/targets/outcome.ts";
import { Scraper } from "../../src/targets/scraper.ts";
import { type Answer, FakeTriton } from "../support/fake-triton.ts";
import { refusedPort, tcpServer } from "../support/ports.ts";

const PAGE = '# TYPE nv_inference_count counter\nnv_inference_count{model="bert",version="1"} 7\n';

let fake: FakeTriton;
let scrapers: Scraper[];

beforeEach(async () => {
  fake = await FakeTriton.start(PAGE);
  scrapers = [];
});

afterEach(async () => {
  await Promise.all(scrapers.map((scraper) => scraper.close()));
  await fake.close();
});

function scraper(options: { url?: string; timeout?: number; limit?: number } = {}): Scraper {
  const { url = fake.url, timeout = 10_000, limit = 1_000_000 } = options;
  const made = new Scraper({ url, timeout: durationMs(timeout), bodySizeLimit: limit }, "triton-sentinel/test");
  scrapers.push(made);
  return made;
}

const text = (outcome: ScrapeOutcome): string =>
  outcome.kind === "body" ? Buffer.from(outcome.body.subarray(0, outcome.length)).toString() : JSON.stringify(outcome);

describe("a page that is served", () => {
  test("arrives byte for byte", async () => {
    expect(text(await scraper().scrape())).toBe(PAGE);
  });

  test("is asked for politely", async () => {
    await scraper({ url: fake.url.replace("//", "//us%40er:pa%3Ass@") }).scrape();
    expect(fake.headers).toMatchObject({
      "user-agent": "triton-sentinel/test",
      accept: "text/plain;version=0.0.4;q=1,*/*;q=0.1",
      "accept-encoding": "gzip",
      "x-prometheus-scrape-timeout-seconds": "10",
      authorization: `Basic ${Buffer.from("us@er:pa:ss").toString("base64")}`,
    });
  });

  test("may be compressed", async () => {
    fake.serve({ gzip: PAGE });
    expect(text(await scraper().scrape())).toBe(PAGE);
  });

  test("may be empty: whether that is a page of metrics is judged elsewhere", async () => {
    fake.serve("");
    expect(await scraper().scrape()).toMatchObject({ kind: "body", length: 0 });
  });

  test("may be as large as the limit, and larger than the first buffer", async () => {
    const page = "a 1\n".repeat(50_000);
    fake.serve([page, PAGE]);
    const target = scraper({ limit: page.length });
    expect(text(await target.scrape())).toBe(page);
    expect(text(await target.scrape())).toBe(PAGE);
  });

  test("comes over one kept connection, into the same buffer", async () => {
    const target = scraper();
    const bodies = new Set<unknown>();
    for (let i = 0; i < 5; i++) {
      const outcome = await target.scrape();
      bodies.add(outcome.kind === "body" ? outcome.body : outcome);
    }
    expect([fake.requests, fake.connections, bodies.size]).toEqual([5, 1, 1]);
  });
});

describe("what a target can do wrong has a name", () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000));
  test.each<[string, Answer, ScrapeOutcome["kind"], RegExp]>([
    ["404", { status: 404 }, "http-status", /^the server answered 404$/],
    ["503 with a page", { status: 503, body: PAGE }, "http-status", /503/],
    ["204", { status: 204 }, "http-status", /204/],
    ["a redirect", { status: 302, headers: { location: "/elsewhere" } }, "http-status", /302; redirects are not/],
    [
      "a page that is announced too big",
      "x".repeat(1_000_001),
      "too-big",
      /^the page exceeds the limit of 1000000 bytes$/,
    ],
    ["a page without end", { behaves: "endless body" }, "too-big", /^the page exceeds/],
    ["a gzip bomb", { gzip: bomb }, "too-big", /^the inflated page exceeds the limit of 1000000 bytes$/],
    ["damaged gzip", { gzip: Buffer.from("not gzip at all") }, "not-metrics", /not valid gzip/],
    ["gzip that ends early", { gzip: gzipSync(PAGE).subarray(0, 30) }, "not-metrics", /not valid gzip/],
    ["another encoding", { status: 200, headers: { "content-encoding": "br\u0085" } }, "not-metrics", /"br\\u0085"/],
    ["huge headers", { behaves: "huge headers" }, "too-big", /headers exceed the limit of 16384 bytes/],
    ["less than was promised", { behaves: "truncate" }, "unreachable", /connection/],
    ["a reset in the body", { behaves: "reset in the body" }, "unreachable", /./],
    ["a reset before answering", { behaves: "reset before answering" }, "unreachable", /./],
  ])("%s", async (_, answer, kind, why) => {
    fake.serve(answer);
    const target = scraper();
    const outcome = await target.scrape();
    expect(outcome).toMatchObject({ kind, why: expect.stringMatching(why) });
    fake.serve(PAGE);
    expect(text(await target.scrape())).toBe(PAGE);
  });

  test.each<Answer>([{ behaves: "hang" }, { behaves: "trickle headers" }, { behaves: "trickle body" }])(
    "$behaves: the deadline is for the whole exchange",
    async (answer) => {
      fake.serve(answer);
      const target = scraper({ timeout: 100 });
      expect(await target.scrape()).toEqual({ kind: "too-slow", why: "no whole page within 100ms" });
      fake.serve(PAGE);
      expect(text(await target.scrape())).toBe(PAGE);
    },
  );

  test("a port on which nobody listens", async () => {
    const outcome = await scraper({ url: `http://me:secret@127.0.0.1:${await refusedPort()}/` }).scrape();
    expect(outcome).toMatchObject({ kind: "unreachable", why: expect.stringContaining("ECONNREFUSED") });
    expect(JSON.stringify(outcome)).not.toContain("secret");
  });

  test("a name all of whose addresses refuse", async () => {
    const outcome = await scraper({ url: `http://localhost:${await refusedPort()}/` }).scrape();
    expect(outcome).toMatchObject({ kind: "unreachable", why: expect.stringContaining("ECONNREFUSED") });
  });

  test("something that does not speak HTTP", async () => {
    const server = await tcpServer((socket) => socket.end("SSH-2.0-OpenSSH_9.2\r\n"));
    const outcome = await scraper({ url: `http://127.0.0.1:${server.port}/` }).scrape();
    expect(outcome).toMatchObject({ kind: "not-metrics", why: expect.stringContaining("not HTTP/1.1") });
    await server.close();
  });

  test("a TLS handshake that never ends is cut off with its connection", async () => {
    let closed = () => {};
    const gone = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const server = await tcpServer((socket) => socket.on("close", closed).resume());
    const target = scraper({ url: `https://127.0.0.1:${server.port}/`, timeout: 100 });
    expect(await target.scrape()).toMatchObject({ kind: "too-slow" });
    await gone;
    await server.close();
  });

  test("a chunked page that ends in the middle of a chunk", async () => {
    const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
    const server = await tcpServer((socket) => socket.once("data", () => socket.end(`${head}64\r\nhalf of it`)));
    const outcome = await scraper({ url: `http://127.0.0.1:${server.port}/` }).scrape();
    expect(outcome).toMatchObject({ kind: "unreachable" });
    await server.close();
  });
});

describe("a kept connection that has died of old age", () => {
  test("is replaced without the scrape being lost", async () => {
    const target = scraper();
    await target.scrape();
    fake.serve([{ behaves: "reset before answering" }, PAGE]);
    expect(text(await target.scrape())).toBe(PAGE);
    expect(fake.requests).toBe(3);
  });

  test("is replaced once, not for ever", async () => {
    const target = scraper();
    await target.scrape();
    fake.serve({ behaves: "reset before answering" });
    expect(await target.scrape()).toMatchObject({ kind: "unreachable" });
    expect(fake.requests).toBe(3);
  });
});

test("a target that costs a connection a scrape leaves nothing behind", async () => {
  const warnings: Error[] = [];
  const hear = (warning: Error) => warnings.push(warning);
  process.on("warning", hear);
  fake.serve({ status: 503 });
  const target = scraper();
  for (let i = 0; i < 15; i++) await target.scrape();
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", hear);
  expect([fake.connections, warnings]).toEqual([15, []]);
});

test("closing ends a scrape under way", async () => {
  fake.serve({ behaves: "hang" });
  const target = scraper();
  const scrape = target.scrape();
  await target.close();
  expect(await scrape).toEqual({ kind: "unreachable", why: "the scrape was called off" });
});

test("two scrapes of one target at once are a bug", async () => {
  const target = scraper();
  const first = target.scrape();
  expect(() => target.scrape()).toThrow("another of the same target runs");
  await first;
});

test.each(["ftp://me:secret@host/metrics", "me:secret@host:x", "http://me:secret@[::/"])(
  "the mistake in %s is told without the password",
  (url) => {
    expect(() => scraper({ url })).toThrow(/^Cannot scrape ".*": expected an http or https URL/);
    expect(() => scraper({ url })).not.toThrow(/secret/);
  },
);
