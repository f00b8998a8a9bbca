import type { MonitorEvent } from "../../monitor/events.ts";
import type { ScrapeInput } from "../../monitor/inputs.ts";
import { step } from "../../monitor/step.ts";
import type { World } from "../../monitor/world.ts";
import { evaluate } from "../../promql/evaluate.ts";
import { compareAlerts, type OtherAlert } from "../../rules/tests/compare-alerts.ts";
import { compareSamples } from "../../rules/tests/compare-samples.ts";
import type { SeenAlert } from "../../rules/tests/match-alerts.ts";
import { showMap } from "../../rules/tests/show.ts";
import type {
  AlertExpectation,
  ExpectedSample,
  ExpectedState,
  RuleTest,
  SampleExpectation,
} from "../../rules/tests/types.ts";
import { Labels } from "../../series/labels.ts";
import { durationMs, type EpochMs, epochMs, formatDuration } from "../../series/time.ts";
import type { Coverage } from "./coverage.ts";
import type { Failure } from "./results.ts";

/** Firings of an alert that should be quiet that are told; the rest is counted. */
const MAX_TOLD = 5;

/** How a test runs. */
interface RunOptions {
  /** Values that differ in the last bit are equal. */
  readonly fuzzy: boolean;
  readonly coverage: Coverage;
  readonly atOnce: boolean;
}

/** One test as it runs: moves its world and holds what is seen against what is expected. */
export class TestRun {
  readonly #test: RuleTest;
  readonly #world: World;
  readonly #start: EpochMs;
  readonly #fuzzy: boolean;
  readonly #coverage: Coverage;
  readonly #failures: Failure[] = [];
  /** Not yet looked at, in the order of their times. */
  readonly #alerts: AlertExpectation[];
  readonly #samples: SampleExpectation[];
  readonly #atOnce: boolean;
  /** What fired although it should not, by name. */
  readonly #loud = new Map<string, string[]>();
  /** A rule failed: nothing after it means anything. */
  broken = false;

  /**
   * @param start what times of the test count from
   * @param atOnce whether expressions are evaluated when it is time, and not at the end on everything there is by then
   */
  constructor(test: RuleTest, world: World, start: EpochMs, { fuzzy, coverage, atOnce }: RunOptions) {
    this.#test = test;
    this.#world = world;
    this.#start = start;
    this.#fuzzy = fuzzy;
    this.#coverage = coverage;
    this.#atOnce = atOnce;
    this.#samples = test.samples.toSorted((a, b) => a.at - b.at);
    this.#alerts = test.alerts.toSorted((a, b) => a.at - b.at);
    for (const { value } of test.quiet) this.#loud.set(value, []);
  }

  /** Lets an instant happen; expectations of times before it are looked at first. */
  step(scrapes: readonly ScrapeInput[], at: EpochMs): void {
    this.#settle(at);
    const events = step(this.#world, scrapes, at);
    this.#coverage.note(this.#world, events);
    for (const event of events) this.#hear(event, at);
  }

  /** Looks at what is left. @returns everything that is not as expected, in the order of the file */
  finish(): readonly Failure[] {
    if (!this.broken) {
      this.#settle(epochMs(Number.POSITIVE_INFINITY));
      for (const expectation of this.#samples) this.#checkSamples(expectation);
      if (this.#world.store.recorder.refused > 0) {
        const summary = "the test has more series than there is room for: expected fewer or shorter ones";
        this.#failures.push({ kind: "input", place: this.#test.place, summary, details: [] });
      }
    }
    for (const { value, place } of this.#test.quiet) {
      const told = this.#loud.get(value) ?? [];
      if (told.length === 0) continue;
      const details = told.slice(0, MAX_TOLD);
      if (told.length > MAX_TOLD) details.push(`and ${told.length - MAX_TOLD} times more`);
      this.#failures.push({
        kind: "quiet",
        place,
        summary: `alert ${value} fired: expected it to stay quiet`,
        details,
      });
    }
    return this.#failures.toSorted((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
  }

