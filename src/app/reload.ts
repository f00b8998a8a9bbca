import { createHash } from "node:crypto";
import type { Config } from "../config/config.ts";
import { renderConfig } from "../config/render-config.ts";
import type { ReloadableOptions } from "../monitor/options.ts";
import type { Labels } from "../series/labels.ts";
import type { EpochMs } from "../series/time.ts";
import type { ScrapeJob } from "../targets/job.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import type { ActionResult } from "../web/ports.ts";
import { type Settings, shortestInterval, worldOptions } from "./settings.ts";
import { UserMistake } from "./user-mistake.ts";
import type { ReloadStatus } from "./views/api-views.ts";

/** What was loaded and can be put in force. */
export interface Loaded {
  readonly settings: Settings;
  readonly options: ReloadableOptions;
}

/** What a reload needs of the program. */
interface ReloadPorts {
  readonly telemetry: Telemetry;
  now(): EpochMs;
  jobOf(target: Labels): ScrapeJob | undefined;
  /** Reads the configuration anew. @throws UserMistake with everything that is wrong */
  read(): Promise<Settings>;
  /** Puts in force what was loaded, between two steps. */
  apply(loaded: Loaded): void;
  /** Told why what was read cannot be put in force. */
  refused(why: string): void;
}

/** Loads configuration and rules anew: all or nothing, one after the other. */
export class Reloader {
  readonly #ports: ReloadPorts;
  #inForce: Settings;
  #status: ReloadStatus;
  #last: Promise<unknown> = Promise.resolve();

  constructor(settings: Settings, ports: ReloadPorts) {
    this.#ports = ports;
    this.#inForce = settings;
    this.#status = { at: ports.now(), error: undefined };
    ports.telemetry.configLoaded(ports.now() / 1000, hashOf(settings.config));
  }

  get status(): ReloadStatus {
    return this.#status;
  }

  get settings(): Settings {
    return this.#inForce;
  }

  /** Reads, checks, builds, and puts in force if nothing is wrong; otherwise everything stays as it is. */
  reload(): Promise<ActionResult<{ readonly warnings: readonly string[] }>> {
    const done = this.#last.then(() => this.#reload());
    this.#last = done;
    return done;
  }

  async #reload(): Promise<ActionResult<{ readonly warnings: readonly string[] }>> {
    const { telemetry, now, read, jobOf, apply, refused } = this.#ports;
    try {
      const settings = await read();
      const options = await worldOptions(settings, shortestInterval(settings.config), jobOf);
      const warnings = needRestart(this.#inForce.config, settings.config);
      apply({ settings, options });
      this.#inForce = settings;
      this.#status = { at: now(), error: undefined };
      telemetry.configLoaded(now() / 1000, hashOf(settings.config));
      for (const warning of warnings) telemetry.log.warn(warning);
      return { kind: "done", value: { warnings } };
    } catch (error) {
      if (!(error instanceof UserMistake) && !isFileProblem(error)) throw error;
      this.#status = { ...this.#status, error: error.message };
      telemetry.configRefused(error.message);
      refused(error.message);
      return { kind: "refused", why: error.message };
    }
  }
}

/** A file that is not there or may not be read. */
const isFileProblem = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "syscall" in error && "path" in error;

/** What was changed that only a restart takes up. */
function needRestart(before: Config, after: Config): readonly string[] {
  const changed = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);
  return [
    ...(changed(before.web, after.web) ? ["web: what was changed here takes a restart"] : []),
    ...(changed(before.log, after.log) ? ["log: what was changed here takes a restart"] : []),
  ];
}

const hashOf = (config: Config): string => createHash("sha256").update(renderConfig(config)).digest("hex").slice(0, 16);
