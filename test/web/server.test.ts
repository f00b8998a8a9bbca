import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { connect } from "node:net";
import { gunzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { durationMs, MINUTE } from "../../src/series/time.ts";
import type { WebAddress } from "../../src/web/app.ts";
import type { WebPorts } from "../../src/web/ports.ts";
import { serveWeb, type WebServer } from "../../src/web/server.ts";

const METRICS = "# TYPE triton_sentinel_x gauge\ntriton_sentinel_x 1\n";

const servers: WebServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close(durationMs(0));
});

async function serve(query: Partial<WebPorts["query"]> = {}, address: Partial<WebAddress> = {}) {
  const bugs: unknown[] = [];
  const ports: WebPorts = {
    page: { version: "1.2.3 <b>" },
    query: { metrics: async () => METRICS, ready: () => true, ...query },
    bugCaught: (error) => void bugs.push(error),
  };
  const server = await serveWeb(ports, { host: "127.0.0.1", port: 0, ...address });
  servers.push(server);
  return { bugs, server };
}

interface Got {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  text: string;
}

function ask(server: WebServer, path: string, method = "GET", headers: Record<string, string> = {}): Promise<Got> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: "127.0.0.1", port: server.port, path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const body = Buffer.concat(chunks);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body, text: body.toString() });
      });
    });
    request.on("error", reject).end();
  });
}

describe("/metrics", () => {
  test("is text format 0.0.4", async () => {
    const { server } = await serve();
    const got = await ask(server, "/metrics");
    expect([got.status, got.text]).toEqual([200, METRICS]);
    expect(got.headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(got.headers["content-encoding"]).toBeUndefined();
  });

  test.each(["gzip", "deflate, gzip;q=0.9"])("is compressed for who accepts %s", async (accept) => {
    const { server } = await serve();
    const got = await ask(server, "/metrics", "GET", { "accept-encoding": accept });
    expect(got.headers).toMatchObject({ "content-encoding": "gzip", vary: "accept-encoding" });
    expect(got.headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(gunzipSync(got.body).toString()).toBe(METRICS);
  });

  test("is not compressed for who refuses it", async () => {
    const { server } = await serve();
    expect((await ask(server, "/metrics", "GET", { "accept-encoding": "gzip;q=0" })).text).toBe(METRICS);
  });

  test("that cannot be made is our bug: 500, reported, and not described to the client", async () => {
    const { server, bugs } = await serve({ metrics: () => Promise.reject(new Error("secret detail")) });
    const got = await ask(server, "/metrics");
    expect([got.status, JSON.parse(got.text)]).toEqual([
      500,
      { status: "error", errorType: "internal", error: "Cannot answer: an internal error, see the log" },
    ]);
    expect(String(bugs[0])).toContain("secret detail");
  });
});

describe("health", () => {
  test("is as Prometheus says it", async () => {
    const { server } = await serve();
    expect(await ask(server, "/-/healthy")).toMatchObject({ status: 200, text: "triton-sentinel is Healthy.\n" });
    expect(await ask(server, "/-/ready")).toMatchObject({ status: 200, text: "triton-sentinel is Ready.\n" });
  });

  test("readiness comes with the first scrape", async () => {
    let scraped = false;
    const { server } = await serve({ ready: () => scraped });
    expect(await ask(server, "/-/ready")).toMatchObject({ status: 503, text: "Service Unavailable" });
    scraped = true;
    expect(await ask(server, "/-/ready")).toMatchObject({ status: 200 });
  });

  test.each(["/metrics", "/-/healthy", "/-/ready", "/"])("HEAD %s has the headers and no body", async (path) => {
    const { server } = await serve();
    const [head, full] = [await ask(server, path, "HEAD"), await ask(server, path)];
    expect([head.status, head.text]).toEqual([200, ""]);
    expect(head.headers["content-length"]).toBe(full.headers["content-length"]);
  });
});

test("the start page links what there is, escaped, and every answer carries the security headers", async () => {
  const { server } = await serve();
  const got = await ask(server, "/");
  expect(got.text).toContain('<a href="metrics">/metrics</a>');
  expect(got.text).toContain("triton-sentinel 1.2.3 &lt;b&gt;");
  for (const path of ["/", "/metrics", "/none"]) {
    const { headers } = await ask(server, path);
    expect(headers).toMatchObject({
      "content-security-policy": expect.stringContaining("default-src 'self'"),
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    });
    expect(headers["x-powered-by"]).toBeUndefined();
  }
});

test.each([
  ["GET", "/none", 404, "not_found"],
  ["POST", "/none", 404, "not_found"],
  ["POST", "/metrics", 405, "method_not_allowed"],
  ["GET", "/%ff", 404, "not_found"],
  ["GET", "/metrics/../-/none", 404, "not_found"],
])("%s %s is %i in Prometheus' envelope", async (method, path, status, errorType) => {
  const { server, bugs } = await serve();
  const got = await ask(server, path, method);
  expect([got.status, JSON.parse(got.text)]).toEqual([
    status,
    { status: "error", errorType, error: expect.any(String) },
  ]);
  expect(got.headers["content-type"]).toBe("application/json; charset=utf-8");
  expect(bugs).toEqual([]);
});

describe("a server on the loopback answers only under names of its own", () => {
  test.each(["localhost", "LOCALHOST:9", "127.0.0.1:8080", "[::1]:80", "[::1]", "sentinel.example:443"])(
    "%s",
    async (host) => {
      const { server } = await serve({}, { externalHost: "Sentinel.example" });
      expect((await ask(server, "/-/healthy", "GET", { host })).status).toBe(200);
    },
  );

  test.each(["evil.example", "localhost.evil.example:80", "127.0.0.1.evil.example", "[::1].evil", "[", "127.0.0.2"])(
    "not %s",
    async (host) => {
      const { server } = await serve();
      const got = await ask(server, "/metrics", "GET", { host });
      expect([got.status, got.text.includes("triton_sentinel_x")]).toEqual([403, false]);
    },
  );

  test("elsewhere any name will do", async () => {
    const { server } = await serve({}, { host: "0.0.0.0" });
    expect((await ask(server, "/-/healthy", "GET", { host: "monitor.example" })).status).toBe(200);
  });
});

test("a port that is taken is told clearly", async () => {
  const { server } = await serve();
  await expect(serve({}, { port: server.port })).rejects.toThrow(
    `Cannot listen on 127.0.0.1:${server.port}: another program listens there`,
  );
});

test("closing lets a request under way finish and takes no new one", async () => {
  let begun = () => {};
  let go = () => {};
  const inside = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  const metrics = async () => {
    begun();
    await gate;
    return METRICS;
  };
  const { server } = await serve({ metrics });
  const asked = ask(server, "/metrics");
  await inside;
  const closed = server.close(MINUTE);
  await expect(ask(server, "/-/healthy")).rejects.toThrow("ECONNREFUSED");
  go();
  expect((await asked).text).toBe(METRICS);
  await closed;
  servers.length = 0;
});

test("closing does not wait for ever for a client that never ends its request", async () => {
  const { server } = await serve();
  const socket = connect(server.port, "127.0.0.1");
  await new Promise((resolve) => socket.write("GET /metrics HTTP/1.1\r\nHost: localhost\r\n", resolve));
  const gone = new Promise((resolve) =>
    socket
      .on("close", resolve)
      .on("error", () => {})
      .resume(),
  );
  await server.close(durationMs(20));
  await gone;
  servers.length = 0;
});
