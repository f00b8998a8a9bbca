import { get, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { gunzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { durationMs, MINUTE } from "../../src/series/time.ts";
import { jsonOf, site } from "./site.ts";

const TEXT = "text/plain; version=0.0.4; charset=utf-8";
const OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const PAGE = "# TYPE x gauge\nx 1\n";

describe("/metrics", () => {
  test("is text format 0.0.4", async () => {
    const { ask } = await site();
    const got = await ask("/metrics");
    expect([got.status, got.text]).toEqual([200, PAGE]);
    expect(got.headers["content-type"]).toBe(TEXT);
    expect(got.headers["content-encoding"]).toBeUndefined();
    expect(got.headers.vary).toBe("accept, accept-encoding");
  });

  test.each(["gzip", "deflate, gzip;q=0.9"])("is compressed for who accepts %s", async (accept) => {
    const { ask } = await site();
    const got = await ask("/metrics", { headers: { "accept-encoding": accept } });
    expect(got.headers).toMatchObject({ "content-encoding": "gzip", vary: "accept, accept-encoding" });
    expect(got.headers["content-type"]).toBe(TEXT);
    expect(gunzipSync(got.body).toString()).toBe(PAGE);
  });

  test("is not compressed for who refuses it", async () => {
    const { ask } = await site();
    expect((await ask("/metrics", { headers: { "accept-encoding": "gzip;q=0" } })).text).toBe(PAGE);
  });

  // What Prometheus 2 and 3 send, and what others might.
  test.each([
    [
      "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
      OPENMETRICS,
    ],
    ["application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", OPENMETRICS],
    ["Application/OpenMetrics-Text", OPENMETRICS],
    ["application/openmetrics-text;version=0.0.1", TEXT],
    ["application/openmetrics-text;version=1.0.0;q=0.2,text/plain;q=0.3", TEXT],
    ["application/openmetrics-text;q=0", TEXT],
    ["*/*", TEXT],
    ["text/html,,;;=,q=x", TEXT],
  ])("for Accept %s is %s", async (accept, type) => {
    const { ask } = await site();
    const got = await ask("/metrics", { headers: { accept } });
    expect([got.headers["content-type"], got.text.endsWith("# EOF\n")]).toEqual([type, type === OPENMETRICS]);
  });

  test("that cannot be made is our bug: 500, reported, and not described to the client", async () => {
    const { ask, bugs } = await site({ query: { metrics: () => Promise.reject(new Error("secret detail")) } });
    const got = await ask("/metrics");
    expect([got.status, jsonOf(got)]).toEqual([
      500,
      { status: "error", errorType: "internal", error: "Cannot answer: an internal error, see the log" },
    ]);
    expect(String(bugs[0])).toContain("secret detail");
  });
});

describe("health", () => {
  test("is as Prometheus says it", async () => {
    const { ask } = await site();
    expect(await ask("/-/healthy")).toMatchObject({ status: 200, text: "triton-sentinel is Healthy.\n" });
    const ready = await ask("/-/ready");
    expect(ready).toMatchObject({ status: 200, text: "triton-sentinel is Ready.\n" });
    expect(ready.headers["x-prometheus-stopping"]).toBe("false");
  });

  test("readiness comes with the first scrape and says until then what is missing", async () => {
    let scraped = false;
    const { ask } = await site({ query: { ready: () => scraped } });
    expect(await ask("/-/ready")).toMatchObject({
      status: 503,
      text: "Service Unavailable: no target has been scraped yet\n",
    });
    scraped = true;
    expect(await ask("/-/ready")).toMatchObject({ status: 200 });
  });

  test("a program that stops is not ready", async () => {
    const { ask } = await site({ query: { stopping: () => true } });
    const got = await ask("/-/ready");
    expect([got.status, got.headers["x-prometheus-stopping"]]).toEqual([503, "true"]);
  });

  test.each(["/metrics", "/-/healthy", "/-/ready", "/", "/api/v1/alerts", "/ui/style.css"])(
    "HEAD %s has the headers and no body",
    async (path) => {
      const { ask } = await site();
      const [head, full] = [await ask(path, { method: "HEAD" }), await ask(path)];
      expect([head.status, head.text]).toEqual([200, ""]);
      expect(head.headers["content-length"]).toBe(full.headers["content-length"]);
    },
  );
});

test.each([
  ["GET", "/none", 404, "not_found"],
  ["POST", "/none", 404, "not_found"],
  ["GET", "/API/v1/alerts", 404, "not_found"],
  ["GET", "/api/v1/none", 404, "not_found"],
  ["POST", "/metrics", 405, "method_not_allowed"],
  ["DELETE", "/api/v1/deployments", 405, "method_not_allowed"],
  ["GET", "/-/reload", 405, "method_not_allowed"],
  ["GET", "/%ff", 404, "not_found"],
  ["GET", "/api/v1/models/%ff", 400, "bad_data"],
  ["GET", "/metrics/../-/none", 404, "not_found"],
])("%s %s is %i in Prometheus' envelope", async (method, path, status, errorType) => {
  const { ask, bugs } = await site();
  const got = await ask(path, { method });
  expect([got.status, jsonOf(got)]).toEqual([status, { status: "error", errorType, error: expect.any(String) }]);
  expect(got.headers["content-type"]).toBe("application/json; charset=utf-8");
  expect(bugs).toEqual([]);
});

test("a wrong method is told which ones there are", async () => {
  const { ask } = await site();
  expect((await ask("/api/v1/deployments", { method: "PUT" })).headers.allow).toBe("GET, HEAD, POST");
  expect((await ask("/-/reload")).headers.allow).toBe("POST");
});

test("a port that is taken is told clearly", async () => {
  const { server } = await site();
  await expect(site({ address: { port: server.port } })).rejects.toThrow(
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
    return PAGE;
  };
  const { ask, server } = await site({ query: { metrics } });
  const asked = ask("/metrics");
  await inside;
  const closed = server.close(MINUTE);
  await expect(ask("/-/healthy")).rejects.toThrow("ECONNREFUSED");
  go();
  expect((await asked).text).toBe(PAGE);
  await closed;
});

test("closing does not wait for ever for a client that never ends its request", async () => {
  const { server } = await site();
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
});

/** A client that asks for the metrics and takes nothing of the answer. */
async function slowReader(port: number): Promise<void> {
  const socket = connect(port, "127.0.0.1").pause();
  socket.on("error", () => {});
  onTestFinished(() => void socket.destroy());
  await new Promise((resolve) => socket.write("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", resolve));
}

/** Something that is waited for. */
function signal() {
  let give = () => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}

/** More than the system takes off our hands. */
const BIG = "x".repeat(32 * 1024 * 1024);

test("who takes nothing of an answer is let go", async () => {
  const asked = signal();
  const metrics = async () => {
    asked.give();
    return BIG;
  };
  const { server } = await site({ query: { metrics }, limits: { stalled: durationMs(50) } });
  await slowReader(server.port);
  await asked.given;
  // Otherwise the reader would be waited for, for longer than this test may take.
  await server.close(durationMs(10 * MINUTE));
});

test("an answer that has no end in five minutes is ended, a stream is not", async () => {
  const asked = signal();
  const metrics = () => {
    asked.give();
    return new Promise<string>(() => {});
  };
  const { ask, clock, server } = await site({ query: { metrics } });
  const stream = await new Promise<IncomingMessage>((resolve) =>
    get({ host: "127.0.0.1", port: server.port, path: "/api/v1/stream", agent: false }, resolve),
  );
  const ended = expect(ask("/metrics")).rejects.toThrow("socket hang up");
  await asked.given;
  clock.pass(5 * MINUTE);
  await ended;
  let beats = "";
  const beating = new Promise<void>((resolve) => {
    stream.on("data", (chunk) => {
      beats += chunk;
      if (beats.includes(": heartbeat")) resolve();
    });
  });
  await beating;
  expect(stream.destroyed).toBe(false);
  stream.destroy();
});
