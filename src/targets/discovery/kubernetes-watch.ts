import { z } from "zod";
import type { HttpClient } from "../../http/http-client.ts";
import type { HttpReply } from "../../http/reply.ts";
import type { Clock } from "../../series/clock.ts";
import { durationMs, MINUTE, SECOND } from "../../series/time.ts";
import { printable } from "../../telemetry/printable.ts";

/** What one watch follows and whom it tells. */
export interface WatchOptions<T> {
  readonly client: HttpClient;
  readonly clock: Clock;
  /** The address of the collection, selectors included. */
  readonly url: URL;
  readonly schema: z.ZodType<T>;
  readonly nameOf: (item: T) => string;
  /** The collection was listed, or something in it changed. */
  changed(): void;
  failed(why: string): void;
}

const PAGE = 500;
const MAX_ITEMS = 50_000;
const MAX_LIST_BYTES = 67_108_864;
const MAX_EVENT_BYTES = 8_388_608;
const LIST_TIMEOUT = MINUTE;
/** How long the server is asked to keep a watch; it is begun anew afterwards. */
const WATCH_SECONDS = 300;
const WATCH_SILENCE = durationMs((WATCH_SECONDS + 30) * SECOND);
const MAX_PAUSE = durationMs(30 * SECOND);

const listed = z.object({
  metadata: z.object({ resourceVersion: z.string(), continue: z.string().nullish() }),
  items: z
    .array(z.unknown())
    .nullish()
    .transform((items) => items ?? []),
});
const event = z.object({ type: z.string(), object: z.unknown() });
const versioned = z.object({ metadata: z.object({ resourceVersion: z.string() }) });
const status = z.object({ code: z.number().optional(), message: z.string().optional() });

/**
 * Keeps a copy of one collection of the API server: lists it, then watches it from the version listed; lists it again when the
 * server no longer knows that version. Failures are told and tried again, at most every half minute.
 */
export class KubernetesWatch<T> {
  readonly #options: WatchOptions<T>;
  readonly #abort = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #failures = 0;
  #full = false;
  /** By name within the cluster; undefined until it was listed for the first time. */
  items: Map<string, T> | undefined;

  constructor(options: WatchOptions<T>) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    let version: string | undefined;
    while (!this.#abort.signal.aborted) {
      const toList: boolean = version === undefined;
      version = version === undefined ? await this.#list() : await this.#watch(version);
      // What was listed is watched at once; whatever else ended is begun again after a pause.
      if (!toList || version === undefined) await this.#pause();
    }
  }

  /** The version that was listed; undefined where it could not be. */
  async #list(): Promise<string | undefined> {
    const items = new Map<string, T>();
    let next = "";
    for (;;) {
      const url = this.#url({ limit: String(PAGE), ...(next !== "" && { continue: next }) });
      const reply = await this.#options.client.request({
        method: "GET",
        url,
        headers: { accept: "application/json" },
        timeout: LIST_TIMEOUT,
        maxBytes: MAX_LIST_BYTES,
        signal: this.#abort.signal,
      });
      const page = reply.kind === "answer" && reply.status === 200 ? listed.safeParse(parse(reply.body)) : undefined;
      if (page?.success !== true) return this.#fail(page === undefined ? whyNot(reply) : "the answer is no list");
      for (const item of page.data.items) this.#take(items, item);
      next = page.data.metadata.continue ?? "";
      if (next !== "") continue;
      this.#failures = 0;
      this.items = items;
      this.#options.changed();
      return page.data.metadata.resourceVersion;
    }
  }

  /** The version up to which changes were taken over; undefined where the collection has to be listed again. */
  async #watch(from: string): Promise<string | undefined> {
    const stream = await this.#options.client.stream({
      method: "GET",
      url: this.#url({
        watch: "true",
        allowWatchBookmarks: "true",
        resourceVersion: from,
        timeoutSeconds: String(WATCH_SECONDS),
      }),
      headers: { accept: "application/json" },
      timeout: LIST_TIMEOUT,
      maxBytes: MAX_EVENT_BYTES,
      silence: WATCH_SILENCE,
      signal: this.#abort.signal,
    });
    if (stream.kind !== "lines") {
      if (stream.kind === "answer" && stream.status === 410) return undefined;
      this.#fail(whyNot(stream));
      return from;
    }
    let version: string | undefined = from;
    for (;;) {
      const next = await stream.lines.next();
      if (next.done === true) {
        if (next.value.kind !== "ended") this.#fail(next.value.why);
        return version;
      }
      version = this.#hear(next.value);
      if (version === undefined) {
        await stream.lines.return({ kind: "ended" });
        return undefined;
      }
      this.#failures = 0;
    }
  }

  /** Takes one event over; returns the version after it, undefined where the watch has lost its place. */
  #hear(line: Buffer): string | undefined {
    const read = event.safeParse(parse(line));
    if (!read.success) return this.#fail("an event of the watch is none");
    const { type, object } = read.data;
    if (type === "ERROR") {
      const { code, message = "" } = status.safeParse(object).data ?? {};
      return code === 410 ? undefined : this.#fail(`the watch ended: ${printable(message, 200)}`);
    }
    const version = versioned.safeParse(object);
    if (!version.success) return this.#fail("an event of the watch has no version");
    if (type !== "BOOKMARK" && this.items !== undefined) {
      if (type === "DELETED") this.#forget(this.items, object);
      else this.#take(this.items, object);
      this.#options.changed();
    }
    return version.data.metadata.resourceVersion;
  }

  #take(items: Map<string, T>, object: unknown): void {
    const item = this.#options.schema.safeParse(object);
    if (!item.success) return;
    const name = this.#options.nameOf(item.data);
    if (items.size < MAX_ITEMS || items.has(name)) items.set(name, item.data);
    else if (!this.#full) {
      this.#full = true;
      this.#options.failed(`there are more than ${MAX_ITEMS} objects; the rest is left out`);
    }
  }

  #forget(items: Map<string, T>, object: unknown): void {
    const item = this.#options.schema.safeParse(object);
    if (item.success) items.delete(this.#options.nameOf(item.data));
  }

  #url(query: Readonly<Record<string, string>>): string {
    const url = new URL(this.#options.url);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url.href;
  }

  #fail(why: string): undefined {
    if (this.#abort.signal.aborted) return;
    this.#failures++;
    this.#options.failed(`${this.#options.url.pathname}: ${why}`);
  }

  /** One second, doubled with each failure in a row. */
  #pause(): Promise<void> {
    const { signal } = this.#abort;
    const pause = durationMs(Math.min(MAX_PAUSE, SECOND * 2 ** Math.min(this.#failures, 10)));
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const cancel = this.#options.clock.setTimer(pause, () => {
        signal.removeEventListener("abort", called);
        resolve();
      });
      const called = () => {
        cancel();
        resolve();
      };
      signal.addEventListener("abort", called, { once: true });
    });
  }
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}

function whyNot(reply: HttpReply): string {
  if (reply.kind !== "answer") return reply.why;
  const { message } = status.safeParse(parse(reply.body)).data ?? {};
  return `the API server answered ${reply.status}${message === undefined ? "" : `: ${printable(message, 200)}`}`;
}
