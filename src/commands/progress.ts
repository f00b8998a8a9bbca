import { type DurationMs, durationMs, type EpochMs, epochMs, formatTime, MINUTE, SECOND } from "../series/time.ts";

/** Where progress is written, and what is known of it. */
export interface Screen {
  /** A terminal that may be written over. */
  readonly live: boolean;
  readonly write: (text: string) => void;
  readonly now: () => EpochMs;
}

const WIDTH = 24;
/** A terminal is not written to more often. */
const LIVE_EVERY = durationMs(100);
/** What is not a terminal gets a line now and then. */
const LINE_EVERY = durationMs(30 * SECOND);

/** Shows how far a walk through a span of time has come: a bar on a terminal, elsewhere a line now and then. */
export class Progress {
  readonly #span: { readonly from: EpochMs; readonly to: EpochMs };
  readonly #screen: Screen;
  readonly #began: EpochMs;
  #shown: EpochMs;
  #drawn = false;

  constructor(span: { readonly from: EpochMs; readonly to: EpochMs }, screen: Screen) {
    this.#span = span;
    this.#screen = screen;
    this.#began = screen.now();
    this.#shown = this.#began;
  }

  reached(at: EpochMs): void {
    const now = this.#screen.now();
    if (now - this.#shown < (this.#screen.live ? LIVE_EVERY : LINE_EVERY)) return;
    this.#shown = now;
    const { from, to } = this.#span;
    const part = to > from ? Math.min(1, Math.max(0, (at - from) / (to - from))) : 1;
    const left = part > 0 ? durationMs(((now - this.#began) / part) * (1 - part)) : undefined;
    const text = `${Math.floor(part * 100)} %, ${formatTime(epochMs(at)).slice(0, 16)}Z${leftText(left)}`;
    if (!this.#screen.live) {
      this.#screen.write(`${text}\n`);
      return;
    }
    const full = Math.round(part * WIDTH);
    this.#screen.write(`\r\u001b[K[${"#".repeat(full)}${".".repeat(WIDTH - full)}] ${text}`);
    this.#drawn = true;
  }

  /** Takes the bar away. */
  end(): void {
    if (this.#drawn) this.#screen.write("\r\u001b[K");
  }
}

function leftText(left: DurationMs | undefined): string {
  if (left === undefined || left < SECOND) return "";
  return left < 2 * MINUTE ? `, ${Math.ceil(left / SECOND)} s left` : `, ${Math.ceil(left / MINUTE)} min left`;
}