  #settle(before: EpochMs): void {
    for (let next = this.#alerts[0]; next && this.#start + next.at < before; next = this.#alerts[0]) {
      this.#alerts.shift();
      this.#checkAlerts(next);
    }
    if (!this.#atOnce) return;
    for (let next = this.#samples[0]; next && this.#start + next.at < before; next = this.#samples[0]) {
      this.#samples.shift();
      this.#checkSamples(next);
    }
  }

  #hear(event: MonitorEvent, at: EpochMs): void {
    const since = this.#since(at);
    if (event.kind === "transition" && event.transition.state === "firing") {
      const { labels } = event.transition;
      this.#loud.get(event.rule.name)?.push(`at ${since} ${showMap(labels.pairs)}`);
    } else if (event.kind === "rule-failed") {
      this.#break(`rule ${event.rule} failed at ${since}: ${event.why}`);
    } else if (event.kind === "bug") {
      this.#break(`a bug of this program showed at ${since}: ${String(event.error)}`);
    }
  }

  #break(summary: string): void {
    this.broken = true;
    this.#failures.push({ kind: "rule", place: this.#test.place, summary, details: [] });
  }

  #checkAlerts(expectation: AlertExpectation): void {
    const { alertname, state, place } = expectation;
    const difference = compareAlerts(expectation, this.#seen(alertname, state), this.#others(alertname, state));
    if (difference) this.#failures.push({ kind: "alerts", place, ...difference });
  }

  /** The alerts of a name in a state; subjects of its detectors where it is theirs. */
  #seen(alertname: string, state: ExpectedState): readonly SeenAlert[] {
    if (state !== "learning") return this.#active(alertname).filter((alert) => alert.state === state);
    return this.#rules(alertname).flatMap((rule) =>
      [...this.#world.targetRules.values()].flatMap((rules) =>
        [...(rules.judge(rule)?.judged() ?? [])]
          .filter((judged) => judged.state === "learning")
          .map(({ watched }) => ({ labels: watched.labels, annotations: {} })),
      ),
    );
  }

  #others(alertname: string, state: ExpectedState): readonly OtherAlert[] {
    return state === "learning" ? [] : this.#active(alertname).filter((alert) => alert.state !== state);
  }

  #active(alertname: string): readonly OtherAlert[] {
    return this.#rules(alertname).flatMap((rule) =>
      [...this.#world.ruleStates.get(rule)!.alerts()].map(({ labels, annotations, is }) => {
        const told = is.state === "pending" ? `pending since ${this.#since(is.activeAt)}` : is.state;
        return { labels, annotations, state: is.state, told };
      }),
    );
  }

  #rules(alertname: string) {
    return [...this.#world.ruleStates.keys()].filter(({ name }) => name === alertname);
  }

  /** Evaluates an expression on what there is by now. */
  #checkSamples(expectation: SampleExpectation): void {
    const { place, text, at } = expectation;
    let came: readonly ExpectedSample[];
    try {
      const { lookback, interval: subqueryStep } = this.#world.options.evaluation;
      const options = { lookback, subqueryStep };
      const value = evaluate(expectation.tree, this.#world.store, epochMs(this.#start + at), options);
      came =
        value.kind === "vector"
          ? value.samples
          : [{ labels: Labels.EMPTY, value: value.kind === "scalar" ? value.value : Number.NaN }];
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const summary = `expression ${JSON.stringify(text)} at ${formatDuration(at)} failed: ${error.message}`;
      this.#failures.push({ kind: "samples", place, summary, details: [] });
      return;
    }
    const difference = compareSamples(expectation, came, this.#fuzzy);
    if (difference) this.#failures.push({ kind: "samples", place, ...difference });
  }

  #since(at: EpochMs): string {
    return formatDuration(durationMs(at - this.#start));
  }
}
