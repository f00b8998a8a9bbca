import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A question that a fake server got. */
export interface Asked {
  readonly path: string;
  readonly fields: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** What it answers: a status and a text. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A server that speaks as Prometheus' API does, as far as a test wants it. */
export interface FakePrometheus {
  readonly url: string;
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

/** Starts one on a free port of 127.0.0.1. */
export async function startFakePrometheus(answer: (asked: Asked) => Answer): Promise<FakePrometheus> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const fields = new URLSearchParams(await text(request));
    const question = { path: request.url ?? "", fields, headers: request.headers };
    asked.push(question);
    const { status, body, headers } = answer(question);
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const success = (data: unknown): Answer => ({ status: 200, body: JSON.stringify({ status: "success", data }) });

export const failure = (status: number, error: string): Answer => ({
  status,
  body: JSON.stringify({ status: "error", errorType: "x", error }),
});

/** A series that a fake server holds, and its value at an instant in seconds; undefined where it has none. */
export interface Held {
  readonly metric: Readonly<Record<string, string>>;
  readonly at: (seconds: number) => number | undefined;
}

/** Answers from series by the name in a selector: of each step the value then; `timestamp()` gives the step's own time. */
export function answerFrom(held: readonly Held[]): (asked: Asked) => Answer {
  const named = (query: string) => held.filter(({ metric }) => query.includes(`__name__="${metric["__name__"]}"`));
  return ({ path, fields }) => {
    if (path === "/api/v1/series") return success(named(fields.get("match[]") ?? "").map(({ metric }) => metric));
    const query = fields.get("query") ?? "";
    const [start, end, step] = ["start", "end", "step"].map((name) => Number(fields.get(name))) as [
      number,
      number,
      number,
    ];
    const result = named(query).map(({ metric, at }) => {
      const values: [number, string][] = [];
      for (let t = start; t <= end + 1e-6; t += step) {
        const value = at(t);
        if (value !== undefined) values.push([t, String(query.startsWith("timestamp(") ? t : value)]);
      }
      return { metric, values };
    });
    return success({ resultType: "matrix", result });
  };
}
