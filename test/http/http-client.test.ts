import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { HttpClient, type HttpRequest } from "../../src/http/http-client.ts";
import type { HttpOptions } from "../../src/http/options.ts";
import type { HttpReply } from "../../src/http/reply.ts";
import { Secret } from "../../src/series/secret.ts";
import { durationMs } from "../../src/series/time.ts";
import { CertificateAuthority } from "../support/certificates.ts";
import { type Answer, FakeTriton } from "../support/fake-triton.ts";
import { refusedPort, tcpServer } from "../support/ports.ts";
import { httpsServer } from "./https-server.ts";

const folder = mkdtempSync(join(tmpdir(), "http-client-"));
let fake: FakeTriton;
const undo: (() => unknown)[] = [];

beforeEach(async () => {
  fake = await FakeTriton.start("hello");
  undo.push(() => fake.close());
});
afterEach(async () => {
  for (const one of undo.splice(0).reverse()) await one();
});
afterAll(() => rmSync(folder, { recursive: true }));

function client(options: HttpOptions = {}): HttpClient {
  const made = new HttpClient(options, "triton-sentinel/test");
  undo.push(() => made.close());
  return made;
}

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const get = (url = fake.url, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: "GET",
  url,
  timeout: durationMs(10_000),
  maxBytes: 1_000_000,
  ...more,
});

const shown = (reply: HttpReply): string =>
  reply.kind === "answer" ? reply.body.toString() : `${reply.kind}: ${reply.why}`;

describe("an answer", () => {
  test("comes with status, headers in lower case and body, whatever the status is", async () => {
    fake.serve({ status: 503, body: "later", headers: { "Retry-After": "7" } });
    const reply = await client().request(get());
    expect(reply).toMatchObject({ kind: "answer", status: 503 });
    expect(reply.kind === "answer" && [reply.headers.get("retry-after"), shown(reply)]).toEqual(["7", "later"]);
  });

  test("may be compressed", async () => {
    fake.serve({ gzip: "hello" });
    expect(shown(await client().request(get()))).toBe("hello");
  });

  test("comes over a kept connection", async () => {
    const one = client();
    for (let i = 0; i < 10; i++) await one.request(get());
    // A second one where the first was not free yet when the answer had been read.
    expect([fake.requests, fake.connections <= 2]).toEqual([10, true]);
  });

  test("that redirects is not followed", async () => {
    fake.serve({ status: 302, headers: { location: "/elsewhere" } });
    expect(await client().request(get())).toMatchObject({ kind: "answer", status: 302 });
    expect(fake.requests).toBe(1);
  });

  test("is asked for with our name and the headers given", async () => {
    await client().request(get(fake.url, { method: "POST", headers: { "content-type": "x/y" }, body: "{}" }));
    expect(fake.headers).toMatchObject({
      "user-agent": "triton-sentinel/test",
      "content-type": "x/y",
      "content-length": "2",
    });
  });
});

describe("what a peer can do wrong has a name", () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000));
  test.each<[string, Answer, RegExp]>([
    ["too much", "x".repeat(1_000_001), /^too-big: the answer exceeds the limit of 1000000 bytes$/],
    ["a body without end", { behaves: "endless body" }, /^too-big: the answer exceeds/],
    ["a gzip bomb", { gzip: bomb }, /^too-big: the inflated answer exceeds/],
    ["damaged gzip", { gzip: Buffer.from("no gzip") }, /^unreachable: the answer is not valid gzip/],
    ["another encoding", { status: 200, body: "x", headers: { "content-encoding": "br" } }, /^unreachable: .*"br"/],
    ["huge headers", { behaves: "huge headers" }, /^too-big: the response headers exceed/],
    ["half of what was promised", { behaves: "truncate" }, /^unreachable: /],
    ["a reset before answering", { behaves: "reset before answering" }, /^unreachable: /],
  ])("%s", async (_, answer, expected) => {
    fake.serve(answer);
    const one = client();
    expect(shown(await one.request(get()))).toMatch(expected);
    fake.serve("well again");
    expect(shown(await one.request(get()))).toBe("well again");
  });

  test.each<Answer>([{ behaves: "hang" }, { behaves: "trickle headers" }, { behaves: "trickle body" }])(
    "$behaves: the deadline is for the whole exchange",
    async (answer) => {
      fake.serve(answer);
      expect(await client().request(get(fake.url, { timeout: durationMs(100) }))).toEqual({
        kind: "too-slow",
        why: "no whole answer within 100ms",
      });
    },
  );

  test("nobody listens", async () => {
    const url = `http://127.0.0.1:${await refusedPort()}/`;
    expect(shown(await client().request(get(url)))).toMatch(/^unreachable: .*ECONNREFUSED/);
  });
});

