import type { Config } from "../config/config.ts";
import { renderConfig } from "../config/render-config.ts";
import type { MonitorEvent } from "../monitor/events.ts";
import type { Input } from "../monitor/inputs.ts";
import { step } from "../monitor/step.ts";
import { World } from "../monitor/world.ts";
import { renderExporterPage } from "../outputs/exporter.ts";
import { Labels } from "../series/labels.ts";
import { durationMs } from "../series/time.ts";
import type { Clock } from "../targets/schedule.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import type { ApiFlags } from "../web/api-types.ts";
import { serveWeb } from "../web/server.ts";
import { actionsOf } from "./actions.ts";
import { NO_TOKENS, tokensOf } from "./api-tokens.ts";
import { deliveryTelling } from "./delivery-telling.ts";
import type { Demo } from "./demo/demo.ts";
import { EventLog } from "./event-log.ts";
import { discovering, discoveryPorts } from "./notify/discovery-ports.ts";
import { Notifier } from "./notify/notifier.ts";
import { notifySettings } from "./notify/notify-settings.ts";
import { type Loaded, Reloader } from "./reload.ts";
import { countTargets, measure, nameRules, report } from "./reporting.ts";
import { readPackagedRunbooks } from "./runbooks.ts";
import { Scraping } from "./scraping.ts";
import { externalUrlOf, type Settings, shortestInterval, worldOptions } from "./settings.ts";
import { UserMistake } from "./user-mistake.ts";
import { ApiViews } from "./views/api-views.ts";
import { Views } from "./views.ts";

/** How long requests and deliveries under way may take when the program stops. */
const GRACE = durationMs(3_000);

/** What `run` needs of the outside. */
export interface RunPorts {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly version: string;
  /** What was said on the command line, for the API. */
  readonly flags: ApiFlags;
  /** Reads the settings anew, for a reload. @throws UserMistake */
  settings(): Promise<Settings>;
  /** Hears every event of every step, in order. */
  tell(event: MonitorEvent): void;
  /** Where there is one, what it shows of the past is fed to the monitor first. */
  readonly demo?: Demo;
}

