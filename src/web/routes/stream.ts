import { sendError } from "../envelope.ts";
import { count } from "../parameters.ts";
import { type Route, sends } from "../route.ts";
import type { Streams } from "../streams.ts";

/** Events as they happen. */
export const streamRoute = (streams: Streams): Route =>
  sends({
    path: "/api/v1/stream",
    id: "streamEvents",
    summary:
      "Server-sent events: what /api/v1/events lists, as it happens; Last-Event-ID or since_id says where to go on",
    query: {
      since_id: count("First what happened after the event with this id, as far as it is still held", {
        least: 0,
        most: Number.MAX_SAFE_INTEGER,
        absent: undefined,
      }),
    },
    types: ["text/event-stream"],
    errors: ["unavailable"],
    sends({ stream, query }, ask, response) {
      if (streams.full || query.stopping()) {
        response.set("retry-after", "10");
        return sendError(response, "unavailable", "Cannot open another stream: there are as many as there may be");
      }
      if (ask.request.method === "HEAD") return void response.type("text/event-stream").end();
      const last = ask.request.headers["last-event-id"];
      const lastId = typeof last === "string" && /^\d{1,15}$/.test(last) ? Number(last) : ask.query.since_id;
      streams.start(stream, response, lastId);
    },
  });
