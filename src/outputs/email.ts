import type { NodemailerError, SendMailOptions } from "nodemailer";
import type { Notification } from "../alerts/outgoing.ts";
import type { EpochMs } from "../series/time.ts";
import { mailMessage } from "./email-message.ts";
import { mayGoLater, whyNotSent } from "./email-outcome.ts";
import { EmailTransport } from "./email-transport.ts";
import type { EmailOptions } from "./options.ts";
import type { Outcome, Output } from "./output.ts";

/** How far a mail has come: attempts after the first concern only who has not got it yet. */
interface Progress {
  readonly mail: SendMailOptions;
  /** Who is still to get it. */
  waiting: readonly string[];
  /** Why somebody never will. */
  refused: string | undefined;
}

/** A recipient that did not get the mail. */
interface Rejection {
  readonly recipient: string;
  readonly error: NodemailerError;
}

/** One mail receiver. */
export class EmailOutput implements Output<Notification> {
  readonly kind = "email";
  readonly name: string;
  readonly #options: EmailOptions;
  readonly #clock: { now(): EpochMs };
  readonly #transport: EmailTransport;
  readonly #progress = new WeakMap<Notification, Progress>();

  constructor(options: EmailOptions, clock: { now(): EpochMs }) {
    this.name = options.name;
    this.#options = options;
    this.#clock = clock;
    this.#transport = new EmailTransport(options);
  }

  async send(notification: Notification, signal: AbortSignal): Promise<Outcome> {
    const way = await this.#transport.prepare();
    if (way.kind === "unprepared") return { kind: "later", why: way.why };
    const { pool, secrets } = way.value;
    const progress = this.#begun(notification);
    const envelope = { from: this.#options.from, to: [...progress.waiting] };
    try {
      const { rejectedErrors = [] } = await pool.sendMail({ ...progress.mail, envelope, signal });
      return this.#judge(progress, rejectionsOf(rejectedErrors), secrets);
    } catch (error) {
      const failure = error as NodemailerError;
      const rejections = rejectionsOf(failure.rejectedErrors ?? []);
      if (rejections.length > 0) return this.#judge(progress, rejections, secrets);
      const why = signal.aborted ? "given up before the mail server took the mail" : this.#why(failure, secrets);
      return mayGoLater(failure) ? { kind: "later", why } : { kind: "never", why };
    }
  }

  async close(): Promise<void> {
    this.#transport.close();
  }

  #why(error: NodemailerError, secrets: readonly string[]): string {
    return whyNotSent(error, secrets, this.#options.timeout);
  }

  /** The same mail at each attempt, so that one that was sent after all is recognised. */
  #begun(notification: Notification): Progress {
    const known = this.#progress.get(notification);
    if (known !== undefined) return known;
    const mail = mailMessage(notification, this.#options, this.#clock.now());
    const progress: Progress = { mail, waiting: this.#options.to, refused: undefined };
    this.#progress.set(notification, progress);
    return progress;
  }

  /** Some recipients were refused: now, then the rest is tried again, or for good, then that is what is told in the end. */
  #judge(progress: Progress, rejections: readonly Rejection[], secrets: readonly string[]): Outcome {
    const notNow = rejections.filter(({ error }) => mayGoLater(error));
    const forGood = rejections.filter(({ error }) => !mayGoLater(error));
    const [first] = forGood;
    if (first !== undefined) {
      const others = forGood.length > 1 ? ` and ${forGood.length - 1} more` : "";
      progress.refused = `refused for ${first.recipient}${others}: ${this.#why(first.error, secrets)}`;
    }
    const [waiting] = notNow;
    if (waiting !== undefined) {
      progress.waiting = notNow.map(({ recipient }) => recipient);
      return { kind: "later", why: `not yet for ${waiting.recipient}: ${this.#why(waiting.error, secrets)}` };
    }
    return progress.refused === undefined ? { kind: "sent" } : { kind: "never", why: progress.refused };
  }
}

const rejectionsOf = (errors: readonly NodemailerError[]): Rejection[] =>
  errors.map((error) => ({ recipient: error.recipient ?? "", error }));
