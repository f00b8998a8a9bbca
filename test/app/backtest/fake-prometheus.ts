import { startSink } from "../../support/sink.ts";

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
  const sink = await startSink();
  sink.answer(({ path, headers, body }) => {
    const question = { path, headers, fields: new URLSearchParams(body) };
    asked.push(question);
    return answer(question);
  });
  return { url: sink.url, asked, close: () => sink.close() };
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