/** A running monitor. */
export interface Running {
  readonly world: World;
  readonly port: number;
  /** How many targets are watched. */
  targets(): number;
  reload(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Watches the config's targets: finds and scrapes them, steps the world with what came, tells the outputs, and serves the page and
 * the API.
 * @throws UserMistake on rules that cannot be used, or where it cannot listen
 */
export async function run(settings: Settings, ports: RunPorts): Promise<Running> {
  const { telemetry, clock, version } = ports;
  const userAgent = `triton-sentinel/${version}`;
  const started = clock.now();
  let stopping = false;
  const scraping: Scraping = new Scraping({
    clock,
    discovery: discoveryPorts(clock, userAgent, (kind, why) => telemetry.discoveryFailed(kind, why)),
    inputs: (inputs) => void tick(inputs),
    targets: (found) => countTargets(telemetry, found),
    rejobbed: () => void tick([{ kind: "reload", options: world.options }]),
  });
  const probe = {
    now: () => performance.now() / 1000,
    evaluated: (rule: { readonly name: string }, seconds: number, failure?: string) =>
      telemetry.ruleEvaluated(rule.name, seconds, failure),
  };
  const options = await worldOptions(settings, shortestInterval(settings.config), (labels) => scraping.jobOf(labels));
  const world = new World({ ...options, probe });
  nameRules(telemetry, world);
  const views = new Views(world);
  const events = new EventLog(started);
  const notifier = new Notifier(notifying(settings.config), {
    clock,
    random: Math.random,
    observer: deliveryTelling(telemetry),
    log: telemetry.log,
    userAgent,
    discover: discovering(discoveryPorts(clock, userAgent, (kind, why) => telemetry.discoveryFailed(kind, why))),
  });
  const reloader = new Reloader(settings, {
    telemetry,
    now: () => clock.now(),
    jobOf: (labels) => scraping.jobOf(labels),
    read: () => ports.settings(),
    apply,
  });
  const api = new ApiViews({
    world,
    buildInfo: { version, revision: "", nodeVersion: process.version },
    startedAt: started,
    flags: ports.flags,
    events,
    modelsOf: (target) => target.inventory.known(),
    now: () => clock.now(),
    stopping: () => stopping,
    configText: () => renderConfig(reloader.settings.config),
    targets: () => ({ active: scraping.found.targets, dropped: scraping.found.dropped }),
    outputs: () => notifier.status(),
    reloadStatus: () => reloader.status,
    residentBytes: () => process.memoryUsage.rss(),
    metrics: async (format) => {
      telemetry.streamClients(events.listeners);
      const { maxSeries } = reloader.settings.config.exporter;
      return renderExporterPage(await telemetry.metricsText(), views, maxSeries, format);
    },
  });
  let missed = 0;

  /** One step of the world, told to everybody. */
  function tick(inputs: readonly Input[]): readonly MonitorEvent[] {
    const now = clock.now();
    const happened = step(world, inputs, now);
    for (const event of happened) hear(event);
    notifier.tell(happened, world, now);
    measure(telemetry, world, now);
    telemetry.slotsMissed(scraping.missedSlots - missed);
    missed = scraping.missedSlots;
    return happened;
  }

  function hear(event: MonitorEvent): void {
    views.tell(event);
    api.tell(event);
    events.tell(event);
    report(telemetry, event);
    ports.tell(event);
  }

  function apply({ settings: { config }, options }: Loaded): void {
    // First the targets: those that are there no longer need no other rules.
    scraping.replaceJobs(config.jobs);
    tick([{ kind: "reload", options }]);
    nameRules(telemetry, world);
    notifier.replace(notifying(config));
  }

  const runbooks = await readPackagedRunbooks();
  const { apiTokensFile } = settings.config.web;
  const web = await serveWeb(
    {
      query: api,
      actions: actionsOf(tick, reloader, () => clock.now()),
      stream: events,
      auth:
        apiTokensFile === undefined
          ? NO_TOKENS
          : tokensOf(apiTokensFile, (mistakes) => telemetry.log.error({ mistakes }, "API tokens cannot be used")),
      clock,
      runbook: (name) => runbooks.get(name),
      bugCaught: (error) => telemetry.bugCaught("web", error),
    },
    webAddress(settings.config),
  ).catch((error: Error) => {
    throw new UserMistake(error.message);
  });
  remember(ports.demo, settings.config, world, hear);
  scraping.replaceJobs(settings.config.jobs);
  return {
    world,
    port: web.port,
    targets: () => scraping.found.targets.length,
    reload: async () => void (await reloader.reload()),
    stop: async () => {
      stopping = true;
      await Promise.all([scraping.stop(), notifier.stop(GRACE), web.close(GRACE), ports.demo?.close()]);
    },
  };
}

const notifying = (config: Config) => notifySettings(config, shortestInterval(config), externalUrlOf(config));

function webAddress(config: Config) {
  const { listenAddress, externalUrl, allowedHosts, allowedOrigins } = config.web;
  return {
    ...listenAddress,
    ...(externalUrl !== undefined && { externalHost: new URL(externalUrl).host }),
    allowedHosts,
    allowedOrigins,
  };
}

/** What a demo shows of the time before now: steps like any other, of which the outputs are told nothing. */
function remember(demo: Demo | undefined, { jobs }: Config, world: World, hear: (event: MonitorEvent) => void): void {
  if (demo === undefined) return;
  const labels = new Map(
    jobs.flatMap(({ jobName, discoveries }) =>
      discoveries.flatMap((discovery) => {
        const instance = discovery.kind === "static" ? discovery.labels.get("instance") : undefined;
        return instance === undefined ? [] : [[instance, Labels.of({ job: jobName, instance })] as const];
      }),
    ),
  );
  for (const inputs of demo.history((instance) => labels.get(instance))) {
    for (const event of step(world, inputs, inputs[0]!.at)) hear(event);
  }
}
