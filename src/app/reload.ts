import { createHash } from "node:crypto";
import type { Config } from "../config/config.ts";
import { renderConfig } from "../config/render-config.ts";
import type { Mistake } from "../documents/mistakes.ts";
import type { ReloadableOptions } from "../monitor/options.ts";
import type { Labels } from "../series/labels.ts";
import type { EpochMs } from "../series/time.ts";
import type { ScrapeJob } from "../targets/job.ts";
import { printable } from "../telemetry/printable.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import type { ActionResult } from "../web/ports.ts";
import { type Settings, shortestInterval, worldOptions } from "./settings.ts";
import { UserMistake } from "./user-mistake.ts";

/** Who asked for a reload. */
export type ReloadTrigger = "start" | "signal" | "api" | "files";

/** How the last loading of the configuration went, and what it changed. */
export interface ReloadReport {
  /** When the last attempt ended. */
  readonly at: EpochMs;
  readonly trigger: ReloadTrigger;
  /** Why it was refused, without a line of the files; undefined where it was not. */
  readonly error: string | undefined;
  /** When the configuration in force was loaded. */
  readonly loadedAt: EpochMs;
  readonly hash: string;
  /** What the last successful reload did to rules, and to alerts whose rules are gone. */
  readonly changes: ReloadChanges;
  readonly warnings: readonly string[];
}

export interface ReloadChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
  /** Alerts that ended with their rule. */
  readonly ended: number;
}

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
  /** Puts in force what was loaded, between two steps, and says what that changed. */
  apply(loaded: Loaded): ReloadChanges;
  /** Whether the program is about to end: nothing is put in force any more. */
  stopping(): boolean;
  /** Told why what was read cannot be put in force. */
  refused(why: string): void;
}

/** Loads configuration and rules anew: all or nothing, one after the other. */
export class Reloader {
  readonly #ports: ReloadPorts;
  #inForce: Settings;
  #report: ReloadReport;
  #last: Promise<unknown> = Promise.resolve();

  constructor(settings: Settings, ports: ReloadPorts) {
    this.#ports = ports;
    this.#inForce = settings;
    const at = ports.now();
    const hash = hashOf(settings.config);
    this.#report = { at, trigger: "start", error: undefined, loadedAt: at, hash, changes: NO_CHANGES, warnings: [] };
    ports.telemetry.configLoaded(at / 1000, hash);
  }

  get report(): ReloadReport {
    return this.#report;
  }

  get settings(): Settings {
    return this.#inForce;
  }

  /**
   * Reads, checks, builds, and puts in force if nothing is wrong; otherwise everything stays as it is.
   * @param unchanged asked when everything has been read: where it says no, nothing happens
   */
  reload(trigger: ReloadTrigger, unchanged?: () => Promise<boolean>): Promise<Reloaded> {
    const done = this.#last.then(() => this.#reload(trigger, unchanged));
    // A bug ends the program; the reloads behind it must not be told of it first.
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #reload(trigger: ReloadTrigger, unchanged?: () => Promise<boolean>): Promise<Reloaded> {
    const { telemetry, now, read, jobOf, apply, refused } = this.#ports;
    try {
      const settings = await read();
      const options = await worldOptions(settings, shortestInterval(settings.config), jobOf);
      if (unchanged && !(await unchanged())) return { kind: "refused", why: "the files changed while they were read" };
      if (this.#ports.stopping()) return { kind: "refused", why: "the program is stopping" };
      const warnings = [...(settings.warnings ?? []), ...needRestart(this.#inForce.config, settings.config)];
      this.#inForce = settings;
      const changes = apply({ settings, options });
      const hash = hashOf(settings.config);
      const at = now();
      this.#report = { at, trigger, error: undefined, loadedAt: at, hash, changes, warnings };
      telemetry.configLoaded(at / 1000, hash);
      for (const warning of warnings) telemetry.log.warn(warning);
      return { kind: "done", value: { warnings } };
    } catch (error) {
      if (!(error instanceof UserMistake) && !isFileProblem(error)) throw error;
      if (unchanged && !(await unchanged())) return { kind: "refused", why: "the files changed while they were read" };
      const why = told(error);
      this.#report = { ...this.#report, at: now(), trigger, error: why };
      telemetry.configRefused(error.message);
      refused(why);
      return { kind: "refused", why: error.message };
    }
  }
}

type Reloaded = ActionResult<{ readonly warnings: readonly string[] }>;

const NO_CHANGES: ReloadChanges = { added: [], removed: [], changed: [], ended: 0 };

/** Characters of a mistake that are told to everybody. */
const LONGEST = 1_000;

/** A file that is not there or may not be read. */
const isFileProblem = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "syscall" in error && "path" in error;

/**
 * Why a configuration was refused, for everybody who can read the page: places and messages, without the lines of the files. The log
 * and whoever proved to be somebody and asked for the reload get those too.
 */
const told = (error: UserMistake | NodeJS.ErrnoException): string =>
  error instanceof UserMistake && error.mistakes.length > 0 ? error.mistakes.map(placed).join("\n") : error.message;

const placed = ({ file, line, column, severity, message }: Mistake): string =>
  printable(`${file}:${line}:${column}: ${severity}: ${message}`, LONGEST);

/** What was changed that only a restart takes up. */
function needRestart(before: Config, after: Config): readonly string[] {
  const changed = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);
  return [
    ...(changed(before.web, after.web) ? ["web: what was changed here takes a restart"] : []),
    ...(changed(before.log, after.log) ? ["log: what was changed here takes a restart"] : []),
  ];
}

const hashOf = (config: Config): string => createHash("sha256").update(renderConfig(config)).digest("hex").slice(0, 16);
