import { buildConnector } from "undici";
import type { DurationMs } from "../series/time.ts";
import type { TlsOptions } from "./options.ts";
import { readTlsFiles, type TlsMaterial } from "./tls-files.ts";

type Callback = buildConnector.Callback;

/** Makes connections for undici, reading certificates anew for each, and can call off those that are being made. */
export class Connector {
  readonly #tls: TlsOptions | undefined;
  readonly #timeout: DurationMs | 0;
  readonly #underWay = new Set<AbortController>();
  /** How often a connection was made, or begun. */
  begun = 0;

  /** @param timeout how long a connection may take to be made; 0 where somebody else sees to it */
  constructor(tls: TlsOptions | undefined, timeout: DurationMs | 0) {
    this.#tls = tls;
    this.#timeout = timeout;
  }

  readonly connect: buildConnector.connector = (options, callback) => {
    this.begun++;
    // A signal of its own for each, because a signal keeps every socket that ever listened to it.
    const abort = new AbortController();
    this.#underWay.add(abort);
    const done: Callback = (...result) => {
      this.#underWay.delete(abort);
      callback(...result);
    };
    const open = (material: Partial<TlsMaterial>) => {
      const { servername = options.servername, ...rest } = material;
      const connect = buildConnector({ timeout: this.#timeout, signal: abort.signal, ...rest });
      connect({ ...options, ...(servername !== undefined && { servername }) }, done);
    };
    if (this.#tls === undefined || options.protocol !== "https:") open({});
    else readTlsFiles(this.#tls).then(open, (error: Error) => done(error, null));
  };

  /** Calls off the connections that are being made. */
  abort(): void {
    for (const abort of this.#underWay) abort.abort();
  }
}
