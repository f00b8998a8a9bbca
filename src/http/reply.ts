/** What came of one request; `kind` is the metric label and the log field. No text in it holds a secret. */
export type HttpReply =
  | {
      readonly kind: "answer";
      readonly status: number;
      /** Names in lower case; of a header sent twice the first. */
      readonly headers: ReadonlyMap<string, string>;
      readonly body: Buffer;
    }
  | { readonly kind: "unreachable"; readonly why: string }
  | { readonly kind: "too-slow"; readonly why: string }
  | { readonly kind: "too-big"; readonly why: string }
  /** The caller's signal ended it. */
  | { readonly kind: "aborted"; readonly why: string }
  /** A secret or certificate file cannot be read. */
  | { readonly kind: "unprepared"; readonly why: string };
