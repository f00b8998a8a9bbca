import { renderConfig } from "../config/render-config.ts";
import type { MonitorEvent } from "../monitor/events.ts";
import type { Input, ScrapeInput } from "../monitor/inputs.ts";
import type { ReloadableOptions } from "../monitor/options.ts";
import { step } from "../monitor/step.ts";
import { World } from "../monitor/world.ts";
import { renderExporterPage } from "../outputs/exporter.ts";
import type { Clock } from "../series/clock.ts";
import type { DurationMs, EpochMs } from "../series/time.ts";
import type { ScrapeJob } from "../targets/job.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import type { ApiFlags } from "../web/api-types.ts";
import type { MetricsFormat } from "../web/ports.ts";
import { discovering, discoveryPorts } from "./discovery-ports.ts";
import { EvaluationTimer } from "./evaluation-timer.ts";
import { EventLog } from "./event-log.ts";
import { EventQuota } from "./event-quota.ts";
import { reloadFailed } from "./event-text.ts";
import { Notifier } from "./notify/notifier.ts";
import { notifySettings } from "./notify/notify-settings.ts";
import { type Loaded, type ReloadChanges, Reloader } from "./reload.ts";
import { countTargets, measure, nameRules, report } from "./reporting.ts";
import { Scraping } from "./scraping.ts";
import { externalUrlOf, type Settings, shortestInterval, worldOptions } from "./settings.ts";
import { ApiViews } from "./views/api-views.ts";
import { Views } from "./views.ts";

/** What the program needs of the outside. */
export interface ProgramPorts {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly version: string;
  /** What was said on the command line, for the API. */
  readonly flags: ApiFlags;
  /** Reads the settings anew, for a reload. @throws UserMistake */
  settings(): Promise<Settings>;
  /** Hears every event of every step, in order. */
  tell(event: MonitorEvent): void;
}

/** The parts of a running monitor, and how what happens goes from one to the next. */
export class Program {
  readonly world: World;
  readonly scraping: Scraping;
  readonly reloader: Reloader;
  readonly events: EventLog;
  readonly api: ApiViews;
  readonly #ports: ProgramPorts;
  readonly #views: Views;
  readonly #notifier: Notifier;
  readonly #timer: EvaluationTimer;
  readonly #logged = new EventQuota();
  #missed = 0;
  #stopping = false;

  private constructor(settings: Settings, options: ReloadableOptions, scraping: Scraping, ports: ProgramPorts) {
    const { telemetry, clock } = ports;
    this.#ports = ports;
    this.scraping = scraping;
    this.world = new World({ ...options, probe: probeOf(telemetry) });
    this.events = new EventLog(clock.now());
    this.#views = new Views(this.world);
    this.#notifier = makeNotifier(settings, ports);
    this.reloader = new Reloader(settings, {
      telemetry,
      now: () => clock.now(),
      jobOf: (labels) => scraping.jobOf(labels),
      read: () => ports.settings(),
      apply: (loaded) => this.#apply(loaded),
      stopping: () => this.#stopping,
      refused: (why) => this.events.add(reloadFailed(clock.now(), why)),
    });
    this.#timer = new EvaluationTimer(clock, this.world, () => void this.tick([]));
    this.api = this.#apiViews(clock.now());
    nameRules(telemetry, this.world);
  }

  /** @throws UserMistake on rules that cannot be used */
  static async make(settings: Settings, ports: ProgramPorts): Promise<Program> {
    const { clock, telemetry } = ports;
    // Scraping begins once there is a program to take what it brings.
    let program: Program | undefined;
    const scraping = new Scraping({
      clock,
      discovery: discoveryPortsOf(ports),
      inputs: (inputs) => void program?.tick(inputs),
      targets: (found, jobs) => countTargets(telemetry, jobs, found),
      rejobbed: () => void program?.tick([{ kind: "reload", options: program.world.options }]),
    });
    const options = await worldOptions(settings, shortestInterval(settings.config), (labels) => scraping.jobOf(labels));
    program = new Program(settings, options, scraping, ports);
    return program;
  }

