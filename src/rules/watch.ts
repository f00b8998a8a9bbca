import type { Detector } from "../detectors/detector.ts";
import { makeDetector } from "../detectors/index.ts";
import type { Labels } from "../series/labels.ts";
import type { Reading } from "../series/reading.ts";
import type { Table } from "../series/table.ts";
import { type Calendar, UTC } from "../series/time-zone.ts";
import { SignalBinding, type Subject } from "../signals/binding.ts";
import type { Interval } from "../signals/interval.ts";
import type { SeriesSignal } from "../signals/types.ts";
import { Siblings } from "./siblings.ts";
import type { Detect } from "./types.ts";

/** A bound on the subjects of one watch. */
const MAX_SUBJECTS = 10_000;
/** Above so many, those that are absent are forgotten. */
const ROOM_FOR_ABSENT = 2_000;

/** One subject's place in a detector, and how its newest reading went. */
export interface Watched {
  readonly labels: Labels;
  readonly row: number;
  readonly reading: Reading;
  /** The columns it was read from last. */
  subject: Subject;
  /** The sibling whose normal it began with; undefined where nothing was known of its model. */
  readonly prior: Labels | undefined;
  /** Its detector judges by what it learned, so that others may begin with it. */
  ripe: boolean;
  /** `read`: it was advanced. `unknown`: nothing can be said of this interval. `absent`: its series are not there. */
  state: "read" | "unknown" | "absent";
  /** The bare score of the newest reading. */
  score: number;
  /** Some rule calls it anomalous: it must not teach. */
  accused: boolean;
  /** It was accused at the end of the last interval. */
  alarmed: boolean;
  /** A person said what this is, an attack or no harm: no reading of it teaches by itself. */
  withheld: boolean;
  /** A person called its newest alarm an attack: no rule takes it for normal while it lasts. */
  confirmed: boolean;
  /** Seconds it has been suspicious without a rule that calls it anomalous. */
  suspected: number;
  /** Pages in a row on which its series were not there. */
  missed: number;
}

/** A signal that is computed from series, as opposed to the inventory's events. */
export type SeriesDetect = Detect & { readonly signal: SeriesSignal };

export const watchesSeries = (detect: Detect): detect is SeriesDetect => detect.signal.kind !== "models";

/** Above this bare score a reading does not teach, though no rule fires: it may be the beginning of something. */
const SUSPICIOUS = 0.7;

/**
 * Seconds after which a suspicion that no rule confirmed is given up. A subject that stays suspicious below every rule's
 * conditions would otherwise never teach again: a morning's rise would be held against the night.
 */
const SUSPICION = 900;

/**
 * The memory behind a signal on one target: its subjects and what a detector learned of them. Rules that differ only in
 * their thresholds share it, so that editing a threshold forgets nothing.
 */
export class Watch {
  readonly detector: Detector;
  readonly #table: Table;
  readonly #siblings: Siblings;
  readonly #binding: SignalBinding;
  readonly #subjects = new Map<string, Watched>();
  readonly #means: boolean;
  /** Counters may have been kept only since this watch is there: before its second look it does not know what grew. */
  #looked = false;
  /** How often a subject was not watched because there were too many. */
  refused = 0;

  /** @param siblings where subjects just born look for others of their model, and those that are ripe are found */
  constructor(detect: SeriesDetect, table: Table, calendar: Calendar = UTC, siblings = new Siblings()) {
    this.#table = table;
    this.#siblings = siblings;
    this.#means = detect.signal.kind === "mean";
    this.#binding = new SignalBinding(detect.signal, detect.by, table);
    this.detector = makeDetector(detect.detector, detect.signal.kind, {
      halfLife: detect.baseline.half_life / 1000,
      season: detect.baseline.season === "auto",
      offset: calendar.offset,
      ...(detect.fire.over !== undefined && { over: detect.fire.over / 1000 }),
    });
  }

  /** What identifies a watch: everything that a detector's memory depends on. Hours of different places do not mix. */
  static key(detect: SeriesDetect, { name }: Calendar = UTC): string {
    const { signal, by, baseline, detector, fire } = detect;
    return JSON.stringify([
      texts(signal),
      by,
      baseline,
      detector,
      fire.over ?? "",
      baseline.season === "auto" ? name : "",
    ]);
  }

  /** The table its subjects are read from. */
  get table(): Table {
    return this.#table;
  }

  subjects(): Iterable<Watched> {
    return this.#subjects.values();
  }

  /** Whether a subject is one of this watch's. */
  has(watched: Watched): boolean {
    return this.#subjects.get(watched.labels.key) === watched;
  }

  get size(): number {
    return this.#subjects.size;
  }

