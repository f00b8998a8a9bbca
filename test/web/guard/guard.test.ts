import { describe, expect, test } from "vitest";
import type { AuthPort } from "../../../src/web/ports.ts";
import { type Asking, jsonOf, site, TOKEN } from "../site.ts";

const JSON_TYPE = { "content-type": "application/json" };
const BEARER = { authorization: `Bearer ${TOKEN}` };
const ANNOUNCE = JSON.stringify({ model: "bert", ttl: "30m", by: "ci", reason: "release" });

const announcing = (more: Asking = {}): Asking => ({
  method: "POST",
  body: ANNOUNCE,
  ...more,
  headers: { ...JSON_TYPE, ...BEARER, ...more.headers },
});

describe("what changes something", () => {
  const disabled: AuthPort = { check: async () => ({ kind: "disabled" }) };

  test.each(["/api/v1/deployments", "/-/reload"])("POST %s is 403 until tokens are configured", async (path) => {
    const { ask } = await site({ ports: { auth: disabled } });
    const got = await ask(path, { method: "POST", headers: BEARER });
    expect([got.status, jsonOf(got).errorType]).toEqual([403, "forbidden"]);
    expect(jsonOf(got).error).toContain("web.api_tokens_file");
  });

  test.each([
    ["none", {}, "expected the header"],
    ["a wrong one", { authorization: "Bearer wrong" }, "expected one of web.api_tokens_file"],
    ["one that is no bearer's", { authorization: `Basic ${TOKEN}` }, "expected the header"],
    ["one too long to be one", { authorization: `Bearer ${"x".repeat(2_000)}` }, "expected the header"],
  ])("with %s for a token it is 401", async (_what, headers, said) => {
    const { ask } = await site();
    const got = await ask("/api/v1/deployments", {
      method: "POST",
      body: ANNOUNCE,
      headers: { ...JSON_TYPE, ...headers },
    });
    expect([got.status, got.headers["www-authenticate"]]).toEqual([401, 'Bearer realm="triton-sentinel"']);
    expect(jsonOf(got).error).toContain(said);
    expect(got.text).not.toContain(TOKEN);
  });

  test("with a token it is done, in the name of its owner", async () => {
    const { ask } = await site();
    const got = await ask("/api/v1/deployments", announcing({ headers: { authorization: `bearer ${TOKEN}` } }));
    expect([got.status, jsonOf(got).data.by]).toEqual([200, "ci"]);
  });

  test("after ten wrong tokens in a minute an address is told to wait, and whoever has a right one is not locked out", async () => {
    const { ask, clock } = await site();
    const wrong = announcing({ headers: { authorization: "Bearer wrong" } });
    for (let i = 0; i < 10; i++) expect((await ask("/api/v1/deployments", wrong)).status).toBe(401);
    const limited = await ask("/api/v1/deployments", wrong);
    expect([limited.status, limited.headers["retry-after"]]).toEqual([429, "60"]);
    expect((await ask("/api/v1/deployments", announcing())).status).toBe(200);
    expect((await ask("/api/v1/deployments", wrong)).status).toBe(429);
    clock.pass(60_000);
    expect((await ask("/api/v1/deployments", wrong)).status).toBe(401);
  });

  test.each([
    ["text/plain", 415],
    ["application/x-www-form-urlencoded", 415],
    ["application/json; charset=latin1", 415],
    ["application/json; charset=utf-8", 200],
  ])("a body of type %s is %i", async (type, status) => {
    const { ask } = await site();
    expect((await ask("/api/v1/deployments", announcing({ headers: { "content-type": type } }))).status).toBe(status);
  });

  test("a compressed body is 415: it may be far bigger than it looks", async () => {
    const { ask } = await site();
    expect((await ask("/api/v1/deployments", announcing({ headers: { "content-encoding": "gzip" } }))).status).toBe(
      415,
    );
  });

  test("a body beyond 16 kB is 413", async () => {
    const { ask } = await site();
    const body = JSON.stringify({ model: "x".repeat(20_000) });
    const got = await ask("/api/v1/deployments", announcing({ body }));
    expect([got.status, jsonOf(got).error]).toEqual([413, "Cannot read this body: expected 16384 bytes at most"]);
  });

  test("a body where none is expected is refused", async () => {
    const { ask } = await site();
    expect((await ask("/-/reload", announcing())).status).toBe(400);
  });

  test.each([
    ["{", "Cannot read this body: expected valid JSON"],
    ["[]", "Cannot use this body: expected a JSON object"],
    ['"x"', "Cannot read this body: expected valid JSON"],
    [
      "{}",
      'Cannot do without field "model": expected a text; Cannot do without field "ttl": expected a text; Cannot do without field "by": expected a text; Cannot do without field "reason": expected a text',
    ],
    [
      '{"model":"","ttl":"-5m","by":"x","reason":1}',
      'Cannot use field "model": expected a text that is not empty; Cannot use field "ttl": expected a duration, for example "30m"; Cannot use field "reason": expected a text',
    ],
    [
      '{"model":"a","ttl":"0s","by":"x","reason":"y"}',
      'Cannot use field "ttl": expected a duration, for example "30m"',
    ],
    ['{"model":"a","ttl":"5m","by":"x","reason":"y","modle":1}', 'Cannot use field "modle": there is no such field'],
    [
      '{"model":"a","ttl":"5m","by":"x","reason":"y","__proto__":{}}',
      'Cannot use field "__proto__": there is no such field',
    ],
  ])("the body %s is 400 with all that is wrong with it", async (body, error) => {
    const { ask } = await site();
    const got = await ask("/api/v1/deployments", announcing({ body }));
    expect([got.status, jsonOf(got).error]).toEqual([400, error]);
  });

  test("a refusal is 422 and says why", async () => {
    const actions = {
      announce: async () => ({ kind: "refused", why: "Cannot announce the change: there are too many" }) as const,
      feedback: async () => undefined,
      reload: async () => ({ kind: "refused", why: "sentinel.yml:3:1: Cannot read" }) as const,
    };
    const { ask } = await site({ ports: { actions } });
    const got = await ask("/api/v1/deployments", announcing());
    expect([got.status, jsonOf(got).error]).toEqual([422, "Cannot announce the change: there are too many"]);
    expect(await ask("/-/reload", { method: "POST", headers: BEARER })).toMatchObject({
      status: 500,
      text: "failed to reload config: sentinel.yml:3:1: Cannot read\n",
    });
  });

  test("a reload says what it warned of", async () => {
    const reload = async () => ({ kind: "done", value: { warnings: ["rule X is never true"] } }) as const;
    const { ask } = await site({
      ports: {
        actions: { announce: async () => ({ kind: "refused", why: "" }), feedback: async () => undefined, reload },
      },
    });
    expect(await ask("/-/reload", { method: "POST", headers: BEARER })).toMatchObject({
      status: 200,
      text: "Configuration reloaded.\nwarning: rule X is never true\n",
    });
  });
});