  /** One step of the world, told to everybody. */
  tick(inputs: readonly Input[]): readonly MonitorEvent[] {
    const { clock, telemetry } = this.#ports;
    const now = clock.now();
    const happened = step(this.world, inputs, now);
    for (const event of happened) this.#hear(event);
    this.#notifier.tell(happened, this.world, now);
    measure(telemetry, this.world, now);
    telemetry.slotsMissed(this.scraping.missedSlots - this.#missed);
    this.#missed = this.scraping.missedSlots;
    this.#timer.arm();
    return happened;
  }

  /** Steps over scrapes of before the program began; the outputs are told nothing of it. */
  remember(history: Iterable<readonly ScrapeInput[]>): void {
    for (const inputs of history) for (const event of step(this.world, inputs, inputs[0]!.at)) this.#hear(event);
  }

  /** Begins to scrape, and to evaluate rules where no scrape does. */
  start(jobs: readonly ScrapeJob[]): void {
    this.scraping.replaceJobs(jobs);
    this.#timer.arm();
  }

  async stop(grace: DurationMs): Promise<void> {
    this.#stopping = true;
    this.#timer.stop();
    await Promise.all([this.scraping.stop(), this.#notifier.stop(grace)]);
  }

  #hear(event: MonitorEvent): void {
    this.#views.tell(event);
    this.api.tell(event);
    this.events.tell(event);
    if (this.#mayLog(event)) report(this.#ports.telemetry, event);
    this.#ports.tell(event);
  }

  /** A server that shows ever new models does not fill the log with them. */
  #mayLog(event: MonitorEvent): boolean {
    if (event.kind !== "model") return true;
    const {
      target,
      event: { at },
    } = event;
    const leftOut = this.#logged.end(target.key, at);
    if (leftOut > 0) {
      const about = { job: target.get("job"), target: target.get("instance"), count: leftOut };
      this.#ports.telemetry.log.warn(about, "further model events were not logged");
    }
    return this.#logged.admits(target.key, at);
  }

  #apply({ settings: { config }, options }: Loaded): ReloadChanges {
    // First the targets: those that are there no longer need no other rules.
    this.scraping.replaceJobs(config.jobs);
    const happened = this.tick([{ kind: "reload", options }]);
    nameRules(this.#ports.telemetry, this.world);
    this.#notifier.replace(notifySettings(config, shortestInterval(config), externalUrlOf(config)));
    return happened.find((event) => event.kind === "reloaded")!;
  }

  #apiViews(startedAt: EpochMs): ApiViews {
    const { clock, version, flags } = this.#ports;
    return new ApiViews({
      world: this.world,
      buildInfo: { version, revision: "", nodeVersion: process.version },
      startedAt,
      flags,
      events: this.events,
      modelsOf: (target) => target.inventory.known(),
      now: () => clock.now(),
      stopping: () => this.#stopping,
      configText: () => renderConfig(this.reloader.settings.config),
      targets: () => ({ active: this.scraping.found.targets, dropped: this.scraping.found.dropped }),
      outputs: () => this.#notifier.status(),
      inhibitedBy: () => this.#notifier.inhibitedBy(this.world),
      reload: () => this.reloader.report,
      residentBytes: () => process.memoryUsage.rss(),
      metrics: (format) => this.#metrics(format),
    });
  }

  async #metrics(format: MetricsFormat): Promise<string> {
    const { telemetry } = this.#ports;
    telemetry.streamClients(this.events.listeners);
    const { maxSeries } = this.reloader.settings.config.exporter;
    return renderExporterPage(await telemetry.metricsText(), this.#views, maxSeries, format);
  }
}

const userAgentOf = ({ version }: ProgramPorts): string => `triton-sentinel/${version}`;

const discoveryPortsOf = (ports: ProgramPorts) =>
  discoveryPorts(ports.clock, userAgentOf(ports), (kind, why) => ports.telemetry.discoveryFailed(kind, why));

function makeNotifier({ config }: Settings, ports: ProgramPorts): Notifier {
  const { clock, telemetry } = ports;
  return new Notifier(notifySettings(config, shortestInterval(config), externalUrlOf(config)), {
    clock,
    random: Math.random,
    observer: telemetry.delivery,
    log: telemetry.log,
    userAgent: userAgentOf(ports),
    discover: discovering(discoveryPortsOf(ports)),
  });
}

const probeOf = (telemetry: Telemetry) => ({
  now: () => performance.now() / 1000,
  evaluated: (rule: { readonly name: string }, seconds: number, failure?: string) =>
    telemetry.ruleEvaluated(rule.name, seconds, failure),
});