describe("a request that is called off", () => {
  test("before it began or while it hangs is aborted", async () => {
    fake.serve({ behaves: "hang" });
    const [before, during] = [new AbortController(), new AbortController()];
    before.abort();
    expect((await client().request(get(fake.url, { signal: before.signal }))).kind).toBe("aborted");
    const asked = client().request(get(fake.url, { signal: during.signal }));
    during.abort();
    expect((await asked).kind).toBe("aborted");
  });

  test("by closing the client is aborted, also in the middle of a handshake", async () => {
    const server = await tcpServer((socket) => socket.resume());
    undo.push(() => server.close());
    const one = client();
    const asked = [
      one.request(get(`https://127.0.0.1:${server.port}/`)),
      one.request(get(`http://127.0.0.1:${server.port}/`)),
    ];
    await one.close();
    for (const reply of await Promise.all(asked)) expect(["aborted", "unreachable"]).toContain(reply.kind);
  });
});

describe("who we are", () => {
  test("is said with a password or a token, written out or from a file that is read anew each time", async () => {
    const path = file("token", "first\n");
    const bearer = client({ authorization: { type: "Bearer", credentials: { kind: "file", path } } });
    await bearer.request(get());
    expect(fake.headers.authorization).toBe("Bearer first");
    file("token", "second\r\n");
    await bearer.request(get());
    expect(fake.headers.authorization).toBe("Bearer second");
    const password = { kind: "inline", secret: new Secret("pa:ss") } as const;
    await client({ basicAuth: { username: "me", password } }).request(get());
    expect(fake.headers.authorization).toBe(`Basic ${Buffer.from("me:pa:ss").toString("base64")}`);
    await client().request(get(fake.url.replace("//", "//us%40er:pw@")));
    expect(fake.headers.authorization).toBe(`Basic ${Buffer.from("us@er:pw").toString("base64")}`);
  });

  test.each([
    ["a file that is not there", () => join(folder, "absent"), /^Cannot read file ".*absent": ENOENT: no such file/],
    ["a folder", () => folder, /^Cannot read file ".*": EISDIR/],
    [
      "an empty file",
      () => file("empty", "\n"),
      /^Cannot use secret file ".*empty": expected a secret, found nothing$/,
    ],
    ["a file too large", () => file("large", "s3cret".repeat(20_000)), /expected at most 65536 bytes$/],
    [
      "a second line",
      () => file("lines", "s3cret\r\nhost: evil\n"),
      /expected one line of printable ASCII characters$/,
    ],
  ])("is not said where the secret is in %s, and why names the file alone", async (_, path, why) => {
    const one = client({ authorization: { type: "Bearer", credentials: { kind: "file", path: path() } } });
    const reply = await one.request(get());
    expect(reply).toEqual({ kind: "unprepared", why: expect.stringMatching(why) });
    expect(JSON.stringify(reply)).not.toContain("s3cret");
    expect(fake.requests).toBe(0);
  });

  test("and where is not shown when the URL is no good: tokens are part of many of them", async () => {
    const reply = await client().request(get("hooks/s3cret"));
    expect(reply).toMatchObject({ kind: "unprepared", why: expect.not.stringContaining("s3cret") });
  });
});

