import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { readRecording } from "../../src/targets/read-recording.ts";
import { listen } from "./ports.ts";

/** How the fake answers one GET: a page as text, a status with a body, or one of the ways a server misbehaves. */
export type Answer =
  | string
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  | { readonly gzip: string | Buffer }
  /** Takes the request and never says a word. */
  | { readonly behaves: "hang" }
  /** Sends the status line and then one header byte (or body byte) every few milliseconds, for ever. */
  | { readonly behaves: "trickle headers" | "trickle body" }
  /** Closes after having sent half of the promised body. */
  | { readonly behaves: "truncate" }
  | { readonly behaves: "reset before answering" | "reset in the body" }
  /** Sends more header bytes than anybody should read. */
  | { readonly behaves: "huge headers" }
  /** Sends body without end. */
  | { readonly behaves: "endless body" };

/** A stand-in for a Triton's metrics port on 127.0.0.1; counts what is asked of it. */
export class FakeTriton {
  requests = 0;
  connections = 0;
  /** The headers of the last request. */
  headers: IncomingMessage["headers"] = {};
  readonly #server: Server;
  readonly #timers = new Set<NodeJS.Timeout>();
  #answer: () => Answer | Promise<Answer>;
  #port = 0;

  private constructor(answer: () => Answer | Promise<Answer>) {
    this.#answer = answer;
    this.#server = createServer((request, response) => this.#serve(request, response));
    this.#server.on("connection", () => this.connections++);
  }

  /** Serves one answer for ever, or a list in turn with the last one repeated. */
  static async start(answers: Answer | readonly Answer[] = ""): Promise<FakeTriton> {
    const fake = new FakeTriton(() => "");
    fake.serve(answers);
    fake.#port = await listen(fake.#server);
    return fake;
  }

  /** Serves the pages of a recording: one a request, or by the clock as they were recorded (counted from now). */
  static async replay(path: string, pace: "a page a request" | "real time"): Promise<FakeTriton> {
    const fake = await FakeTriton.start();
    const pages: { at: number; answer: Answer }[] = [];
    for await (const { at, outcome } of readRecording(path)) {
      if (outcome.kind === "body") {
        pages.push({ at, answer: Buffer.from(outcome.body.subarray(0, outcome.length)).toString() });
      } else
        pages.push({ at, answer: outcome.kind === "http-status" ? { status: outcome.status } : { behaves: "hang" } });
    }
    if (pace === "a page a request") fake.serve(pages.map((page) => page.answer));
    else fake.#byTheClock(pages);
    return fake;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/metrics`;
  }

  /** Changes what is served from the next request on. */
  serve(answers: Answer | readonly Answer[] | (() => Answer | Promise<Answer>)): void {
    if (typeof answers === "function") {
      this.#answer = answers;
      return;
    }
    const list = Array.isArray(answers) ? (answers as readonly Answer[]) : [answers as Answer];
    let next = 0;
    this.#answer = () => list[Math.min(next++, list.length - 1)] ?? "";
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #byTheClock(pages: readonly { at: number; answer: Answer }[]): void {
    const first = pages[0]?.at ?? 0;
    const start = Date.now();
    this.#answer = () => pages.findLast((page) => page.at - first <= Date.now() - start)?.answer ?? "";
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests++;
    this.headers = request.headers;
    const answer = await this.#answer();
    if (typeof answer === "string") respond(response, 200, answer, {});
    else if ("status" in answer) respond(response, answer.status, answer.body ?? "", answer.headers ?? {});
    else if ("gzip" in answer) {
      const body = typeof answer.gzip === "string" ? gzipSync(answer.gzip) : answer.gzip;
      respond(response, 200, body, { "content-encoding": "gzip" });
    } else this.#misbehave(answer.behaves, request.socket);
  }

  #misbehave(how: Extract<Answer, { behaves: string }>["behaves"], socket: Socket): void {
    const head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n";
    socket.on("error", () => {});
    if (how === "trickle headers") this.#trickle(socket, head, "x");
    else if (how === "trickle body") this.#trickle(socket, `${head}Content-Length: 100000\r\n\r\n`, "a 1\n");
    else if (how === "truncate") socket.end(`${head}Content-Length: 100\r\n\r\nhalf of it`);
    else if (how === "reset before answering") socket.resetAndDestroy();
    else if (how === "reset in the body") {
      socket.write(`${head}Content-Length: 100\r\n\r\nhalf of it`, () => socket.resetAndDestroy());
    } else if (how === "huge headers") socket.end(`${head}X-Pad: ${"x".repeat(100_000)}\r\n\r\n`);
    else if (how === "endless body") {
      const chunk = Buffer.alloc(65_536, "a 1\n");
      const pump = () => {
        while (!socket.destroyed && socket.write(chunk));
      };
      socket.write(`${head}\r\n`);
      socket.on("drain", pump);
      pump();
    }
  }

  #trickle(socket: Socket, first: string, rest: string): void {
    socket.write(first);
    const timer = setInterval(() => socket.write(rest), 5);
    this.#timers.add(timer);
    socket.on("close", () => {
      clearInterval(timer);
      this.#timers.delete(timer);
    });
  }
}

function respond(
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>>,
): void {
  const type = { "content-type": "text/plain; charset=utf-8", "content-length": String(Buffer.byteLength(body)) };
  response.writeHead(status, { ...type, ...headers }).end(body);
}
