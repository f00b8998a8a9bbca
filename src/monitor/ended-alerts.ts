import { MAX_ALERTS } from "../alerts/alert-shelf.ts";
import { RESOLVED_RETENTION } from "../alerts/rule-alerts.ts";
import type { Alert, Transition } from "../alerts/types.ts";
import type { AlertRule } from "../rules/types.ts";
import type { Labels } from "../series/labels.ts";
import type { EpochMs } from "../series/time.ts";

/** An alert whose rule or target is gone, and the rule as it was. */
interface EndedAlert {
  readonly rule: AlertRule;
  readonly alert: Alert;
}

/** Alerts that ended because their rule or target went, remembered as long as other resolved ones are. */
export class EndedAlerts {
  /** By label key, in the order they ended. */
  readonly #ended = new Map<string, EndedAlert>();

  add(rule: AlertRule, { labels, annotations, value, evidence, activeAt, firedAt, at }: Transition): void {
    const is = { state: "resolved", activeAt, firedAt: firedAt ?? activeAt, resolvedAt: at } as const;
    this.#ended.delete(labels.key);
    this.#ended.set(labels.key, { rule, alert: { labels, annotations, value, evidence, is } });
  }

  /** An alert with these labels is there again. */
  delete(labels: Labels): void {
    this.#ended.delete(labels.key);
  }

  forget(now: EpochMs): void {
    for (const [key, { alert }] of this.#ended) {
      const expired = alert.is.state === "resolved" && now - alert.is.resolvedAt > RESOLVED_RETENTION;
      if (!expired && this.#ended.size <= MAX_ALERTS) return;
      this.#ended.delete(key);
    }
  }

  all(): Iterable<EndedAlert> {
    return this.#ended.values();
  }
}
