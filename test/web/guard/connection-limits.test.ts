import { EventEmitter } from "node:events";
import type { Server } from "node:http";
import { expect, test } from "vitest";
import { Connections } from "../../../src/web/guard/connection-limits.ts";

/** A connection of which only what matters here is there. */
class Line extends EventEmitter {
  destroyed = false;
  readonly remoteAddress: string;
  readonly writableLength: number;

  constructor(remoteAddress: string, writableLength = 0) {
    super();
    this.remoteAddress = remoteAddress;
    this.writableLength = writableLength;
  }

  destroy(): void {
    this.destroyed = true;
    this.emit("close");
  }
}

function connections() {
  const server = new EventEmitter();
  const made = new Connections(server as Server, { connections: 10, ofOneClient: 3, untaken: 1_000 });
  const open = (...lines: Line[]) => {
    for (const line of lines) server.emit("connection", line);
    return lines.map(({ destroyed }) => destroyed);
  };
  return { made, open };
}

test.each([
  ["a client has so many connections and no more", "192.0.2.1", "192.0.2.1", true],
  ["one with an IPv6 network has them together", "2001:db8:0:1::1", "2001:db8:0:1::2", true],
  ["another client has its own", "192.0.2.1", "192.0.2.2", false],
  ["this machine is not counted: proxies speak for many clients", "127.0.0.1", "127.0.0.1", false],
  ["nor is it under other names", "::ffff:127.0.0.1", "::ffff:127.0.0.1", false],
  ["nor in IPv6", "::1", "::1", false],
])("%s", (_, first, fourth, refused) => {
  const { open } = connections();
  const lines = [first, first, first, fourth].map((address) => new Line(address));
  expect(open(...lines)).toEqual([false, false, false, refused]);
});

test("a connection that has ended makes room for another", () => {
  const { open } = connections();
  const lines = [1, 2, 3].map(() => new Line("192.0.2.1"));
  open(...lines);
  lines[0]?.destroy();
  expect(open(new Line("192.0.2.1"), new Line("192.0.2.1"))).toEqual([false, true]);
});

test("where clients leave more untaken than there is memory for, those with the most are let go", () => {
  const { made, open } = connections();
  const lines = [0, 600, 300, 800, 0].map((untaken, i) => new Line(`192.0.2.${i}`, untaken));
  open(...lines);
  made.relieve();
  expect(lines.map(({ destroyed }) => destroyed)).toEqual([false, false, false, true, false]);
  made.relieve();
  expect(lines.filter(({ destroyed }) => destroyed)).toHaveLength(1);
});
