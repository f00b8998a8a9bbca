import { data } from "../envelope.ts";
import { type Route, reads } from "../route.ts";
import { sensitivity } from "../schemas/sensitivity.ts";
import { buildInfo, config, flags, reload, runtimeInfo } from "../schemas/status.ts";

/** What the program is and how it was started. */
export const statusRoutes: readonly Route[] = [
  reads({
    path: "/api/v1/status/buildinfo",
    id: "getBuildInfo",
    summary: "Which build runs",
    answer: buildInfo,
    answers: ({ query }) => data(query.buildInfo()),
  }),
  reads({
    path: "/api/v1/status/config",
    id: "getConfig",
    summary: "The configuration in force, secrets hidden",
    answer: config,
    answers: ({ query }) => data(query.config()),
  }),
  reads({
    path: "/api/v1/status/flags",
    id: "getFlags",
    summary: "The options of the command line",
    answer: flags,
    answers: ({ query }) => data(query.flags()),
  }),
  reads({
    path: "/api/v1/status/runtimeinfo",
    id: "getRuntimeInfo",
    summary: "How the program is doing: memory, store, targets, alerts, delivery, the last reload",
    answer: runtimeInfo,
    answers: ({ query }) => data(query.runtimeInfo()),
  }),
  reads({
    path: "/api/v1/status/reload",
    id: "getReload",
    summary: "How the last loading of the configuration went, and what it changed",
    answer: reload,
    answers: ({ query }) => data(query.reload()),
  }),
  reads({
    path: "/api/v1/status/sensitivity",
    id: "getSensitivity",
    summary: "What the budget of false alarms asks of each rule, and which rules have noisy subjects",
    answer: sensitivity,
    answers: ({ query }) => data(query.sensitivity()),
  }),
];
