import { describeApi } from "../openapi.ts";
import { type Route, sends } from "../route.ts";
import type { Streams } from "../streams.ts";
import { alertRoutes } from "./alerts.ts";
import { eventRoutes } from "./events.ts";
import { healthRoutes } from "./health.ts";
import { modelRoutes } from "./models.ts";
import { pageRoutes } from "./pages.ts";
import { queryRoutes } from "./query.ts";
import { statusRoutes } from "./status.ts";
import { streamRoute } from "./stream.ts";

/** Everything that is served. The description of the API is made from this table, so it cannot say anything else. */
export function routeTable(streams: Streams): readonly Route[] {
  const api = [
    ...healthRoutes,
    ...statusRoutes,
    ...modelRoutes,
    ...alertRoutes,
    ...eventRoutes,
    ...queryRoutes,
    streamRoute(streams),
  ];
  const description: Route = sends({
    path: "/api/v1/openapi.json",
    id: "getDescription",
    summary: "This description",
    types: ["application/json"],
    sends: (_ports, _ask, response) => void response.json(document),
  });
  const document = describeApi([...api, description]);
  return [...api, description, ...pageRoutes];
}
