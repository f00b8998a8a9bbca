import { type DurationMs, durationMs, epochMs, formatDuration, MINUTE } from "../series/time.ts";
import type { DeliveryPolicy, DeliveryPorts, Ending, OutputName } from "./delivery-ports.ts";
import { DeliveryQueue, type Packing, type Piece } from "./delivery-queue.ts";
import type { Outcome, Output } from "./output.ts";

/** However long a receiver asks us to stay away, it is asked again after this. */
const LONGEST_ASKED = durationMs(5 * MINUTE);

/** How delivery to an output goes; counted in alerts for Alertmanagers, in notifications elsewhere. */
export interface DeliveryStatus {
  readonly queued: number;
  readonly sent: number;
  readonly failed: number;
  readonly dropped: number;
  /** Why the last sending failed; absent after one that did not. */
  readonly lastError?: string;
}

/**
 * Delivers messages to one output: queued with a bound, one sending at a time, tried again with growing, jittered pauses until
 * their deadline. All that is said about retries is said here: an output only tells what came of one sending.
 */
export class Delivery<M> {
  readonly output: OutputName;
  readonly #output: Output<M>;
  readonly #packing: Packing<M>;
  readonly #policy: DeliveryPolicy;
  readonly #ports: DeliveryPorts;
  readonly #queue: DeliveryQueue<M>;
  readonly #count: Record<Ending, number> = { sent: 0, failed: 0, dropped: 0 };
  #lastError: string | undefined;
  /** What is being sent. */
  #batch: readonly Piece<M>[] = [];
  #attempt: AbortController | undefined;
  /** The round of sendings that is under way. */
  #round: Promise<void> | undefined;
  #endPause: (() => void) | undefined;
  /** Sendings in a row that are to be tried again. */
  #setbacks = 0;
  #mode: "open" | "draining" | "over" = "open";

  constructor(output: Output<M>, packing: Packing<M>, policy: DeliveryPolicy, ports: DeliveryPorts) {
    this.output = { kind: output.kind, name: output.name };
    this.#output = output;
    this.#packing = packing;
    this.#policy = policy;
    this.#ports = ports;
    this.#queue = new DeliveryQueue(packing, policy.capacity);
  }

