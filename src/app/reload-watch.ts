import type { Clock } from "../series/clock.ts";
import { type DurationMs, durationMs, SECOND } from "../series/time.ts";

/** After a change files must stay as they are for so long before they are loaded: somebody may be half-way through writing them. */
const SETTLE = SECOND;

/** What the watch needs of the program. */
interface ReloadWatchPorts {
  readonly clock: Clock;
  /** A text that changes with the files. */
  digest(): Promise<string>;
  /** Loads the files, if they still are as `unchanged` says when all of them have been read. */
  reload(unchanged: () => Promise<boolean>): Promise<void>;
}

/**
 * Looks at the contents of the configuration's files every now and then and reloads them once a change has settled. Contents, for events
 * of the file system miss what Kubernetes does to mounted ConfigMaps. Files that were refused are tried again when they change.
 */
export class ReloadWatch {
  readonly #ports: ReloadWatchPorts;
  readonly #interval: DurationMs;
  #loaded: string | undefined;
  #seen: string | undefined;
  #cancel: (() => void) | undefined;
  #stopped = false;

  constructor(interval: DurationMs, ports: ReloadWatchPorts) {
    this.#interval = interval;
    this.#ports = ports;
  }

  /** Begins with the files as they are now: those were loaded. */
  async start(): Promise<void> {
    this.#loaded = await this.#ports.digest();
    this.#wait(this.#interval);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  /** One look. @returns when to look again */
  async #look(): Promise<DurationMs> {
    const digest = await this.#ports.digest();
    const settled = digest === this.#seen;
    this.#seen = digest;
    if (digest === this.#loaded) return this.#interval;
    if (!settled) return durationMs(Math.min(SETTLE, this.#interval));
    let stayed = true;
    await this.#ports.reload(async () => {
      stayed = (await this.#ports.digest()) === digest;
      return stayed;
    });
    if (stayed) this.#loaded = digest;
    return this.#interval;
  }

  #wait(delay: DurationMs): void {
    if (this.#stopped) return;
    this.#cancel = this.#ports.clock.setTimer(delay, () => void this.#look().then((next) => this.#wait(next)));
  }
}