  /**
   * Reads every subject over an interval and advances its windows; teaches nothing.
   * @param mixed whether a subject's model was loaded again in the interval: a mean over both copies says nothing of either
   */
  advance(last: Interval, mixed: (labels: Labels) => boolean): void {
    const interval: Interval = this.#looked ? last : { ...last, kind: "first" };
    this.#looked = true;
    for (const watched of this.#subjects.values()) watched.state = "absent";
    const fresh: Subject[] = [];
    for (const subject of this.#binding.subjects()) {
      const known = this.#subjects.get(subject.labels.key);
      if (known) this.#read(known, subject, interval, mixed);
      else fresh.push(subject);
    }
    if (fresh.length > 0 && fresh.length + this.#subjects.size > ROOM_FOR_ABSENT) this.#forgetAbsent();
    const room = MAX_SUBJECTS - this.#subjects.size;
    this.refused += Math.max(0, fresh.length - room);
    for (const subject of fresh.slice(0, room)) {
      this.#read(this.#add(subject), subject, interval, mixed);
    }
  }

  #read(watched: Watched, subject: Subject, interval: Interval, mixed: (labels: Labels) => boolean): void {
    watched.subject = subject;
    watched.accused = false;
    watched.withheld = false;
    if (this.#means && mixed(watched.labels)) {
      this.detector.cut(watched.row);
      watched.state = "unknown";
      return;
    }
    const outcome = this.#binding.read(subject, interval, watched.reading);
    const missed = outcome === "absent" ? watched.missed + 1 : 0;
    watched.missed = missed;
    // One page without its series is a gap; two are the end of it.
    watched.state = outcome === "absent" && missed < 2 ? "unknown" : outcome;
    watched.score = outcome === "read" ? this.detector.advance(watched.row, watched.reading) : 0;
  }

  /** After all rules judged: alarms begin and end for the detector, and what is beyond suspicion teaches. */
  learn(): void {
    for (const watched of this.#subjects.values()) {
      if (watched.accused !== watched.alarmed && watched.state !== "unknown") {
        watched.alarmed = watched.accused;
        if (watched.accused) this.detector.alarm(watched.row);
        else this.detector.calm(watched.row);
      }
      if (watched.state === "read") this.#teach(watched);
      if (!watched.ripe && !this.detector.learning(watched.row)) {
        watched.ripe = true;
        this.#siblings.add(this, watched);
      }
    }
  }

  #teach(watched: Watched): void {
    const { row, reading, score } = watched;
    const accused = watched.accused || watched.withheld;
    // A subject still learning has no normal yet to be suspicious against.
    const suspicious = !accused && score > SUSPICIOUS && !this.detector.learning(row);
    watched.suspected = suspicious ? watched.suspected + reading.seconds : 0;
    if (accused || (watched.suspected > 0 && watched.suspected <= SUSPICION)) this.detector.distrust(row, reading);
    else this.detector.learn(row, reading);
  }

  /** A restart or an announced change: the subjects it concerns are given time to settle. */
  settle(concerns: (labels: Labels) => boolean, at: number): void {
    for (const watched of this.#subjects.values()) {
      if (concerns(watched.labels)) this.detector.settle(watched.row, at);
    }
  }

  /** Its target or its rule is gone: nobody may begin with its subjects any more. */
  close(): void {
    for (const watched of this.#subjects.values()) this.#siblings.remove(this, watched);
  }

  #add(subject: Subject): Watched {
    const row = this.detector.add();
    const watched: Watched = {
      labels: subject.labels,
      row,
      subject,
      prior: this.#inherit(row, subject.labels),
      ripe: false,
      reading: { at: 0, seconds: 0, numerator: 0, denominator: 0 },
      state: "absent",
      score: 0,
      accused: false,
      alarmed: false,
      withheld: false,
      confirmed: false,
      suspected: 0,
      missed: 0,
    };
    this.#subjects.set(subject.labels.key, watched);
    return watched;
  }

  /** Lets a new subject begin with what is known of a sibling. @returns the sibling's labels, where its detector took anything */
  #inherit(row: number, labels: Labels): Labels | undefined {
    const sibling = this.#siblings.of(this, labels);
    if (!sibling) return undefined;
    const before = this.detector.save(row);
    this.detector.inherit(row, sibling.saved);
    return this.detector.save(row).every((cell, i) => Object.is(cell, before[i])) ? undefined : sibling.labels;
  }

  /** There are too many subjects: those that are not there now give up their memory. */
  #forgetAbsent(): void {
    for (const [key, watched] of this.#subjects) {
      if (watched.state !== "absent") continue;
      this.#siblings.remove(this, watched);
      this.detector.remove(watched.row);
      this.#subjects.delete(key);
    }
  }
}

/** The selectors of a signal as they were written. */
function texts(signal: SeriesSignal): unknown {
  return Object.entries(signal).map(([name, part]) =>
    typeof part === "string" ? [name, part] : [name, part.map((selector) => selector.text)],
  );
}
