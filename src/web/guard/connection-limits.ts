import type { Server } from "node:http";
import type { Socket } from "node:net";
import { networkOf } from "./network-of.ts";

/** What connections may cost. */
export interface ConnectionLimits {
  /** At a time, of all clients; one more is closed at once. */
  readonly connections: number;
  /** At a time, of one client that is not this machine itself. */
  readonly ofOneClient: number;
  /** Bytes of answers that clients have not taken yet, at a time; beyond that the slowest are let go. */
  readonly untaken: number;
}

/** Whether a connection comes from this machine, where the proxies are that speak for many clients. */
const isLocal = (address: string): boolean => /^(?:::ffff:)?127\.|^::1$/.test(address);

/** The connections of a server, kept within limits. */
export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #open = new Set<Socket>();
  readonly #byClient = new Map<string, number>();

  constructor(server: Server, limits: ConnectionLimits) {
    this.#limits = limits;
    server.maxConnections = limits.connections;
    server.on("connection", (socket) => this.#take(socket));
  }

  /** Closes connections, those with the most first, until what clients have left untaken is within the limit. */
  relieve(): void {
    const slow = [...this.#open].filter(({ writableLength }) => writableLength > 0);
    let untaken = slow.reduce((sum, { writableLength }) => sum + writableLength, 0);
    if (untaken <= this.#limits.untaken) return;
    for (const socket of slow.sort((a, b) => b.writableLength - a.writableLength)) {
      if (untaken <= this.#limits.untaken) return;
      untaken -= socket.writableLength;
      socket.destroy();
    }
  }

  #take(socket: Socket): void {
    const address = socket.remoteAddress ?? "";
    const client = networkOf(address);
    const count = (this.#byClient.get(client) ?? 0) + 1;
    if (count > this.#limits.ofOneClient && !isLocal(address)) {
      socket.destroy();
      return;
    }
    this.#open.add(socket);
    this.#byClient.set(client, count);
    socket.once("close", () => {
      this.#open.delete(socket);
      const left = (this.#byClient.get(client) ?? 1) - 1;
      if (left === 0) this.#byClient.delete(client);
      else this.#byClient.set(client, left);
    });
  }
}