  /** Takes a message over. It is sent soon, later or, in the worst case, never; whoever calls need not wait. */
  deliver(message: M): void {
    const now = this.#ports.clock.now();
    const pushedOut = this.#queue.add(message, epochMs(now + this.#policy.deadline));
    this.#settle(pushedOut, "dropped", `more than ${this.#policy.capacity} waited`);
    if (this.#mode === "open") this.#begin();
    else this.#settle(this.#queue.clear(), "dropped", "the program is stopping");
    this.#tellLength();
  }

  status(): DeliveryStatus {
    const lastError = this.#lastError;
    const queued = this.#queue.size.messages + this.#batch.length;
    return { queued, ...this.#count, ...(lastError !== undefined && { lastError }) };
  }

  /**
   * Takes no more messages, tries each that waits once more without pauses, and closes the output when all are through or the
   * grace is over. What is left then is dropped.
   */
  async stop(grace: DurationMs): Promise<void> {
    if (this.#mode !== "open") return;
    this.#mode = "draining";
    const cancel = this.#ports.clock.setTimer(grace, () => {
      this.#mode = "over";
      this.#attempt?.abort();
    });
    this.#endPause?.();
    this.#begin();
    await this.#round;
    cancel();
    this.#mode = "over";
    this.#settle(this.#queue.clear(), "dropped", `not sent within ${formatDuration(grace)} of stopping`);
    this.#tellLength();
    await this.#output.close();
  }

  /** Begins a round of sendings, unless one is under way or a pause is on. */
  #begin(): void {
    if (this.#round !== undefined || this.#endPause !== undefined) return;
    this.#round = this.#sendings();
  }

  async #sendings(): Promise<void> {
    // What else is delivered in this turn goes along.
    await Promise.resolve();
    while (this.#mode !== "over" && this.#endPause === undefined) {
      this.#giveUpLate();
      this.#batch = this.#queue.take();
      if (this.#batch.length === 0) break;
      const outcome = await this.#send(this.#batch);
      const batch = this.#batch;
      this.#batch = [];
      this.#judge(batch, outcome);
      this.#tellLength();
    }
    // In the same breath as the look at the empty queue: what comes next must find that no round is under way.
    this.#round = undefined;
  }

  async #send(batch: readonly Piece<M>[]): Promise<Outcome> {
    const { clock, observer } = this.#ports;
    const { attemptTimeout } = this.#policy;
    const began = clock.now();
    const attempt = new AbortController();
    let tooSlow = false;
    const cancel = clock.setTimer(attemptTimeout, () => {
      tooSlow = true;
      attempt.abort();
    });
    this.#attempt = attempt;
    const said = await this.#output.send(this.#packing.join(batch.map(({ message }) => message)), attempt.signal);
    this.#attempt = undefined;
    cancel();
    const late = tooSlow && said.kind === "later";
    const outcome: Outcome = late ? { kind: "later", why: `not done within ${formatDuration(attemptTimeout)}` } : said;
    observer.attempted(this.output, outcome, this.#queue.sizeOf(batch), Math.max(0, clock.now() - began) / 1000);
    return outcome;
  }

  #judge(batch: readonly Piece<M>[], outcome: Outcome): void {
    this.#lastError = outcome.kind === "sent" ? undefined : outcome.why;
    if (outcome.kind !== "later") this.#setbacks = 0;
    if (outcome.kind === "sent") this.#settle(batch, "sent");
    else if (outcome.kind === "never" || this.#mode === "draining") this.#settle(batch, "failed", outcome.why);
    else this.#retry(batch, outcome.after);
  }

  #retry(batch: readonly Piece<M>[], after: DurationMs | undefined): void {
    for (const piece of batch) piece.attempts++;
    this.#settle(this.#queue.putBack(batch), "dropped", `more than ${this.#policy.capacity} waited`);
    if (this.#mode !== "open") return;
    const pause = this.#pause(after);
    this.#setbacks++;
    const cancel = this.#ports.clock.setTimer(pause, () => {
      this.#endPause = undefined;
      this.#begin();
    });
    this.#endPause = () => {
      cancel();
      this.#endPause = undefined;
    };
  }

  /** Half of the pause is fixed, half is chance, so that senders that failed together do not come back together. */
  #pause(after: DurationMs | undefined): DurationMs {
    const { firstPause, longestPause } = this.#policy;
    const full = Math.min(longestPause, firstPause * 2 ** Math.min(this.#setbacks, 30));
    const own = full * (0.5 + this.#ports.random() / 2);
    return durationMs(Math.ceil(Math.max(own, Math.min(after ?? 0, LONGEST_ASKED))));
  }

  #giveUpLate(): void {
    const late = this.#queue.expire(this.#ports.clock.now());
    const why = `not sent within ${formatDuration(this.#policy.deadline)}`;
    this.#settle(late, "failed", this.#lastError === undefined ? why : `${why}; at last ${this.#lastError}`);
    if (late.length > 0) this.#tellLength();
  }

  #settle(pieces: readonly Piece<M>[], ending: Ending, why?: string): void {
    if (pieces.length === 0) return;
    const size = this.#queue.sizeOf(pieces);
    this.#count[ending] += size.messages;
    this.#ports.observer.settled(this.output, ending, size, why);
  }

  #tellLength(): void {
    const waiting = this.#queue.size;
    const underWay = this.#queue.sizeOf(this.#batch);
    const size = { messages: waiting.messages + underWay.messages, alerts: waiting.alerts + underWay.alerts };
    this.#ports.observer.queued(this.output, size);
  }
}
