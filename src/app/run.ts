import type { Config } from "../config/config.ts";
import type { World } from "../monitor/world.ts";
import type { Clock } from "../series/clock.ts";
import { Labels } from "../series/labels.ts";
import { type DurationMs, durationMs } from "../series/time.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import type { AuthPort } from "../web/ports.ts";
import { serveWeb } from "../web/server.ts";
import { actionsOf } from "./actions.ts";
import { NO_TOKENS, readApiTokens, tokensOf } from "./api-tokens.ts";
import type { Demo } from "./demo/demo.ts";
import { Program, type ProgramPorts } from "./program.ts";
import { ReloadWatch } from "./reload-watch.ts";
import { readPackagedRunbooks } from "./runbooks.ts";
import type { Settings } from "./settings.ts";
import { sourceDigest } from "./source-digest.ts";
import { UserMistake } from "./user-mistake.ts";

/** How long requests and deliveries under way may take when the program stops. */
const GRACE = durationMs(3_000);

/** What `run` needs of the outside. */
export interface RunPorts extends ProgramPorts {
  /** Where there is one, files that change are loaded without being asked. */
  readonly autoReload?: {
    readonly interval: DurationMs;
    /** The config file among the files, if there is one. */
    readonly config: string | undefined;
  };
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
export async function run(settings: Settings, { demo, autoReload, ...ports }: RunPorts): Promise<Running> {
  const { config } = settings;
  const { telemetry, clock } = ports;
  for (const warning of settings.warnings ?? []) telemetry.log.warn(warning);
  const program = await Program.make(settings, ports);
  const runbooks = await readPackagedRunbooks();
  const auth = await authOf(config, telemetry);
  const web = await serveWeb(
    {
      query: program.api,
      actions: actionsOf(
        (inputs) => program.tick(inputs),
        program.reloader,
        () => clock.now(),
      ),
      stream: program.events,
      auth,
      clock,
      runbook: (name) => runbooks.get(name),
      bugCaught: (error) => telemetry.bugCaught("web", error),
    },
    webAddress(config),
  ).catch((error: Error) => {
    throw new UserMistake(error.message);
  });
  if (demo !== undefined) {
    const instances = instancesOf(config);
    program.remember(demo.history((instance) => instances.get(instance)));
  }
  program.start(config.jobs);
  const watch = autoReload && watchFiles(program, autoReload, clock);
  await watch?.start();
  return {
    world: program.world,
    port: web.port,
    targets: () => program.scraping.found.targets.length,
    reload: async () => void (await program.reloader.reload("signal")),
    stop: async () => {
      watch?.stop();
      await Promise.all([program.stop(GRACE), web.close(GRACE), demo?.close()]);
    },
  };
}

/** Who may change something. @throws UserMistake where the tokens file cannot be used from the start */
async function authOf({ web: { apiTokensFile } }: Config, { log }: Telemetry): Promise<AuthPort> {
  if (apiTokensFile === undefined) return NO_TOKENS;
  const read = await readApiTokens(apiTokensFile);
  if (read.kind === "mistakes") throw new UserMistake(read.mistakes.join("\n"));
  for (const warning of read.warnings) log.warn(warning);
  return tokensOf(apiTokensFile, (mistakes) => log.error({ mistakes }, "API tokens cannot be used"));
}

function watchFiles(
  { reloader }: Program,
  { interval, config }: NonNullable<RunPorts["autoReload"]>,
  clock: Clock,
): ReloadWatch {
  return new ReloadWatch(interval, {
    clock,
    digest: () => sourceDigest(reloader.settings, config),
    reload: async (unchanged) => void (await reloader.reload("files", unchanged)),
  });
}

function webAddress(config: Config) {
  const { listenAddress, externalUrl, allowedHosts, allowedOrigins } = config.web;
  return {
    ...listenAddress,
    ...(externalUrl !== undefined && { externalHost: new URL(externalUrl).host }),
    allowedHosts,
    allowedOrigins,
  };
}

/** The labels of the targets whose instance the config fixes, by that instance. */
function instancesOf({ jobs }: Config): ReadonlyMap<string, Labels> {
  const found = new Map<string, Labels>();
  for (const { jobName: job, discoveries } of jobs) {
    for (const discovery of discoveries) {
      const instance = discovery.kind === "static" ? discovery.labels.get("instance") : undefined;
      if (instance !== undefined) found.set(instance, Labels.of({ job, instance }));
    }
  }
  return found;
}