describe("TLS", () => {
  const authority = new CertificateAuthority();
  const caFile = file("ca.pem", authority.cert);
  const tls = { caFile, insecureSkipVerify: false };

  test("trusts the CA given, and nobody else", async () => {
    const server = await httpsServer(authority.issue("127.0.0.1"));
    undo.push(() => server.close());
    expect((await client({ tls }).request(get(server.url))).kind).toBe("answer");
    expect(shown(await client().request(get(server.url)))).toMatch(/^unreachable: .*certificate/);
    expect((await client({ tls: { insecureSkipVerify: true } }).request(get(server.url))).kind).toBe("answer");
  });

  test("checks the name, or the one that is given instead", async () => {
    const server = await httpsServer(authority.issue("triton.example.com"));
    undo.push(() => server.close());
    expect(shown(await client({ tls }).request(get(server.url)))).toMatch(/^unreachable: .*(altname|not in the cert)/i);
    const named = client({ tls: { ...tls, serverName: "triton.example.com" } });
    expect((await named.request(get(server.url))).kind).toBe("answer");
  });

  test("shows our certificate, and takes up rotated files with the next connection", async () => {
    const server = await httpsServer(authority.issue("127.0.0.1"), authority);
    undo.push(() => server.close());
    const ours = (name: string) => {
      const { cert, key } = authority.issue(name);
      return { ...tls, certFile: file("cert.pem", cert), keyFile: file("key.pem", key) };
    };
    const one = client({ tls: ours("sentinel-1") });
    expect(JSON.parse(shown(await one.request(get(server.url))))).toEqual({ client: "sentinel-1" });
    ours("sentinel-2");
    const other = new CertificateAuthority("Another");
    file("ca.pem", other.cert);
    server.rotate(other.issue("127.0.0.1"));
    expect(JSON.parse(shown(await one.request(get(server.url))))).toEqual({ client: "sentinel-2" });
    file("ca.pem", authority.cert);
  });

  test.each([
    ["absent", { caFile: join(folder, "no-ca.pem") }, /^Cannot read file ".*no-ca.pem": ENOENT/],
    ["not PEM", { caFile: file("text.pem", "hello") }, /^Cannot use TLS file ".*text.pem": expected PEM/],
    [
      "damaged",
      { certFile: file("bad.pem", "-----BEGIN CERTIFICATE-----\nx\n") },
      /^Cannot use TLS files ".*bad.pem": /,
    ],
  ])("with a file that is %s is unprepared", async (_, files, why) => {
    const reply = await client({ tls: { ...files, insecureSkipVerify: false } }).request(get("https://127.0.0.1:9/"));
    expect(reply).toEqual({ kind: "unprepared", why: expect.stringMatching(why) });
  });
});

describe("a stream", () => {
  const stream = (more: Partial<HttpRequest> & { silence?: number } = {}) =>
    client().stream({ ...get(fake.url, more), silence: durationMs(more.silence ?? 10_000) });

  async function read(answer: Awaited<ReturnType<typeof stream>>): Promise<unknown[]> {
    if (answer.kind !== "lines") throw new Error(answer.kind);
    const got: unknown[] = [];
    for (;;) {
      const next = await answer.lines.next();
      got.push(next.done ? next.value.kind : next.value.toString());
      if (next.done) return got;
    }
  }

  test("gives lines as they come, leaves a torn one out, and says how it ended", async () => {
    fake.serve("one\ntwo\n\ntorn");
    expect(await read(await stream())).toEqual(["one", "two", "", "ended"]);
    fake.serve({ behaves: "truncate" });
    expect(await read(await stream())).toEqual(["unreachable"]);
  });

  test("of another status is a whole answer", async () => {
    fake.serve({ status: 410, body: "gone" });
    expect(await stream()).toMatchObject({ kind: "answer", status: 410 });
  });

  test("bounds its lines, the peer's silence and the wait for its beginning", async () => {
    fake.serve({ behaves: "endless body" });
    expect(await read(await stream({ maxBytes: 2 }))).toContain("too-big");
    fake.serve({ behaves: "hang" });
    expect(await stream({ timeout: durationMs(50) })).toMatchObject({ kind: "too-slow" });
    const server = await tcpServer((socket) => socket.once("data", () => socket.write("HTTP/1.1 200 OK\r\n\r\none\n")));
    undo.push(() => server.close());
    expect(await read(await stream({ url: `http://127.0.0.1:${server.port}/`, silence: 50 }))).toEqual([
      "one",
      "too-slow",
    ]);
  });

  test("ends when it is called off", async () => {
    fake.serve({ behaves: "trickle body" });
    const abort = new AbortController();
    const answer = await stream({ signal: abort.signal });
    if (answer.kind !== "lines") throw new Error(answer.kind);
    expect((await answer.lines.next()).value.toString()).toBe("a 1");
    abort.abort();
    expect(await read(answer)).toContain("aborted");
  });
});
