import { get as httpGet, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { durationMs, MINUTE } from "../../src/series/time.ts";
import type { ApiEvent } from "../../src/web/api-types.ts";
import type { StreamPort } from "../../src/web/ports.ts";
import { jsonOf, site } from "./site.ts";

const eventOf = (id: number, text = `event ${id}`): ApiEvent => ({
  id,
  at: "2026-11-23T08:00:00.000Z",
  kind: "model",
  what: "loaded",
  labels: {},
  text,
  details: {},
});

/** A source of events whose subscribers can be counted and spoken to. */
class Source implements StreamPort {
  readonly subscribers = new Set<(event: ApiEvent) => void>();
  lastId: number | undefined;
  held: ApiEvent[] = [];

  subscribe(lastId: number | undefined, told: (event: ApiEvent) => void): () => void {
    this.lastId = lastId;
    for (const event of this.held) if (event.id > (lastId ?? Number.POSITIVE_INFINITY)) told(event);
    this.subscribers.add(told);
    return () => void this.subscribers.delete(told);
  }

  tell(event: ApiEvent): void {
    for (const told of this.subscribers) told(event);
  }
}

const open: IncomingMessage[] = [];
afterEach(() => {
  for (const response of open.splice(0)) response.destroy();
});

/** An open stream and the text that came so far. */
async function listenTo(port: number, path = "/api/v1/stream", headers: Record<string, string> = {}) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    httpGet({ host: "127.0.0.1", port, path, headers, agent: false }, resolve).on("error", reject);
  });
  open.push(response);
  let text = "";
  let wake = () => {};
  response.on("data", (chunk: Buffer) => {
    text += chunk;
    wake();
  });
  response.on("error", () => {});
  const ended = new Promise((resolve) => response.on("close", resolve));
  const until = async (part: string) => {
    while (!text.includes(part)) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return text;
  };
  return { response, until, ended };
}

test("events are told as they happen, with id, kind and JSON", async () => {
  const source = new Source();
  const { server } = await site({ ports: { stream: source } });
  const stream = await listenTo(server.port);
  expect(stream.response.headers["content-type"]).toBe("text/event-stream; charset=utf-8");
  await stream.until("retry: 3000\n\n");
  const hostile = eventOf(7, "a\nb\r\ndata: forged");
  source.tell(hostile);
  expect(await stream.until("forged")).toContain(`id: 7\nevent: model\ndata: ${JSON.stringify(hostile)}\n\n`);
});

test.each([
  ["/api/v1/stream", { "last-event-id": "2" }, 2],
  ["/api/v1/stream?since_id=2", {}, 2],
  ["/api/v1/stream?since_id=1", { "last-event-id": "2" }, 2],
  ["/api/v1/stream", { "last-event-id": "x" }, undefined],
])("a client of %s %o goes on after event %s", async (path, headers, lastId) => {
  const source = new Source();
  source.held = [eventOf(1), eventOf(2), eventOf(3)];
  const { server } = await site({ ports: { stream: source } });
  const stream = await listenTo(server.port, path, headers as Record<string, string>);
  source.tell(eventOf(4));
  const text = await stream.until("id: 4\n");
  expect(source.lastId).toBe(lastId);
  expect([...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => id)).toEqual(lastId === undefined ? ["4"] : ["3", "4"]);
});

test("thousands of events that were missed all arrive, in order", async () => {
  const source = new Source();
  source.held = Array.from({ length: 5_000 }, (_, i) => eventOf(i + 1, "x".repeat(500)));
  const { server } = await site({ ports: { stream: source } });
  const stream = await listenTo(server.port, "/api/v1/stream?since_id=0");
  const text = await stream.until("id: 5000\n");
  expect([...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))).toEqual(source.held.map(({ id }) => id));
});

test("a heartbeat keeps the connection", async () => {
  const { server, clock } = await site({ ports: { stream: new Source() } });
  const stream = await listenTo(server.port);
  await stream.until("retry");
  clock.pass(15_000);
  clock.pass(15_000);
  await stream.until(": heartbeat\n\n: heartbeat\n\n");
});

test("there are only so many streams, and one that ends makes room", async () => {
  const source = new Source();
  const { server, clock, ask } = await site({ ports: { stream: source }, limits: { clients: 1 } });
  const first = await listenTo(server.port);
  await first.until("retry");
  const refused = await ask("/api/v1/stream");
  expect([refused.status, refused.headers["retry-after"], jsonOf(refused).errorType]).toEqual([
    503,
    "10",
    "unavailable",
  ]);
  first.response.destroy();
  while (source.subscribers.size > 0) await new Promise((resolve) => setImmediate(resolve));
  expect(clock.timers).toBe(0);
  await (await listenTo(server.port)).until("retry");
});

test("a client that does not read is let go before it fills the memory", async () => {
  const source = new Source();
  const { server } = await site({ ports: { stream: source }, limits: { queued: 100 } });
  const socket = connect(server.port, "127.0.0.1").pause();
  socket.on("error", () => {});
  socket.write("GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
  while (source.subscribers.size === 0) await new Promise((resolve) => setImmediate(resolve));
  const big = "x".repeat(100_000);
  let told = 0;
  while (source.subscribers.size > 0 && told < 2_000) {
    source.tell(eventOf(++told, big));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(source.subscribers.size).toBe(0);
  expect(told).toBeGreaterThan(100);
  socket.destroy();
});

test("nor is a client kept that has taken nothing for some heartbeats", async () => {
  const source = new Source();
  const { server, clock } = await site({ ports: { stream: source } });
  const socket = connect(server.port, "127.0.0.1").pause();
  socket.on("error", () => {});
  socket.write("GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
  while (source.subscribers.size === 0) await new Promise((resolve) => setImmediate(resolve));
  for (let i = 0; i < 500; i++) source.tell(eventOf(i, "x".repeat(100_000)));
  for (let i = 0; i < 5; i++) clock.pass(15_000);
  while (source.subscribers.size > 0) await new Promise((resolve) => setImmediate(resolve));
  socket.destroy();
});

test("HEAD opens no stream", async () => {
  const source = new Source();
  const { ask } = await site({ ports: { stream: source } });
  expect((await ask("/api/v1/stream", { method: "HEAD" })).headers["content-type"]).toContain("text/event-stream");
  expect(source.subscribers.size).toBe(0);
});

test("streams end when the server closes", async () => {
  const source = new Source();
  const { server, clock } = await site({ ports: { stream: source } });
  const stream = await listenTo(server.port);
  await stream.until("retry");
  await server.close(MINUTE);
  await stream.ended;
  expect([source.subscribers.size, clock.timers]).toEqual([0, 0]);
  await server.close(durationMs(0));
});
