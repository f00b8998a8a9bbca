import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { listen } from "./ports.ts";

/** A request as the sink got it. */
export interface SinkRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** How the sink answers; `hang` takes the request and never says a word. */
export type SinkAnswer =
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  | "hang";

/** An HTTP server on 127.0.0.1 that keeps what it is sent. */
export interface Sink {
  readonly url: string;
  readonly requests: readonly SinkRequest[];
  /** Changes how it answers, from the next request on; at first everything is 200. */
  answer(how: (request: SinkRequest) => SinkAnswer): void;
  /** Resolves as soon as so many requests have come in. */
  received(count: number): Promise<readonly SinkRequest[]>;
  close(): Promise<void>;
}

/** Starts a stand-in for whatever takes HTTP posts: a webhook's receiver, an Alertmanager, a chat service. */
export async function startSink(): Promise<Sink> {
  const requests: SinkRequest[] = [];
  const waiting = new Set<() => void>();
  let how: (request: SinkRequest) => SinkAnswer = () => ({ status: 200 });
  const server = createServer(async (incoming, response) => {
    const request = await read(incoming);
    requests.push(request);
    respond(response, how(request));
    for (const look of waiting) look();
  });
  const port = await listen(server);
  const received = (count: number) =>
    new Promise<readonly SinkRequest[]>((resolve) => {
      const look = () => {
        if (requests.length < count) return;
        waiting.delete(look);
        resolve(requests);
      };
      waiting.add(look);
      look();
    });
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const answer = (next: typeof how) => {
    how = next;
  };
  return { url: `http://127.0.0.1:${port}`, requests, answer, received, close };
}

async function read(incoming: IncomingMessage): Promise<SinkRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { method = "", url = "", headers } = incoming;
  return { method, path: url, headers, body: Buffer.concat(chunks).toString() };
}

function respond(response: ServerResponse, answer: SinkAnswer): void {
  if (answer === "hang") return;
  response.writeHead(answer.status, answer.headers).end(answer.body ?? "");
}
