import type { Input, ScrapeInput } from "../../../monitor/inputs.ts";
import type { RuleSet } from "../../../monitor/rule-set.ts";
import type { Matcher } from "../../../series/matchers.ts";
import { type DurationMs, durationMs, type EpochMs, epochMs, formatDuration, MINUTE } from "../../../series/time.ts";
import { UserMistake } from "../../user-mistake.ts";
import type { History, Tick } from "../history.ts";
import type { PrometheusApi } from "./api.ts";
import { loadChunk } from "./chunk.ts";
import { discover, type Found } from "./discover.ts";
import { TargetPages } from "./target-pages.ts";
import { selectorsOf } from "./wanted.ts";

/** Points of one series in one answer: Prometheus gives no more than 11,000. */
const MOST_STEPS = 11_000;
const FEWEST_STEPS = 8;
/** Points of a chunk, all series together, and of one answer: some 20 MB each. */
const MOST_POINTS = 2_000_000;
const MOST_POINTS_AN_ANSWER = 500_000;
/** A target of which the server says nothing for so long, while it knows of others, is watched no longer. */
const GONE_AFTER = durationMs(5 * MINUTE);

/** What is read, from where. */
export interface PrometheusSpan {
  readonly name: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly step: DurationMs;
  /** Only series that these choose. */
  readonly narrow: readonly Matcher[];
}

/**
 * The history that a Prometheus-compatible server holds of targets, rebuilt as the scrapes that made it: what `up` says and
 * when, and a page of the samples that the rules read. Read chunk by chunk.
 * @throws UserMistake where there is none, or the server refuses; Unreachable. Ticks throw them too
 */
export async function prometheusHistory(
  api: PrometheusApi,
  rules: readonly RuleSet[],
  span: PrometheusSpan,
): Promise<History> {
  const found = await discover(api, selectorsOf(rules, span.narrow), span.narrow, span);
  const reader = new Reader(api, found, {
    span,
    durations: rules.some((set) => set.wants("scrape_duration_seconds")),
  });
  const ticks = reader.ticks();
  const first: Tick[] = [];
  // As with recordings, what is usual shows in the first of them.
  while (first.length < 64) {
    const next = await ticks.next();
    if (next.done) break;
    first.push(next.value);
  }
  const spacing = spacingOf(first) ?? span.step;
  async function* all(): AsyncGenerator<Tick> {
    yield* first;
    yield* ticks;
  }
  return {
    name: span.name,
    spacing,
    span: durationMs(span.to - span.from),
    ticks: all(),
    notes: () => [...notesOn(span, spacing), ...found.notes, ...reader.notes()],
  };
}

function notesOn({ step }: PrometheusSpan, spacing: DurationMs): readonly string[] {
  const notes = [
    `rebuilt from a Prometheus-compatible server every ${formatDuration(step)}: of scrapes between two steps only the last is seen, and of counters that reset in between only what came after`,
  ];
  if (spacing > step)
    notes.push(`scrapes are ${formatDuration(spacing)} apart: steps without a new one were passed over`);
  return notes;
}

/** The median time between scrapes of one target. */
function spacingOf(ticks: readonly Tick[]): DurationMs | undefined {
  const last = new Map<string, number>();
  const gaps: number[] = [];
  for (const { inputs } of ticks) {
    for (const input of inputs) {
      if (input.kind !== "scrape") continue;
      const before = last.get(input.target.key);
      if (before !== undefined) gaps.push(input.at - before);
      last.set(input.target.key, input.at);
    }
  }
  const median = gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)];
  return median === undefined ? undefined : durationMs(median);
}

interface Reading {
  readonly span: PrometheusSpan;
  readonly durations: boolean;
}

