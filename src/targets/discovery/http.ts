import { HttpClient } from "../../http/http-client.ts";
import type { HttpReply } from "../../http/reply.ts";
import { maskedUrl } from "../../series/masked-url.ts";
import { durationMs, MINUTE } from "../../series/time.ts";
import { printable } from "../../telemetry/printable.ts";
import type { HttpDiscoveryOptions } from "../job.ts";
import type { Discovery, TargetGroup } from "./discovery.ts";
import type { DiscoveryPorts } from "./ports.ts";
import { Rounds } from "./rounds.ts";
import { groupsFrom, parseGroups } from "./target-groups.ts";

const MAX_BYTES = 16_777_216;
const JSON_TYPE = /^application\/json(;\s*charset=("?)utf-8\2)?$/i;

/** Groups that a server answers with, in JSON. An answer that cannot be used keeps the groups there were. */
export class HttpDiscovery implements Discovery {
  readonly #options: HttpDiscoveryOptions;
  readonly #ports: DiscoveryPorts;
  readonly #client: HttpClient;
  readonly #rounds: Rounds;
  /** The answer that was read last, and why it holds no groups where it does not. */
  #last: { readonly body: Buffer; readonly why?: string } | undefined;
  #found: (groups: readonly TargetGroup[]) => void = () => {};

  constructor(options: HttpDiscoveryOptions, ports: DiscoveryPorts) {
    this.#options = options;
    this.#ports = ports;
    this.#client = new HttpClient(options.http, ports.userAgent);
    this.#rounds = new Rounds(ports.clock, async (signal) => {
      await this.#look(signal);
      return options.refreshInterval;
    });
  }

  start(found: (groups: readonly TargetGroup[]) => void): void {
    this.#found = found;
    this.#rounds.start();
  }

  async stop(): Promise<void> {
    await this.#rounds.stop();
    await this.#client.close();
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { url, refreshInterval } = this.#options;
    const reply = await this.#client.request({
      method: "GET",
      url,
      headers: {
        accept: "application/json",
        "x-prometheus-refresh-interval-seconds": String(refreshInterval / 1000),
      },
      timeout: durationMs(Math.min(refreshInterval, MINUTE)),
      maxBytes: MAX_BYTES,
      signal,
    });
    if (signal.aborted) return;
    const useless = judge(reply);
    if (useless !== undefined || reply.kind !== "answer") return this.#fail(useless ?? "");
    if (this.#last?.body.equals(reply.body)) {
      if (this.#last.why !== undefined) this.#fail(this.#last.why);
      return;
    }
    try {
      // What is discovered is shown to people.
      const shown = maskedUrl(url);
      const groups = groupsFrom(shown, parseGroups(reply.body.toString()), { __meta_url: shown });
      this.#last = { body: reply.body };
      this.#found(groups);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#last = { body: reply.body, why: error.message };
      this.#fail(error.message);
    }
  }

  #fail(why: string): void {
    const { origin, pathname } = new URL(this.#options.url);
    this.#ports.failed("http", `${printable(`${origin}${pathname}`, 300)}: ${why}`);
  }
}

/** Why a reply holds no groups; undefined where it may. */
function judge(reply: HttpReply): string | undefined {
  if (reply.kind !== "answer") return reply.why;
  if (reply.status !== 200) return `the server answered ${reply.status}`;
  const type = reply.headers.get("content-type") ?? "";
  if (JSON_TYPE.test(type.trim())) return undefined;
  return `the answer is of type "${printable(type, 100)}": expected application/json`;
}
