import { readFileSync } from "node:fs";
import type { Transition } from "../../src/alerts/types.ts";
import type { MonitorEvent } from "../../src/monitor/events.ts";
import type { Input, Scraped, ScrapeInput } from "../../src/monitor/inputs.ts";
import {
  DEFAULT_EVALUATION,
  DEFAULT_WORLD,
  type ReloadableOptions,
  type WorldOptions,
} from "../../src/monitor/options.ts";
import { RuleSet } from "../../src/monitor/rule-set.ts";
import { step } from "../../src/monitor/step.ts";
import { World } from "../../src/monitor/world.ts";
import { loadRules } from "../../src/rules/load.ts";
import { Labels } from "../../src/series/labels.ts";
import { durationMs, type EpochMs, epochMs } from "../../src/series/time.ts";

const START = Date.UTC(2026, 10, 23, 8);

/** Rules written in a test. @throws Error with what is wrong with them */
export function rulesOf(text: string): RuleSet {
  const { groups, mistakes } = loadRules([{ file: "test.yml", text }]);
  if (groups.length === 0) throw new Error(mistakes.map(({ message }) => message).join("\n"));
  return new RuleSet(groups);
}

export const packagedRules: RuleSet = rulesOf(readFileSync(new URL("../../rules/triton.yml", import.meta.url), "utf8"));

/** How a bench differs from what the product does by itself. */
interface BenchOptions extends Partial<Omit<WorldOptions, "evaluation">> {
  readonly evaluation?: Partial<WorldOptions["evaluation"]>;
  /** Seconds between scrapes, and between evaluations of `expr:` rules. */
  readonly every?: number;
}

/** A world on a bench: gives it pages, moves its time, and keeps what it said. */
export class Bench {
  readonly world: World;
  readonly events: MonitorEvent[] = [];
  readonly every: number;
  /** Milliseconds since the epoch. */
  now = START;

  constructor({ every = 1, evaluation, ...options }: BenchOptions = {}) {
    this.every = every;
    this.world = new World({
      rules: packagedRules,
      ...DEFAULT_WORLD,
      ...options,
      evaluation: { ...DEFAULT_EVALUATION, interval: durationMs(every * 1000), ...evaluation },
    });
  }

  /** One tick: what each target's scrape brought; text is a page, undefined is no answer. */
  tick(pages: Readonly<Record<string, string | undefined>>): readonly MonitorEvent[] {
    this.now += this.every * 1000;
    return this.give(Object.entries(pages).map(([instance, page]) => scrapeOf(instance, page, this.time)));
  }

  give(inputs: readonly Input[]): readonly MonitorEvent[] {
    const events = step(this.world, inputs, this.time);
    this.events.push(...events);
    return events;
  }

  /** Other options, in a tick of their own. */
  reload(options: Partial<ReloadableOptions>): readonly MonitorEvent[] {
    return this.give([{ kind: "reload", options: { ...this.world.options, ...options } }]);
  }

  get time(): EpochMs {
    return epochMs(this.now);
  }

  get transitions(): readonly Transition[] {
    return transitionsOf(this.events);
  }

  /** What an alert did, in order; of one model where it is named. */
  story(alertname: string, model?: string): readonly string[] {
    return this.transitions
      .filter(({ labels }) => labels.get("alertname") === alertname)
      .filter(({ labels }) => model === undefined || labels.get("model") === model)
      .map(({ state, reason }) => (reason === undefined ? state : `${state} (${reason})`));
  }

  /** The names of the alerts that fire, with their instances. */
  firing(): readonly string[] {
    const firing: string[] = [];
    for (const rule of this.world.ruleStates.values()) {
      for (const { labels, is } of rule.alerts()) {
        if (is.state === "firing") firing.push(`${labels.get("alertname")} ${labels.get("instance") ?? ""}`.trim());
      }
    }
    return firing;
  }
}

export const transitionsOf = (events: readonly MonitorEvent[]): readonly Transition[] =>
  events.flatMap((event) => (event.kind === "transition" ? [event.transition] : []));

/** A scrape of a target of job "triton"; `instance` may name another job before a slash. */
export function scrapeOf(name: string, page: string | undefined, at: EpochMs): ScrapeInput {
  const [instance = "", job = "triton"] = name.split("/").toReversed();
  return { kind: "scrape", target: Labels.of({ job, instance }), at, seconds: 0.01, outcome: outcomeOf(page) };
}

function outcomeOf(page: string | undefined): Scraped {
  if (page === undefined) return { kind: "unreachable", why: "connection refused" };
  const body = new TextEncoder().encode(page);
  return { kind: "body", body, length: body.length };
}
