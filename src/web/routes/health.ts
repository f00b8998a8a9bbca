import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import { sendText } from "../envelope.ts";
import { type Route, sends } from "../route.ts";

const TEXT = "text/plain; charset=utf-8";
const METRICS_TEXT = "text/plain; version=0.0.4; charset=utf-8";
const OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

const gzipped = promisify(gzip);

/** What those ask who watch us: our metrics, and whether we are well. */
export const healthRoutes: readonly Route[] = [
  sends({
    path: "/metrics",
    id: "getMetrics",
    summary: "The program's own metrics, in OpenMetrics 1.0 where the Accept header asks for it",
    types: [METRICS_TEXT, OPENMETRICS],
    async sends({ query }, { request }, response) {
      const openMetrics = wantsOpenMetrics(request.headers.accept ?? "");
      const page = Buffer.from(await query.metrics(openMetrics ? "openmetrics" : "text"));
      // What an intermediary keeps for one client must not reach another that cannot read it.
      response.vary("accept, accept-encoding").type(openMetrics ? OPENMETRICS : METRICS_TEXT);
      if (request.acceptsEncodings("gzip", "identity") !== "gzip") return void response.send(page);
      response.set("content-encoding", "gzip").send(await gzipped(page, { level: constants.Z_BEST_SPEED }));
    },
  }),
  sends({
    path: "/-/healthy",
    id: "getHealthy",
    summary: "200 as long as the program runs",
    types: [TEXT],
    sends: (_ports, _ask, response) => sendText(response, 200, "triton-sentinel is Healthy.\n"),
  }),
  sends({
    path: "/-/ready",
    id: "getReady",
    summary: "200 from the first scrape on, whatever came of it; until then 503 with what is missing",
    types: [TEXT],
    errors: ["unavailable"],
    sends({ query }, _ask, response) {
      const stopping = query.stopping();
      response.set("x-prometheus-stopping", String(stopping));
      if (query.ready() && !stopping) return sendText(response, 200, "triton-sentinel is Ready.\n");
      const missing = stopping ? "the program is stopping" : "no target has been scraped yet";
      sendText(response, 503, `Service Unavailable: ${missing}\n`);
    },
  }),
  sends({
    path: "/-/reload",
    id: "reload",
    summary: "Reads configuration and rules anew; what is in force stays where they have mistakes",
    types: [TEXT],
    mutates: true,
    errors: ["internal"],
    async sends({ actions }, { who }, response) {
      const result = await actions.reload(who);
      if (result.kind === "refused") return sendText(response, 500, `failed to reload config: ${result.why}\n`);
      const warnings = result.value.warnings.map((warning) => `warning: ${warning}\n`);
      sendText(response, 200, `Configuration reloaded.\n${warnings.join("")}`);
    },
  }),
];

interface Accepted {
  readonly type: string;
  readonly q: number;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Whether OpenMetrics 1.0 is named and liked at least as much as plain text. A wildcard names nothing. */
function wantsOpenMetrics(accept: string): boolean {
  const accepted = accept.slice(0, 2_000).split(",").map(readAccept);
  const version = (of: Accepted) => of.parameters.get("version");
  const open = best(accepted.filter((a) => a.type === "application/openmetrics-text" && is1(version(a))));
  return open > 0 && open >= best(accepted.filter((a) => a.type === "text/plain"));
}

const best = (accepted: readonly Accepted[]): number => Math.max(0, ...accepted.map(({ q }) => q));

const is1 = (version: string | undefined): boolean => version === undefined || version === "1.0.0";

function readAccept(text: string): Accepted {
  const [type = "", ...rest] = text.split(";").map((part) => part.trim().toLowerCase());
  const parameters = new Map(rest.map((part) => splitAt(part, part.indexOf("="))));
  const q = Number(parameters.get("q") ?? 1);
  return { type, q: Number.isFinite(q) ? q : 0, parameters };
}

const splitAt = (text: string, at: number): readonly [string, string] =>
  at < 0 ? [text, ""] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
