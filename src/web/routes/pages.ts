import type { Response } from "express";
import { alertPage, missingPage } from "../page/alert-page.ts";
import { ICON } from "../page/icon.ts";
import { runbookPage } from "../page/runbook-page.ts";
import { SCRIPT } from "../page/script.ts";
import { statusPage } from "../page/status-page.ts";
import { STYLE } from "../page/style.ts";
import { type Route, sends } from "../route.ts";
import { alertNamed } from "./alerts.ts";

const HTML = "text/html; charset=utf-8";
const MOST_EVENTS = 20;
const ABOUT_ALERTS: ReadonlySet<string> = new Set(["alert", "feedback"]);

/** The pages for people. They are no part of the API and its description. */
export const pageRoutes: readonly Route[] = [
  sends({
    path: "/",
    id: "statusPage",
    summary: "What is so now",
    types: [HTML],
    sends: ({ query }, _ask, response) => void response.type(HTML).send(statusPage(query)),
  }),
  sends({
    path: "/alerts/{fingerprint}",
    id: "alertPage",
    summary: "One alert",
    parts: { fingerprint: "As the list of alerts gives it" },
    types: [HTML],
    sends({ query }, { parts }, response) {
      const { version } = query.buildInfo();
      const alert = alertNamed(query.alerts(true).alerts, parts["fingerprint"]!);
      if (!alert)
        return missing(response, "There is no such alert now. It may have ended more than 15 minutes ago.", version);
      const told = query.events(5_000, undefined).events;
      const own = told.filter(
        ({ kind, details }) => ABOUT_ALERTS.has(kind) && details["fingerprint"] === alert.fingerprint,
      );
      const { serverTime } = query.runtimeInfo();
      response.type(HTML).send(alertPage(alert, own.slice(0, MOST_EVENTS), version, serverTime));
    },
  }),
  sends({
    path: "/runbooks/{name}",
    id: "runbookPage",
    summary: "What to do about an alert of the packaged rules",
    parts: { name: "The alert's name" },
    types: [HTML],
    sends(ports, { parts }, response) {
      const name = parts["name"]!;
      const { version } = ports.query.buildInfo();
      const text = ports.runbook(name);
      if (text === undefined) return missing(response, "There is no runbook of this name.", version);
      response.type(HTML).send(runbookPage(name, text, version));
    },
  }),
  asset("/ui/style.css", "stylePage", "text/css; charset=utf-8", STYLE),
  asset("/ui/app.js", "scriptPage", "text/javascript; charset=utf-8", SCRIPT),
  asset("/ui/icon.svg", "iconPage", "image/svg+xml", ICON),
];

function asset(path: string, id: string, type: string, content: string): Route {
  return sends({
    path,
    id,
    summary: "A part of the pages",
    types: [type],
    sends: (_ports, _ask, response) => void response.type(type).send(content),
  });
}

function missing(response: Response, what: string, version: string): void {
  response.status(404).type(HTML).send(missingPage(what, version));
}
