import type { EpochMs } from "../series/time.ts";

/** How messages of a kind are queued and sent: in which pieces, and how many of them together. */
export interface Packing<M> {
  /** Pieces in one sending at most. */
  readonly most: number;
  /** Takes a message apart into what is queued, counted and dropped as one. */
  split(message: M): readonly M[];
  /** Puts pieces together, in their order; one alone stays the object it is. */
  join(pieces: readonly M[]): M;
  /** How many alerts a piece tells of. */
  alerts(piece: M): number;
  /** Pieces of a lane are never sent out of order: "resolved" must not overtake "firing". */
  lane(piece: M): string;
}

/** What waits to be sent. */
export interface Piece<M> {
  readonly message: M;
  readonly lane: string;
  /** Given up where it is not sent by then. */
  readonly deadline: EpochMs;
  attempts: number;
}

/** How much was sent, dropped or waits. */
export interface Size {
  /** Alerts where alerts are queued, notifications elsewhere. */
  readonly messages: number;
  readonly alerts: number;
}

/** A queue with a bound. What does not fit pushes out the oldest: the newest tells how things are. */
export class DeliveryQueue<M> {
  readonly #packing: Packing<M>;
  readonly #capacity: number;
  #pieces: Piece<M>[] = [];

  /** @param capacity pieces held at most */
  constructor(packing: Packing<M>, capacity: number) {
    this.#packing = packing;
    this.#capacity = capacity;
  }

  get size(): Size {
    return this.sizeOf(this.#pieces);
  }

  sizeOf(pieces: readonly Piece<M>[]): Size {
    const alerts = pieces.reduce((sum, { message }) => sum + this.#packing.alerts(message), 0);
    return { messages: pieces.length, alerts };
  }

  /** @returns what had to go for it */
  add(message: M, deadline: EpochMs): readonly Piece<M>[] {
    for (const piece of this.#packing.split(message)) {
      this.#pieces.push({ message: piece, lane: this.#packing.lane(piece), deadline, attempts: 0 });
    }
    return this.#shrink();
  }

  /**
   * Takes out what is to be sent next: of the lanes the one whose first piece was tried least, so that one message which the
   * receiver cannot digest does not hold back the others. Empty where nothing waits.
   */
  take(): readonly Piece<M>[] {
    const first = this.#next();
    if (first === undefined) return [];
    const taken = new Set<Piece<M>>();
    for (const piece of this.#pieces) {
      if (taken.size === this.#packing.most) break;
      if (piece.lane === first.lane) taken.add(piece);
    }
    this.#pieces = this.#pieces.filter((piece) => !taken.has(piece));
    return [...taken];
  }

  /** Puts pieces that were not sent back before all others. @returns what had to go for them */
  putBack(pieces: readonly Piece<M>[]): readonly Piece<M>[] {
    this.#pieces = [...pieces, ...this.#pieces];
    return this.#shrink();
  }

  /** Takes out what has waited too long. */
  expire(now: EpochMs): readonly Piece<M>[] {
    const late = this.#pieces.filter(({ deadline }) => deadline <= now);
    if (late.length > 0) this.#pieces = this.#pieces.filter(({ deadline }) => deadline > now);
    return late;
  }

  /** Takes out everything. */
  clear(): readonly Piece<M>[] {
    return this.#pieces.splice(0);
  }

  #next(): Piece<M> | undefined {
    const seen = new Set<string>();
    let best: Piece<M> | undefined;
    for (const piece of this.#pieces) {
      if (seen.has(piece.lane)) continue;
      seen.add(piece.lane);
      if (best === undefined || piece.attempts < best.attempts) best = piece;
    }
    return best;
  }

  #shrink(): readonly Piece<M>[] {
    const over = this.#pieces.length - this.#capacity;
    return over > 0 ? this.#pieces.splice(0, over) : [];
  }
}
