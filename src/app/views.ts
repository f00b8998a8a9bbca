import type { Alert } from "../alerts/types.ts";
import type { MonitorEvent } from "../monitor/events.ts";
import type { World } from "../monitor/world.ts";
import type { AlertView, ExporterViews, ModelEventView } from "../outputs/exporter-views.ts";
import { type Labels, METRIC_NAME } from "../series/labels.ts";
import type { EpochMs } from "../series/time.ts";
import { countSubjects } from "./views/sensitivity-views.ts";

/** Kinds of model events remembered, of all targets and of one; a server that invents models must not fill the memory. */
const MAX_EVENTS = 20_000;
const MAX_EVENTS_OF_A_TARGET = 500;

/** What the last scrape of a target came to, as the page shows it. */
interface LastScrape {
  readonly seconds: number;
  readonly samples: number;
  readonly bytes: number;
}

/** The world as our own /metrics page shows it; counts what happened, as it is told. */
export class Views implements ExporterViews {
  readonly #world: World;
  readonly #events = new Map<string, { labels: Labels; count: number; lastAt: EpochMs }>();
  /** How many of those events are of each target. */
  readonly #eventCounts = new Map<string, number>();
  readonly #scrapes = new Map<string, LastScrape>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Takes note of what a step did. */
  tell(event: MonitorEvent): void {
    if (event.kind === "scraped") {
      const { seconds, samples, bytes } = event;
      this.#scrapes.set(event.target.key, { seconds, samples, bytes });
    }
    if (event.kind === "target-gone") this.#forget(event.target);
    if (event.kind === "model") this.#count(event);
  }

  #count({ target, event }: Extract<MonitorEvent, { kind: "model" }>): void {
    const id = event.kind === "restarted" ? target : target.with(event.id);
    const labels = id.with({ event: event.kind });
    const known = this.#events.get(labels.key);
    const ofTarget = this.#eventCounts.get(target.key) ?? 0;
    if (known) {
      known.count++;
      known.lastAt = event.at;
    } else if (this.#events.size < MAX_EVENTS && ofTarget < MAX_EVENTS_OF_A_TARGET) {
      this.#events.set(labels.key, { labels, count: 1, lastAt: event.at });
      this.#eventCounts.set(target.key, ofTarget + 1);
    }
  }

  *alerts() {
    for (const rule of this.#world.ruleStates.values()) {
      for (const alert of rule.alerts()) yield alertView(alert);
    }
    for (const { alert } of this.#world.ended.all()) yield alertView(alert);
  }

  *exceptions() {
    for (const [{ name }, { exceptions }] of this.#world.ruleStates) {
      for (const { exception, hits } of exceptions) {
        yield { alertname: name, position: `${exception.position.file}:${exception.position.line}`, hits };
      }
    }
  }

  *subjects() {
    for (const rules of this.#world.targetRules.values()) {
      for (const [rule, judge] of rules.judges()) {
        const more = this.#world.rules.nameOf(rule).without("rule");
        for (const { watched, state, score, explanation } of judge.judged()) {
          const { expected, lower, upper, observed } = explanation;
          yield {
            rule: rule.name,
            labels: more.pairs.length === 0 ? watched.labels : watched.labels.with(more),
            observed,
            ...(expected !== undefined && { expected }),
            ...(lower !== undefined && { lower }),
            ...(upper !== undefined && { upper }),
            score,
            learning: state === "learning",
            normal: state === "normal",
          };
        }
      }
    }
  }

  *rules() {
    for (const { rule, subjects, noisy } of countSubjects(this.#world)) {
      const labels = this.#world.rules.nameOf(rule);
      yield { labels, subjects, noisy, raise: this.#world.budget.raiseOf(rule) };
    }
  }

  *models() {
    for (const target of this.#world.targets.values()) {
      for (const { id, firstSeen } of target.inventory.serving()) yield { labels: target.labels.with(id), firstSeen };
    }
  }

  /** What was counted of a target that is watched no longer goes with it. */
  #forget(target: Labels): void {
    this.#scrapes.delete(target.key);
    this.#eventCounts.delete(target.key);
    for (const [key, { labels }] of this.#events) {
      if (target.pairs.every(([name, value]) => labels.get(name) === value)) this.#events.delete(key);
    }
  }

  modelEvents(): Iterable<ModelEventView> {
    return this.#events.values();
  }

  *targets() {
    for (const { labels, down, lastSuccess, failures } of this.#world.targets.values()) {
      const last = this.#scrapes.get(labels.key);
      yield {
        labels: labels.without(METRIC_NAME),
        up: !down,
        durationSeconds: last?.seconds ?? 0,
        samples: last?.samples ?? 0,
        bodyBytes: last?.bytes ?? 0,
        ...(lastSuccess !== undefined && { lastSuccess }),
        failures,
      };
    }
  }
}

function alertView({ labels, is }: Alert): AlertView {
  const severity = labels.get("severity") ?? "";
  if (is.state === "resolved") return { labels, severity, state: 0 };
  return { labels, severity, state: is.state === "firing" ? 2 : 1, activeSince: is.activeAt };
}
