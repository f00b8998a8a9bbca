import type { Config, Target } from "../config/config.ts";
import type { MonitorEvent } from "../monitor/events.ts";
import { step } from "../monitor/step.ts";
import { World } from "../monitor/world.ts";
import { renderExporterPage } from "../outputs/exporter.ts";
import { durationMs, type EpochMs } from "../series/time.ts";
import { type Clock, type Scheduled, type ScrapeResult, ScrapeSchedule } from "../targets/schedule.ts";
import { Scraper } from "../targets/scraper.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import { serveWeb } from "../web/server.ts";
import { type Settings, shortestInterval, worldOptions } from "./settings.ts";
import { UserMistake } from "./user-mistake.ts";
import { Views } from "./views.ts";

/** How long requests under way may take when the program stops. */
const GRACE = durationMs(2_000);

/** What `run` needs of the outside. */
export interface RunPorts {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly version: string;
  /** Hears every event of every step, in order. */
  tell(event: MonitorEvent): void;
}

/** A running monitor. */
export interface Running {
  readonly world: World;
  readonly port: number;
  stop(): Promise<void>;
}

/** A target and the connection it is scraped over. */
interface Watched extends Scheduled {
  readonly scraper: Scraper;
}

/**
 * Watches the config's targets: scrapes them, steps the world with what came, and serves our own metrics.
 * @throws UserMistake on rules that cannot be used, or where it cannot listen
 */
export async function run(settings: Settings, ports: RunPorts): Promise<Running> {
  const { config } = settings;
  const { telemetry, clock, version } = ports;
  const probe = {
    now: () => performance.now() / 1000,
    evaluated: (rule: { readonly name: string }, seconds: number, failure?: string) =>
      telemetry.ruleEvaluated(rule.name, seconds, failure),
  };
  const world = new World({ ...(await worldOptions(settings, shortestInterval(config))), probe });
  const views = new Views(world);
  telemetry.configLoaded(clock.now() / 1000);

  let missed = 0;
  const schedule = new ScrapeSchedule<Watched>(clock, (results) => {
    for (const event of step(world, results.map(inputOf), clock.now())) {
      views.tell(event);
      report(telemetry, event);
      ports.tell(event);
    }
    measure(telemetry, world, clock.now());
    telemetry.slotsMissed(schedule.missedSlots - missed);
    missed = schedule.missedSlots;
  });
  const watched = config.targets.map((target) => watch(target, version));
  const web = await serveWeb(
    {
      page: { version },
      query: {
        metrics: async () => renderExporterPage(await telemetry.metricsText(), views, config.exporter.maxSeries),
        ready: () => world.lastScrape !== undefined,
      },
      bugCaught: (error) => telemetry.bugCaught("web", error),
    },
    webAddress(config),
  ).catch((error: Error) => {
    throw new UserMistake(error.message);
  });
  schedule.replace(watched);
  return {
    world,
    port: web.port,
    stop: async () => {
      schedule.stop();
      await Promise.all([web.close(GRACE), ...watched.map(({ scraper }) => scraper.close())]);
    },
  };
}

function watch(target: Target, version: string): Watched {
  const { url, scrapeTimeout, bodySizeLimit, labels, scrapeInterval } = target;
  const scraper = new Scraper({ url, timeout: scrapeTimeout, bodySizeLimit }, `triton-sentinel/${version}`);
  return { labels, interval: scrapeInterval, scraper, scrape: () => scraper.scrape() };
}

const inputOf = ({ target, at, duration, outcome }: ScrapeResult<Watched>) =>
  ({ kind: "scrape", target: target.labels, at, seconds: duration / 1000, outcome }) as const;

function webAddress(config: Config) {
  const { listenAddress, externalUrl } = config.web;
  return { ...listenAddress, ...(externalUrl !== undefined && { externalHost: new URL(externalUrl).host }) };
}

/** Counts and logs what a step did. */
function report(telemetry: Telemetry, event: MonitorEvent): void {
  if (event.kind === "scraped") {
    const kind = event.outcome === "page" ? "body" : event.outcome;
    const outcome = { kind, ...(event.why !== undefined && { why: event.why }) };
    if (event.outcome === "page") {
      telemetry.pageOddities(event.target.get("instance") ?? "", event.problems, event.series);
    }
    telemetry.scrapeFinished(event.target.get("instance") ?? "", outcome, event.seconds, event.samples);
  } else if (event.kind === "transition") {
    const { state, labels, reason } = event.transition;
    const alertname = labels.get("alertname") ?? "";
    telemetry.alertTransition({ alertname, state, labels: String(labels), ...(reason !== undefined && { reason }) });
  } else if (event.kind === "model") {
    const model = event.event.kind === "restarted" ? "" : String(event.event.id);
    telemetry.modelEvent(event.target.get("instance") ?? "", event.event.kind, model, event.announced?.name);
  } else if (event.kind === "alerts-cut") {
    telemetry.log.warn({ rule: event.rule, count: event.cut }, "the limit cuts off alerts; those there are stay");
  } else if (event.kind === "bug") telemetry.bugCaught(event.where, event.error);
  // A rule that failed was told with its evaluation.
}

function measure(telemetry: Telemetry, world: World, now: EpochMs): void {
  let oldest: number = now;
  let series = world.store.recorder.size;
  for (const table of world.store.tables()) {
    series += table.size;
    if (table.newest >= 0) oldest = Math.min(oldest, table.time(table.oldest));
  }
  telemetry.storeMeasured({ reachSeconds: (now - oldest) / 1000, bytes: world.store.bytes, series });
}
