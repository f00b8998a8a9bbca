import type { ServerResponse } from "node:http";
import type { Response } from "express";
import type { Clock } from "../series/clock.ts";
import type { DurationMs } from "../series/time.ts";
import type { ApiEvent } from "./api-types.ts";
import type { StreamPort } from "./ports.ts";

export interface StreamLimits {
  /** Streams open at a time. */
  readonly clients: number;
  /** Events one client may lie behind before it is let go. */
  readonly queued: number;
  /** A line is sent this often where nothing happens, so that proxies keep the connection and a dead one is noticed. */
  readonly heartbeat: DurationMs;
}

/** How many heartbeats in a row a client may take nothing. */
const MOST_STALLED_BEATS = 4;

/** The streams of server-sent events that are open. */
export class Streams {
  readonly #clock: Clock;
  readonly #limits: StreamLimits;
  readonly #open = new Set<EventStream>();

  constructor(clock: Clock, limits: StreamLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  get full(): boolean {
    return this.#open.size >= this.#limits.clients;
  }

  /** Whether an answer is one of them: it has no end. */
  has(response: ServerResponse): boolean {
    for (const stream of this.#open) if (stream.response === response) return true;
    return false;
  }

  /** Sends a client what happens from now on, and before that what it missed since `lastId`. */
  start(port: StreamPort, response: Response, lastId: number | undefined): void {
    const stream = new EventStream(response, this.#limits, this.#clock, () => this.#open.delete(stream));
    this.#open.add(stream);
    stream.follow(port, lastId);
  }

  /** Ends them all; a client that is still interested comes back to whoever serves then. */
  close(): void {
    for (const stream of [...this.#open]) stream.end();
  }
}

/** One client's stream. What it has not taken yet waits in a queue of its own, which is bounded. */
class EventStream {
  readonly response: Response;
  readonly #limits: StreamLimits;
  readonly #clock: Clock;
  readonly #ended: () => void;
  #queue: ApiEvent[] = [];
  #flowing = true;
  #stalledBeats = 0;
  #unsubscribe: () => void = () => {};
  #cancelHeartbeat: () => void = () => {};

  constructor(response: Response, limits: StreamLimits, clock: Clock, ended: () => void) {
    this.response = response;
    this.#limits = limits;
    this.#clock = clock;
    this.#ended = ended;
    response.on("close", () => this.#stop());
    response.on("drain", () => {
      this.#flowing = true;
      this.#pump();
    });
  }

  follow(port: StreamPort, lastId: number | undefined): void {
    this.response.socket?.setTimeout(0);
    this.response.status(200).set({ "content-type": "text/event-stream; charset=utf-8", "x-accel-buffering": "no" });
    this.#write("retry: 3000\n\n");
    this.#unsubscribe = port.subscribe(lastId, (event) => this.#take(event));
    this.#beat();
  }

  end(): void {
    this.#stop();
    this.response.end();
  }

  #take(event: ApiEvent): void {
    this.#queue.push(event);
    // It does not read: what waits for it must not fill the memory.
    if (this.#queue.length > this.#limits.queued) this.response.destroy();
    else this.#pump();
  }

  #pump(): void {
    let sent = 0;
    while (this.#flowing && sent < this.#queue.length) {
      const event = this.#queue[sent++]!;
      this.#write(`id: ${event.id}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`);
    }
    if (sent > 0) this.#queue = this.#queue.slice(sent);
  }

  #beat(): void {
    this.#cancelHeartbeat = this.#clock.setTimer(this.#limits.heartbeat, () => {
      if (this.#flowing) {
        this.#stalledBeats = 0;
        this.#write(": heartbeat\n\n");
      } else if (++this.#stalledBeats > MOST_STALLED_BEATS) this.response.destroy();
      this.#beat();
    });
  }

  #write(text: string): void {
    this.#flowing = this.response.write(text);
  }

  #stop(): void {
    this.#cancelHeartbeat();
    this.#unsubscribe();
    this.#queue = [];
    this.#ended();
  }
}
