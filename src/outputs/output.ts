import type { DurationMs } from "../series/time.ts";

/** What came of sending one message. No `why` holds a secret. */
export type Outcome =
  | { readonly kind: "sent" }
  /** It may go another time; `after` where the receiver said when. */
  | { readonly kind: "later"; readonly why: string; readonly after?: DurationMs }
  /** The receiver refuses it for good. */
  | { readonly kind: "never"; readonly why: string };

type OutputKind = "alertmanager" | "email" | "webhook" | "log";

/** A place alerts are delivered to. Sends once: when and how often is decided by `Delivery`. */
export interface Output<Message> {
  readonly kind: OutputKind;
  /** Tells outputs of a kind apart in metrics and logs: the configured name, or an Alertmanager's address. */
  readonly name: string;
  /** Never rejects: what can go wrong outside is an outcome. Ends soon after the signal. */
  send(message: Message, signal: AbortSignal): Promise<Outcome>;
  close(): Promise<void>;
}
