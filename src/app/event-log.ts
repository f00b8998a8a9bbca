import type { MonitorEvent } from "../monitor/events.ts";
import type { Labels } from "../series/labels.ts";
import { type EpochMs, formatTime, MINUTE } from "../series/time.ts";
import type { ApiEvent, ApiEvents } from "../web/api-types.ts";
import type { StreamPort } from "../web/ports.ts";
import { EventQuota } from "./event-quota.ts";
import { describeEvent, eventsLeftOut } from "./event-text.ts";
import type { Happening } from "./happening.ts";
import { feedbackLeftOut } from "./learning-text.ts";

/** Events held, what they may take together, and targets of which it is remembered whether they answer. */
const MOST_EVENTS = 5_000;
const MOST_CHARACTERS = 4_000_000;
const MOST_TARGETS = 20_000;
/** What may be told in a minute of feedback that came with one token; a person says less. */
const MOST_OF_TOKEN = 30;
/** The same error of the same place is told again after so long. */
const TELL_AGAIN = 10 * MINUTE;
const MOST_ERRORS = 1_000;

/**
 * What happened lately, for people: the newest events under ids that grow, and whoever wants to hear of further ones. Ids go on
 * from `firstId`, so that clients of a process before this one do not take new events for old ones.
 */
export class EventLog implements StreamPort {
  readonly #events: ApiEvent[] = [];
  /** How many characters each event has. */
  readonly #sizes: number[] = [];
  /** The first event that is held; those before it wait to be taken away together. */
  #first = 0;
  #characters = 0;
  readonly #quota = new EventQuota();
  readonly #words = new EventQuota(MOST_OF_TOKEN);
  readonly #told = new Set<(event: ApiEvent) => void>();
  /** Whether each target answered at its last scrape, by label key. */
  readonly #answers = new Map<string, boolean>();
  readonly #errors = new Map<string, { readonly why: string; readonly at: EpochMs }>();
  #nextId: number;

  constructor(firstId: number) {
    this.#nextId = firstId;
  }

  /** Takes note of what a step did. */
  tell(event: MonitorEvent): void {
    if (event.kind === "scraped") this.#endMinute(event.target, event.at);
    if (event.kind === "scraped" || event.kind === "feedback") this.#endWords(event.at);
    if (event.kind === "scraped" && !this.#changed(event.target, event.outcome === "page")) return;
    if (event.kind === "target-gone") this.#answers.delete(event.target.key);
    if (event.kind === "rule-failed" && this.#known(`rule ${event.rule}`, event.why, event.at)) return;
    if (event.kind === "bug" && this.#known(`bug ${event.where}`, String(event.error), event.at)) return;
    if (event.kind === "alerts-cut" && this.#known(`cut ${event.rule} ${event.target ?? ""}`, "", event.at)) return;
    if (event.kind === "model" && !this.#admits(event.target, event.event.at)) return;
    if (event.kind === "transition" && !this.#admits(event.transition.labels, event.transition.at)) return;
    if (event.kind === "rebaselined" && !this.#admits(event.labels, event.at)) return;
    const happening = describeEvent(event);
    if (!happening) return;
    if (event.kind === "feedback" && !this.#words.admits(event.feedback.token ?? "", event.at)) return;
    this.add(happening);
  }

  /** Takes note of anything else. */
  add({ at, ...rest }: Happening): void {
    const event: ApiEvent = { id: this.#nextId++, at: formatTime(at), ...rest };
    this.#hold(event);
    for (const told of this.#told) told(event);
  }

  /** The newest events that `wanted` lets through, newest first. */
  newest(limit: number, sinceId = 0, wanted: (event: ApiEvent) => boolean = () => true): ApiEvents {
    const found: ApiEvent[] = [];
    for (let i = this.#events.length - 1; i >= this.#first && found.length < limit; i--) {
      const event = this.#events[i]!;
      if (event.id <= sinceId) break;
      if (wanted(event)) found.push(event);
    }
    return { events: found };
  }

  subscribe(lastId: number | undefined, told: (event: ApiEvent) => void): () => void {
    if (lastId !== undefined) for (const event of this.newest(MOST_EVENTS, lastId).events.toReversed()) told(event);
    // Another function each time, so that one who subscribes twice is told twice.
    const own = (event: ApiEvent) => told(event);
    this.#told.add(own);
    return () => void this.#told.delete(own);
  }

  /** How many listen. */
  get listeners(): number {
    return this.#told.size;
  }

  #hold(event: ApiEvent): void {
    const size = JSON.stringify(event).length;
    this.#events.push(event);
    this.#sizes.push(size);
    this.#characters += size;
    while (this.#events.length - this.#first > MOST_EVENTS || this.#characters > MOST_CHARACTERS) {
      this.#characters -= this.#sizes[this.#first++]!;
    }
    // Not at each event: moving thousands for one that goes would cost more than the events themselves.
    if (this.#first < MOST_EVENTS) return;
    this.#events.splice(0, this.#first);
    this.#sizes.splice(0, this.#first);
    this.#first = 0;
  }

  /** Whether a target may have one more event told; alerts that name no target always may. */
  #admits(labels: Labels, at: EpochMs): boolean {
    const instance = labels.get("instance");
    if (instance === undefined) return true;
    this.#endMinute(labels, at);
    return this.#quota.admits(instance, at);
  }

  #endMinute(labels: Labels, at: EpochMs): void {
    const instance = labels.get("instance") ?? "";
    const count = this.#quota.end(instance, at);
    if (count > 0) this.add(eventsLeftOut(instance, count, at));
  }

  #endWords(at: EpochMs): void {
    for (const [token, count] of this.#words.endAll(at)) this.add(feedbackLeftOut(token, count, at));
  }

  /** Whether a target answers otherwise than before; the first answer is a change, the first failure too. */
  #changed(target: Labels, answers: boolean): boolean {
    if (this.#answers.get(target.key) === answers) return false;
    if (this.#answers.size >= MOST_TARGETS) this.#answers.clear();
    this.#answers.set(target.key, answers);
    return true;
  }

  /** Whether the same error was told lately; a rule that cannot be evaluated fails at every scrape. */
  #known(place: string, why: string, at: EpochMs): boolean {
    const before = this.#errors.get(place);
    if (before?.why === why && at - before.at < TELL_AGAIN) return true;
    if (this.#errors.size >= MOST_ERRORS) this.#errors.clear();
    this.#errors.set(place, { why, at });
    return false;
  }
}