describe("origins", () => {
  const address = { allowedOrigins: ["https://grafana.example"], externalHost: "Sentinel.example" };

  test.each([
    ["https://grafana.example", 200],
    ["https://sentinel.example", 200],
    ["https://evil.example", 403],
    ["https://grafana.example.evil.example", 403],
    ["null", 403],
  ])("a change asked for by %s is %i", async (origin, status) => {
    const { ask } = await site({ address });
    expect((await ask("/api/v1/deployments", announcing({ headers: { origin } }))).status).toBe(status);
  });

  test("our own origin is the one the request names as host", async () => {
    const { ask, server } = await site();
    const host = `127.0.0.1:${server.port}`;
    const own = announcing({ headers: { host, origin: `http://${host}` } });
    expect((await ask("/api/v1/deployments", own)).status).toBe(200);
    const other = announcing({ headers: { host, origin: "http://127.0.0.1:1" } });
    expect((await ask("/api/v1/deployments", other)).status).toBe(403);
  });

  test("only allowed ones get the headers that let their pages read", async () => {
    const { ask } = await site({ address });
    const headersFor = async (origin: string) => (await ask("/api/v1/alerts", { headers: { origin } })).headers;
    expect(await headersFor("https://grafana.example")).toMatchObject({
      "access-control-allow-origin": "https://grafana.example",
      vary: "origin",
    });
    expect((await headersFor("https://evil.example"))["access-control-allow-origin"]).toBeUndefined();
    const { ask: plain } = await site();
    expect((await plain("/api/v1/alerts", { headers: { origin: "https://x.example" } })).headers).not.toHaveProperty(
      "access-control-allow-origin",
    );
  });

  test("an allowed one may ask beforehand", async () => {
    const { ask } = await site({ address });
    const preflight = (origin: string) =>
      ask("/api/v1/deployments", { method: "OPTIONS", headers: { origin, "access-control-request-method": "POST" } });
    expect(await preflight("https://grafana.example")).toMatchObject({ status: 204 });
    expect(await preflight("https://evil.example")).toMatchObject({ status: 405 });
  });
});

describe("a server on the loopback answers only under names of its own", () => {
  const address = { externalHost: "Sentinel.example:8443", allowedHosts: ["gateway"] };

  test.each(["localhost", "LOCALHOST:9", "127.0.0.1:8080", "[::1]:80", "[::1]", "sentinel.example:443", "gateway:80"])(
    "%s",
    async (host) => {
      const { ask } = await site({ address });
      expect((await ask("/-/healthy", { headers: { host } })).status).toBe(200);
    },
  );

  test.each(["evil.example", "localhost.evil.example:80", "127.0.0.1.evil.example", "[::1].evil", "[", "127.0.0.2"])(
    "not %s",
    async (host) => {
      const { ask } = await site({ address });
      const got = await ask("/metrics", { headers: { host } });
      expect([got.status, jsonOf(got).errorType]).toEqual([403, "forbidden"]);
    },
  );

  test("elsewhere any name will do, unless some are named", async () => {
    const { ask } = await site({ address: { host: "0.0.0.0" } });
    expect((await ask("/-/healthy", { headers: { host: "monitor.example" } })).status).toBe(200);
    const { ask: named } = await site({ address: { host: "0.0.0.0", allowedHosts: ["monitor.example"] } });
    expect((await named("/-/healthy", { headers: { host: "monitor.example:1" } })).status).toBe(200);
    expect((await named("/-/healthy", { headers: { host: "evil.example" } })).status).toBe(403);
  });
});

test("every answer carries the security headers", async () => {
  const { ask } = await site();
  for (const path of ["/", "/metrics", "/none", "/api/v1/alerts", "/ui/app.js"]) {
    const { headers } = await ask(path);
    expect(headers).toMatchObject({
      "content-security-policy": expect.stringContaining("default-src 'self'"),
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "cache-control": "no-store",
    });
    expect(headers["content-security-policy"]).not.toContain("unsafe");
    expect(headers["x-powered-by"]).toBeUndefined();
  }
});
