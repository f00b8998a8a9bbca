import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Certificate } from "./certificates.ts";
import { listen } from "./ports.ts";

export type Collection = "pods" | "endpoints" | "services";

/** An object of the API; whatever else it has is handed on as it is. */
export interface KubernetesObject {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

interface Change {
  readonly version: number;
  readonly collection: Collection;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: KubernetesObject;
}

interface Watcher {
  readonly collection: Collection;
  readonly namespace: string | undefined;
  readonly response: ServerResponse;
}

/** A stand-in for a Kubernetes API server on 127.0.0.1: lists, pages, watches, bookmarks, and forgets old versions. */
export class FakeKubernetes {
  /** Paths with their queries, in the order asked. */
  readonly requests: string[] = [];
  /** Objects in one page of a list, however many are asked for. */
  pageSize = 500;
  /** Where set, who does not show it is answered with 401. */
  token: string | undefined;
  /** Where set, everything is answered with it. */
  refusal: { readonly status: number; readonly message: string } | undefined;
  readonly #server: Server;
  readonly #objects = new Map<string, { readonly collection: Collection; readonly object: KubernetesObject }>();
  readonly #watchers = new Set<Watcher>();
  #changes: Change[] = [];
  #version = 100;
  #oldest = 0;
  #heard: (() => void)[] = [];
  #port = 0;
  readonly #scheme: string;

  private constructor(certificate: Certificate | undefined) {
    const serve = (request: IncomingMessage, response: ServerResponse) => this.#serve(request, response);
    this.#server = certificate === undefined ? createServer(serve) : createTlsServer({ ...certificate }, serve);
    this.#scheme = certificate === undefined ? "http" : "https";
  }

  static async start(certificate?: Certificate): Promise<FakeKubernetes> {
    const fake = new FakeKubernetes(certificate);
    fake.#port = await listen(fake.#server);
    return fake;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${this.#port}`;
  }

  /** Creates or changes an object. */
  apply(collection: Collection, object: KubernetesObject): void {
    const key = keyOf(collection, object);
    this.#change({ collection, type: this.#objects.has(key) ? "MODIFIED" : "ADDED", object });
    this.#objects.set(key, { collection, object });
  }

  remove(collection: Collection, object: KubernetesObject): void {
    this.#objects.delete(keyOf(collection, object));
    this.#change({ collection, type: "DELETED", object });
  }

  /** Forgets all versions up to now; with an event for the watches there are, or only for those that come. */
  forget(tell: "told in the watch" | "told when asked"): void {
    this.#oldest = ++this.#version;
    this.#changes = [];
    const status = { type: "ERROR", object: { kind: "Status", code: 410, message: "too old resource version" } };
    for (const { response } of this.#watchers) {
      if (tell === "told in the watch") response.write(`${JSON.stringify(status)}\n`);
    }
    this.endWatches();
  }

  /** Sends the watches a bookmark with the version of now. */
  bookmark(): void {
    const version = String(++this.#version);
    const event = { type: "BOOKMARK", object: { metadata: { resourceVersion: version } } };
    for (const { response } of this.#watchers) response.write(`${JSON.stringify(event)}\n`);
  }

  /** Ends the watches in order, as a server does when their time is up. */
  endWatches(): void {
    for (const { response } of this.#watchers) response.end();
    this.#watchers.clear();
  }

  /** Sends whatever to the watches. */
  say(line: string): void {
    for (const { response } of this.#watchers) response.write(`${line}\n`);
  }

  /** Resolves once so many requests that match were made since the start. */
  async asked(pattern: RegExp, times = 1): Promise<void> {
    while (this.requests.filter((request) => pattern.test(request)).length < times) {
      await new Promise<void>((resolve) => this.#heard.push(resolve));
    }
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #change(change: Omit<Change, "version">): void {
    const made = { ...change, version: ++this.#version };
    this.#changes.push(made);
    for (const watcher of this.#watchers) tell(watcher, made);
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "", "http://api");
    this.requests.push(`${url.pathname}${url.search}`);
    const [, namespace, collection] = /^\/api\/v1\/(?:namespaces\/([^/]+)\/)?(\w+)$/.exec(url.pathname) ?? [];
    response.setHeader("content-type", "application/json");
    if (this.refusal !== undefined) refuse(response, this.refusal.status, this.refusal.message);
    else if (this.token !== undefined && request.headers.authorization !== `Bearer ${this.token}`) {
      refuse(response, 401, "Unauthorized");
    } else if (url.searchParams.has("watch")) {
      this.#watch({ collection: collection as Collection, namespace, response }, url.searchParams);
    } else this.#list(collection as Collection, namespace, url.searchParams, response);
    for (const heard of this.#heard.splice(0)) heard();
  }

  #list(collection: Collection, namespace: string | undefined, query: URLSearchParams, response: ServerResponse): void {
    const all = [...this.#objects.values()]
      .filter((one) => one.collection === collection && belongs(one.object, namespace))
      .map(({ object }) => object);
    const from = Number(query.get("continue") ?? 0);
    const to = from + Math.min(this.pageSize, Number(query.get("limit") ?? 500));
    const metadata = { resourceVersion: String(this.#version), ...(to < all.length && { continue: String(to) }) };
    response.end(JSON.stringify({ kind: "List", metadata, items: all.slice(from, to) }));
  }

  #watch(watcher: Watcher, query: URLSearchParams): void {
    const from = Number(query.get("resourceVersion"));
    if (from < this.#oldest) {
      refuse(watcher.response, 410, "too old resource version");
      return;
    }
    watcher.response.flushHeaders();
    for (const change of this.#changes) if (change.version > from) tell(watcher, change);
    this.#watchers.add(watcher);
    watcher.response.on("close", () => this.#watchers.delete(watcher));
  }
}

const keyOf = (collection: Collection, { metadata }: KubernetesObject): string =>
  `${collection}/${metadata.namespace}/${metadata.name}`;

const belongs = ({ metadata }: KubernetesObject, namespace: string | undefined): boolean =>
  namespace === undefined || metadata.namespace === namespace;

function tell({ collection, namespace, response }: Watcher, { type, object, version, ...change }: Change): void {
  if (change.collection !== collection || !belongs(object, namespace)) return;
  const metadata = { ...object.metadata, resourceVersion: String(version) };
  response.write(`${JSON.stringify({ type, object: { ...object, metadata } })}\n`);
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status).end(JSON.stringify({ kind: "Status", status: "Failure", message, code: status }));
}
