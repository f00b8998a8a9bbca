import type { Judge } from "../rules/judge.ts";
import type { AlertRule } from "../rules/types.ts";
import type { Verdict } from "../rules/verdict.ts";
import type { Watched } from "../rules/watch.ts";
import type { EpochMs } from "../series/time.ts";
import { type SubjectPoints, Trail } from "./trail.ts";

/** The trails of one rule's subjects on one target, by the rows of the subjects. */
interface Trails {
  readonly byRow: (Trail | undefined)[];
  count: number;
}

/** How the subjects of `detect:` rules stood over time, as far as the memory allows; for charts, no rule reads it. */
export class SubjectHistory {
  /** Bytes for all trails together. */
  limit: number;
  bytes = 0;
  /** How often a trail could not begin or go on growing for want of memory. */
  refused = 0;
  readonly #targets = new WeakMap<Watched, TargetHistory>();

  constructor(limit: number) {
    this.limit = limit;
  }

  /** The history of one target. */
  join(): TargetHistory {
    return new TargetHistory(this, (watched, target) => this.#targets.set(watched, target));
  }

  /** How a subject stood under a rule; undefined where nothing is held of it. */
  of(rule: AlertRule, watched: Watched): SubjectPoints | undefined {
    return this.#targets.get(watched)?.of(rule, watched);
  }
}

/** The part of one target. No target holds more than is still free, so a flood of subjects on one leaves room for the others. */
export class TargetHistory {
  readonly #all: SubjectHistory;
  readonly #own: (watched: Watched, target: TargetHistory) => void;
  #rules = new Map<AlertRule, Trails>();
  #bytes = 0;

  constructor(all: SubjectHistory, own: (watched: Watched, target: TargetHistory) => void) {
    this.#all = all;
    this.#own = own;
  }

  /** Takes down how the subjects of a rule stand after a scrape. */
  note(rule: AlertRule, judge: Judge, at: EpochMs): void {
    let trails = this.#rules.get(rule);
    if (!trails) {
      trails = { byRow: [], count: 0 };
      this.#rules.set(rule, trails);
    }
    const known = trails;
    judge.eachRead((verdict) => this.#take(known, judge, verdict, at));
    if (trails.count > judge.watch.size) this.#sweep(trails, judge);
  }

  of(rule: AlertRule, watched: Watched): SubjectPoints | undefined {
    const trail = this.#rules.get(rule)?.byRow[watched.row];
    return trail?.watched === watched && trail.bytes > 0 ? trail.points() : undefined;
  }

  /** After a reload. @param heirs the rules that go on with the trails of others, by the rules they are now */
  replace(heirs: ReadonlyMap<AlertRule, AlertRule>): void {
    const kept = new Map<AlertRule, Trails>();
    for (const [rule, before] of heirs) {
      const trails = this.#rules.get(before);
      if (trails) kept.set(rule, trails);
      this.#rules.delete(before);
    }
    this.close();
    this.#rules = kept;
  }

  /** Gives all memory back. */
  close(): void {
    for (const { byRow } of this.#rules.values()) for (const trail of byRow) if (trail) this.#account(-trail.bytes);
    this.#rules.clear();
  }

  #take(trails: Trails, judge: Judge, { watched, state, score, explanation }: Verdict, at: EpochMs): void {
    const known = trails.byRow[watched.row];
    const trail = known?.watched === watched ? known : this.#begin(trails, watched, known);
    if (!trail.add(watched.reading, score, state === "anomalous")) return;
    const { wish } = trail;
    if (wish > 0) this.#grow(trail, wish);
    if (trail.bytes === 0) return;
    if (explanation) trail.setBand(explanation, at);
    else if (trail.wantsBand(at)) trail.setBand(judge.explain(watched), at);
    trail.write();
  }

  /** The trail of a subject seen for the first time; the row's last subject is gone. */
  #begin(trails: Trails, watched: Watched, before: Trail | undefined): Trail {
    if (before) this.#account(-before.bytes);
    else trails.count++;
    const trail = new Trail(watched);
    trails.byRow[watched.row] = trail;
    this.#own(watched, this);
    return trail;
  }

  /** More memory for a trail, where there is some; without it the trail forgets its oldest points. */
  #grow(trail: Trail, wish: number): void {
    if (this.#bytes + wish > this.#all.limit - this.#all.bytes) {
      if (!trail.refused) this.#all.refused++;
      trail.refused = true;
      return;
    }
    trail.grow();
    this.#account(wish);
  }

  /** Frees the trails of subjects that the watch has forgotten. */
  #sweep(trails: Trails, judge: Judge): void {
    for (const [row, trail] of trails.byRow.entries()) {
      if (!trail || judge.watch.has(trail.watched)) continue;
      trails.byRow[row] = undefined;
      trails.count--;
      this.#account(-trail.bytes);
    }
  }

  #account(bytes: number): void {
    this.#bytes += bytes;
    this.#all.bytes += bytes;
  }
}
