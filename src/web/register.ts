import type { Express, IRoute, RequestHandler } from "express";
import { sendAnswer, sendError } from "./envelope.ts";
import { authenticate, whoOf } from "./guard/authenticate.ts";
import type { FailedTries } from "./guard/failed-tries.ts";
import { formBody } from "./guard/form-body.ts";
import { bodyMistakes, jsonBody, noBody } from "./guard/json-body.ts";
import { readQuery } from "./parameters.ts";
import type { WebPorts } from "./ports.ts";
import type { Route } from "./route.ts";

/** What stands before a route that changes something. */
interface Guards {
  readonly origin: RequestHandler;
  readonly tries: FailedTries;
}

/** Has the application serve a table of routes; other methods on their paths are refused by name. */
export function registerRoutes(app: Express, table: readonly Route[], ports: WebPorts, guards: Guards): void {
  for (const [path, routes] of byPath(table)) {
    const served = app.route(path);
    for (const route of routes) registerRoute(served, route, ports, guards);
    const methods = routes.flatMap(({ method }) => (method === "GET" ? ["GET", "HEAD"] : [method]));
    served.all((_request, response) => {
      response.set("allow", methods.join(", "));
      sendError(response, "method_not_allowed", `Cannot use this method here: expected ${methods.join(", ")}`);
    });
  }
}

function byPath(table: readonly Route[]): ReadonlyMap<string, readonly Route[]> {
  const found = new Map<string, Route[]>();
  for (const route of table) {
    const path = route.path.replace(/\{(\w+)\}/g, ":$1");
    found.set(path, [...(found.get(path) ?? []), route]);
  }
  return found;
}

function registerRoute(served: IRoute, route: Route, ports: WebPorts, { origin, tries }: Guards): void {
  const serve = serving(route, ports);
  if (route.form) {
    // It changes nothing: whoever may GET may POST.
    served.post(...formBody(), serve);
    return;
  }
  if (route.action === undefined) {
    served.get(serve);
    return;
  }
  const body = route.action.body === undefined ? [noBody] : jsonBody();
  served.post(origin, authenticate(ports.auth, tries), ...body, serve);
}

/** Reads what is asked, has the route answer, and sends the answer. */
function serving(route: Route, ports: WebPorts): RequestHandler {
  return async (request, response) => {
    let query: ReturnType<typeof readQuery>;
    try {
      query = readQuery(route.query, route.form ? { ...request.query, ...request.body } : request.query);
    } catch (error) {
      if (error instanceof RangeError) return sendError(response, "bad_data", error.message);
      throw error;
    }
    const body = route.action?.body?.safeParse(request.body, { reportInput: true });
    if (body?.success === false) return sendError(response, "bad_data", bodyMistakes(body.error));
    const parts = request.params as Readonly<Record<string, string>>;
    const ask = { query, parts, body: body?.data, who: whoOf(response), request };
    const answer = await route.serve(ports, ask, response);
    if (answer !== undefined) sendAnswer(response, answer);
  };
}
