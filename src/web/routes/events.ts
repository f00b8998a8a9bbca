import { data } from "../envelope.ts";
import { count } from "../parameters.ts";
import { changes, type Route, reads } from "../route.ts";
import { events } from "../schemas/monitor.ts";
import { announce, announcement, deployments } from "../schemas/status.ts";

/** What happened, and what is announced to happen. */
export const eventRoutes: readonly Route[] = [
  reads({
    path: "/api/v1/events",
    id: "listEvents",
    summary: "What happened to models, alerts, targets and the program, newest first",
    query: {
      limit: count("How many at most", { least: 1, most: 5_000, absent: 100 }),
      since_id: count("Only events after the one with this id", {
        least: 0,
        most: Number.MAX_SAFE_INTEGER,
        absent: undefined,
      }),
    },
    answer: events,
    answers: ({ query }, ask) => data(query.events(ask.query.limit, ask.query.since_id)),
  }),
  reads({
    path: "/api/v1/deployments",
    id: "listDeployments",
    summary: "Windows of the configuration and announcements in which changes of models raise no alert",
    answer: deployments,
    answers: ({ query }) => data(query.deployments()),
  }),
  changes({
    path: "/api/v1/deployments",
    id: "announceDeployment",
    summary: "Announces a change of a model: for so long it raises no alert",
    body: announce,
    answer: announcement,
    errors: ["execution"],
    changes: async ({ actions }, { body, who }) => {
      const result = await actions.announce(body, who);
      return result.kind === "done" ? data(result.value) : { kind: "execution", why: result.why };
    },
  }),
];
