import type { Logger } from "pino";
import { Counter, type Registry } from "prom-client";
import { namingIn } from "./self-metrics.ts";

/** What people may call an alert. */
const VERDICTS = ["true", "false", "expected"] as const;

/** Of which subject, from which expected value to which, and who called it normal. */
interface Rebaselined {
  readonly labels: string;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly by: string | undefined;
}

/** Counts and logs what is learned other than by watching: from what people say of alerts, and from alarms that last. */
export class LearningTelemetry {
  readonly #log: Logger;
  readonly #feedback: Counter<"verdict">;
  readonly #rebaselined: Counter<"rule">;

  constructor(registry: Registry, log: Logger) {
    const name = namingIn(registry);
    this.#log = log;
    this.#feedback = new Counter({
      ...name("feedback_total"),
      help: "What people called alerts.",
      labelNames: ["verdict"] as const,
    });
    this.#rebaselined = new Counter({
      ...name("rebaselined_total"),
      help: "Levels taken for normal because an alarm of a rule lasted a day, or because they stayed after somebody called them so.",
      labelNames: ["rule"] as const,
    });
    for (const verdict of VERDICTS) this.#feedback.inc({ verdict }, 0);
  }

  /** Somebody said whether an alert was right; `did` says what was learned. */
  feedback(
    verdict: (typeof VERDICTS)[number],
    what: { readonly labels: string; readonly by: string; readonly note: string; readonly did: string },
  ): void {
    this.#feedback.inc({ verdict });
    this.#log.info({ verdict, ...what }, "feedback on an alert");
  }

  /** An alarm of a rule lasted too long, or `by` had called it normal and it stayed: its level was taken for normal. */
  rebaselined(rule: string, what: Rebaselined): void {
    this.#rebaselined.inc({ rule });
    this.#log.warn({ rule, ...what }, "a level that stayed is taken for normal");
  }

  /** A rule is no longer in force. */
  forget(rule: string): void {
    this.#rebaselined.remove({ rule });
  }
}
