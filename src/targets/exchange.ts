import { constants } from "node:buffer";
import { gunzip } from "node:zlib";
import type { Dispatcher } from "undici";
import { printable } from "../telemetry/printable.ts";
import type { ScrapeOutcome } from "./outcome.ts";
import type { PageBuffer } from "./page-buffer.ts";

type Headers = Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseStart"]>>[2];

/** How an exchange ends: with an outcome, or with an error that its owner may answer with another attempt. */
export type ExchangeEnd =
  | { readonly ended: "outcome"; readonly outcome: ScrapeOutcome }
  | { readonly ended: "error"; readonly error: Error; readonly answered: boolean };

/**
 * One request and its response: judges status and headers as they arrive, collects the body in the page buffer and ends the
 * connection as soon as the answer is of no use. Ends once; what the client library still says afterwards is not heard.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #page: PageBuffer;
  readonly #limit: number;
  readonly #end: (end: ExchangeEnd) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #open = true;
  #answered = false;
  #gzip = false;

  /** @param limit bytes the body may have, as sent and as inflated */
  constructor(page: PageBuffer, limit: number, end: (end: ExchangeEnd) => void) {
    this.#page = page;
    this.#limit = limit;
    this.#end = end;
  }

  /** Takes no further part: whatever arrives from now on is dropped. */
  abandon(): void {
    this.#open = false;
    this.#controller?.abort(new Error("the scrape is over"));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (!this.#open) this.abandon();
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (!this.#open) return;
    this.#answered = true;
    if (status < 200) return;
    const useless = this.#judge(status, headers);
    if (useless !== undefined) this.#finish(useless);
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#open) return;
    if (this.#page.length + chunk.length > this.#limit) this.#finish(this.#tooBig("the page"));
    else this.#page.append(chunk);
  }

  onResponseEnd(): void {
    if (!this.#open) return;
    if (this.#gzip && this.#page.length > 0) this.#inflate();
    else this.#done({ kind: "body", body: this.#page.bytes, length: this.#page.length });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (!this.#open) return;
    this.#open = false;
    this.#end({ ended: "error", error, answered: this.#answered });
  }

  /** The outcome of a response whose body need not be read; undefined where it must. */
  #judge(status: number, headers: Headers): ScrapeOutcome | undefined {
    if (status !== 200) {
      const why = `the server answered ${status}${status < 400 && status >= 300 ? "; redirects are not followed" : ""}`;
      return { kind: "http-status", status, why };
    }
    if (Number(headers["content-length"]) > this.#limit) return this.#tooBig("the page");
    const encoding = String(headers["content-encoding"] ?? "identity").toLowerCase();
    this.#gzip = encoding === "gzip" || encoding === "x-gzip";
    if (this.#gzip || encoding === "identity" || encoding === "") return undefined;
    return { kind: "not-metrics", why: `the page is encoded as "${printable(encoding, 40)}": expected gzip or none` };
  }

  #inflate(): void {
    const maxOutputLength = Math.min(this.#limit, constants.MAX_LENGTH);
    gunzip(this.#page.bytes.subarray(0, this.#page.length), { maxOutputLength }, (error, body) => {
      if (!this.#open) return;
      if (error === null) this.#done({ kind: "body", body, length: body.length });
      else if ("code" in error && error.code === "ERR_BUFFER_TOO_LARGE") this.#done(this.#tooBig("the inflated page"));
      else this.#done({ kind: "not-metrics", why: `the page is not valid gzip: ${printable(error.message, 100)}` });
    });
  }

  #tooBig(what: string): ScrapeOutcome {
    return { kind: "too-big", why: `${what} exceeds the limit of ${this.#limit} bytes` };
  }

  /** Ends with an outcome before the response has ended, and so closes the connection. */
  #finish(outcome: ScrapeOutcome): void {
    this.abandon();
    this.#end({ ended: "outcome", outcome });
  }

  #done(outcome: ScrapeOutcome): void {
    this.#open = false;
    this.#end({ ended: "outcome", outcome });
  }
}
