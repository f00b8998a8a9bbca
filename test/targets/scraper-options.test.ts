import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import type { HttpOptions } from "../../src/http/options.ts";
import { Secret } from "../../src/series/secret.ts";
import { durationMs } from "../../src/series/time.ts";
import type { ScrapeOutcome } from "../../src/targets/outcome.ts";
import { Scraper } from "../../src/targets/scraper.ts";
import { httpsServer } from "../http/https-server.ts";
import { CertificateAuthority } from "../support/certificates.ts";
import { FakeTriton } from "../support/fake-triton.ts";

const folder = mkdtempSync(join(tmpdir(), "scraper-options-"));
const undo: (() => unknown)[] = [];
let fake: FakeTriton;

beforeEach(async () => {
  fake = await FakeTriton.start("up 1\n");
  undo.push(() => fake.close());
});
afterEach(async () => {
  for (const one of undo.splice(0).reverse()) await one();
});
afterAll(() => rmSync(folder, { recursive: true }));

function scraper(http: HttpOptions, url = fake.url): Scraper {
  const target = { url, timeout: durationMs(10_000), bodySizeLimit: 1_000_000, http };
  const made = new Scraper(target, "triton-sentinel/test");
  undo.push(() => made.close());
  return made;
}

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const text = (outcome: ScrapeOutcome): string =>
  outcome.kind === "body" ? Buffer.from(outcome.body.subarray(0, outcome.length)).toString() : outcome.why;

test("a token is read anew for each scrape, over one kept connection", async () => {
  const path = file("token", "first\n");
  const target = scraper({ authorization: { type: "Bearer", credentials: { kind: "file", path } } });
  await target.scrape();
  expect(fake.headers.authorization).toBe("Bearer first");
  file("token", "second\n");
  await target.scrape();
  expect(fake.headers.authorization).toBe("Bearer second");
  expect(fake.connections).toBe(1);
});

test("what the options say of us goes before what the URL says", async () => {
  const password = { kind: "inline", secret: new Secret("right") } as const;
  await scraper({ basicAuth: { username: "me", password } }, fake.url.replace("//", "//you:wrong@")).scrape();
  expect(fake.headers.authorization).toBe(`Basic ${Buffer.from("me:right").toString("base64")}`);
});

test("a secret file that cannot be read makes the target unreachable, and the file is named", async () => {
  const path = join(folder, "absent");
  const target = scraper({ authorization: { type: "Bearer", credentials: { kind: "file", path } } });
  expect(await target.scrape()).toEqual({
    kind: "unreachable",
    why: expect.stringContaining(`file "${path}": ENOENT`),
  });
  file("absent", "there now");
  expect(text(await target.scrape())).toBe("up 1\n");
});

test("closing while the secret is read ends the scrape and asks nobody", async () => {
  const path = file("slow", "token");
  const target = scraper({ authorization: { type: "Bearer", credentials: { kind: "file", path } } });
  const scrape = target.scrape();
  await target.close();
  expect(await scrape).toMatchObject({ kind: "unreachable" });
  await new Promise((resolve) => setImmediate(resolve));
  expect(fake.requests).toBe(0);
});

test("certificates are read anew for each connection", async () => {
  const authority = new CertificateAuthority();
  const server = await httpsServer(authority.issue("127.0.0.1"), authority);
  undo.push(() => server.close());
  const tls = {
    caFile: file("ca.pem", authority.cert),
    certFile: join(folder, "cert.pem"),
    keyFile: join(folder, "key.pem"),
    insecureSkipVerify: false,
  };
  const issue = (name: string) => {
    const { cert, key } = authority.issue(name);
    file("cert.pem", cert);
    file("key.pem", key);
  };
  const target = scraper({ tls }, server.url);
  expect(await target.scrape()).toEqual({ kind: "unreachable", why: expect.stringContaining("cert.pem") });
  issue("sentinel-1");
  expect(text(await target.scrape())).toContain("sentinel-1");
  issue("sentinel-2");
  server.rotate(authority.issue("127.0.0.1"));
  expect(text(await target.scrape())).toContain("sentinel-2");
  expect(await scraper({}, server.url).scrape()).toMatchObject({
    kind: "unreachable",
    why: expect.stringMatching(/certificate/),
  });
});

test("a retired scraper lets the scrape under way end, and then its connection", async () => {
  const target = scraper({});
  const scrape = target.scrape();
  await target.retire();
  expect(text(await scrape)).toBe("up 1\n");
});