/** Walks through the steps of a span. */
class Reader {
  readonly #api: PrometheusApi;
  readonly #found: Found;
  readonly #reading: Reading;
  readonly #targets: readonly TargetPages[];
  /** Since which step a target that was there is not. */
  readonly #absent = new Map<TargetPages, EpochMs>();
  readonly #seen = new Set<TargetPages>();
  #homeless = 0;
  #lastTick = Number.NEGATIVE_INFINITY;

  constructor(api: PrometheusApi, found: Found, reading: Reading) {
    this.#api = api;
    this.#found = found;
    this.#reading = reading;
    this.#targets = found.targets.map(({ labels }) => new TargetPages(labels));
  }

  notes(): readonly string[] {
    const notes: string[] = [];
    if (this.#homeless > 0) {
      notes.push(
        `${this.#homeless} series could not be told to be of one target, or have names no page can show, and were left out`,
      );
    }
    const doubted = this.#targets.reduce((sum, target) => sum + target.doubted, 0);
    if (doubted > 0) {
      notes.push(
        `${doubted} scrapes have a time that cannot be (timestamp of \`up\` in the future, or more than 10m before the step): each was taken to have been at its step`,
      );
    }
    return notes;
  }

  async *ticks(): AsyncGenerator<Tick, void, undefined> {
    const { from, to, step } = this.#reading.span;
    const start = Math.ceil(from / step) * step;
    const steps = Math.floor((to - start) / step) + 1;
    let together = this.#chunkSteps();
    for (let first = 0; first < steps; ) {
      const count = Math.min(together, steps - first);
      const chunk = { start: start + first * step, step, count };
      const answer = await loadChunk(
        this.#api,
        { found: this.#found, durations: this.#reading.durations },
        this.#targets,
        chunk,
      );
      if (answer.kind === "too-much") {
        if (count <= FEWEST_STEPS)
          throw new UserMistake(`Cannot read history: ${answer.why}; choose fewer targets with --match`);
        together = count >> 1;
        continue;
      }
      this.#homeless = Math.max(this.#homeless, answer.homeless);
      for (let i = 0; i < count; i++) yield* this.#tick(i, epochMs(chunk.start + i * step));
      first += count;
    }
  }

  #chunkSteps(): number {
    const counts = [...this.#found.selectors.values()];
    const total = counts.reduce((sum, count) => sum + count, 0);
    const steps = Math.min(MOST_POINTS / total, MOST_POINTS_AN_ANSWER / Math.max(...counts), MOST_STEPS);
    return Math.max(FEWEST_STEPS, Math.floor(steps));
  }

  *#tick(step: number, at: EpochMs): Iterable<Tick> {
    const scrapes: ScrapeInput[] = [];
    for (const target of this.#targets) {
      const input = target.scrape(step, at);
      if (input === undefined) continue;
      this.#seen.add(target);
      scrapes.push(input);
    }
    scrapes.sort((a, b) => a.at - b.at);
    const inputs: Input[] = [...this.#gone(step, at), ...scrapes];
    // Rules that miss something must notice although nothing comes any more.
    const quiet = at - this.#lastTick >= 4 * this.#reading.span.step && this.#lastTick > 0;
    if (inputs.length === 0 && !quiet) return;
    const now = Math.max(this.#lastTick, scrapes.at(-1)?.at ?? at);
    this.#lastTick = now;
    yield { now: epochMs(now), inputs };
  }

  /** Targets of which nothing is said any more. Where nothing is said of any, it is the server that was away. */
  #gone(step: number, at: EpochMs): readonly Input[] {
    const away = this.#targets.every((target) => target.gone(step));
    const gone: Input[] = [];
    for (const target of this.#seen) {
      if (away || !target.gone(step)) {
        this.#absent.delete(target);
        continue;
      }
      const since = this.#absent.get(target) ?? at;
      this.#absent.set(target, since);
      if (at - since < GONE_AFTER) continue;
      this.#absent.delete(target);
      this.#seen.delete(target);
      gone.push({ kind: "target-gone", target: target.labels });
    }
    return gone;
  }
}
