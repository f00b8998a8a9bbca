import type { Explanation, Gates } from "../detectors/detector.ts";
import { DAY, type EpochMs, SECOND } from "../series/time.ts";
import { evidenceOf } from "./evidence.ts";
import type { Finding } from "./types.ts";
import type { SeriesDetect, Watch, Watched } from "./watch.ts";

/** Continuous alarm after which the new level must be taken for normal. */
const ADOPT_AFTER = DAY;
/** Seconds a single reading counts for at most: one after an outage spans all of it and saw its end only. */
const LONGEST = 300;

/** What a rule thinks of a subject; published as a series and in the API. */
type SubjectState = "learning" | "normal" | "anomalous" | "unknown";

/** How one subject stands under one rule after the newest scrape. */
export interface Verdict {
  readonly watched: Watched;
  state: SubjectState;
  score: number;
  /** The numbers behind the finding; undefined where there is none. */
  explanation: Explanation | undefined;
  /** When the alarm began. */
  since: EpochMs | undefined;
  /** Seconds of it that were read: what nobody saw is no new normal. */
  seen: number;
}

/** How one subject stands under one rule, explained. */
export interface Judged {
  readonly watched: Watched;
  readonly state: SubjectState;
  readonly score: number;
  readonly explanation: Explanation;
}

/**
 * One `detect:` rule on one target: holds a watch's subjects against the rule's conditions, with hysteresis, and says which
 * are anomalous.
 */
export class Judge {
  /** Nats by which every threshold is higher than the detector's own. */
  raise = 0;
  readonly #detect: SeriesDetect;
  readonly #watch: Watch;
  readonly #gates: Gates;
  /** What a subject that is anomalous is held against: conditions have hysteresis as the score has, or they flap. */
  readonly #gatesToStay: Gates;
  /** By the row of their subjects; a row may have been given to another subject since. */
  readonly #verdicts: Verdict[];

  /** @param before the judge whose place this one takes: where it judged the same subjects its verdicts stand, alarms go on */
  constructor(detect: SeriesDetect, watch: Watch, before?: Judge) {
    this.#detect = detect;
    this.#watch = watch;
    this.#verdicts = before !== undefined && before.#watch === watch ? before.#verdicts : [];
    this.#gates = {
      direction: detect.direction,
      minimum: detect.fire.min_bad,
      above: detect.fire.above,
      times: detect.fire.times,
      lasting: detect.fire.lasting,
      against: detect.against,
      widen: detect.learning.widen,
      learningAbove: detect.learning.above,
    };
    const part = Math.min(1, detect.clear.score / detect.fire.score);
    this.#gatesToStay = {
      ...this.#gates,
      minimum: part * this.#gates.minimum,
      above: part * this.#gates.above,
      times: 1 + part * (this.#gates.times - 1),
      lasting: {
        above: part * this.#gates.lasting.above,
        times: 1 + part * (this.#gates.lasting.times - 1),
      },
      learningAbove: part * this.#gates.learningAbove,
    };
  }

  /** Judges the readings the watch just took. @returns a finding for each anomalous subject */
  judge(at: EpochMs): Finding[] {
    const findings: Finding[] = [];
    for (const watched of this.#watch.subjects()) {
      const verdict = this.#verdict(watched);
      this.#update(watched, verdict, at);
      verdict.explanation = undefined;
      if (verdict.since === undefined) continue;
      watched.accused = true;
      const explanation = this.explain(watched);
      verdict.explanation = explanation;
      findings.push({
        labels: watched.labels,
        value: explanation.observed,
        evidence: evidenceOf(this.#detect, explanation, verdict.score, verdict.since),
      });
    }
    return findings;
  }

  /** The target is down and the rule does not hold its alerts: what was seen before must not fire again when it is back. */
  release(): void {
    for (const watched of this.#watch.subjects()) {
      const verdict = this.#verdict(watched);
      if (verdict.since === undefined) continue;
      verdict.since = undefined;
      watched.alarmed = false;
      this.#watch.detector.calm(watched.row);
    }
  }

  /** Every subject that is there, as it stands, for views and published series. */
  *judged(): Iterable<Judged> {
    for (const watched of this.#watch.subjects()) {
      if (watched.state === "absent") continue;
      const { state, score } = this.#verdict(watched);
      yield { watched, state, score, explanation: this.explain(watched) };
    }
  }

  /** The numbers a subject is held against now. */
  explain(watched: Watched): Explanation {
    return this.#watch.detector.explain(watched.row, this.#gates, this.raise);
  }

  /** Shows every subject that the newest scrape could be read of, without making anything new. */
  eachRead(show: (verdict: Verdict) => void): void {
    for (const watched of this.#watch.subjects()) if (watched.state === "read") show(this.#verdict(watched));
  }

  get watch(): Watch {
    return this.#watch;
  }

  #verdict(watched: Watched): Verdict {
    const known = this.#verdicts[watched.row];
    if (known?.watched === watched) return known;
    const verdict: Verdict = {
      watched,
      state: "learning",
      score: 0,
      explanation: undefined,
      since: undefined,
      seen: 0,
    };
    this.#verdicts[watched.row] = verdict;
    return verdict;
  }

  #update(watched: Watched, verdict: Verdict, at: EpochMs): void {
    const { detector } = this.#watch;
    if (watched.state !== "read") {
      // Nothing known: an alarm is held. Series gone for good: there is nothing left to be alarmed about.
      verdict.state = "unknown";
      if (watched.state === "absent") verdict.since = undefined;
      return;
    }
    verdict.score = detector.judge(
      watched.row,
      verdict.since === undefined ? this.#gates : this.#gatesToStay,
      this.raise,
    );
    if (verdict.since !== undefined) verdict.seen += Math.min(watched.reading.seconds, LONGEST);
    if (verdict.since === undefined && verdict.score >= this.#detect.fire.score) {
      verdict.since = at;
      verdict.seen = 0;
    } else if (verdict.since !== undefined && verdict.score < this.#detect.clear.score) {
      verdict.since = undefined;
    } else if (verdict.since !== undefined && verdict.seen * SECOND >= ADOPT_AFTER) {
      verdict.since = undefined;
      detector.adopt(watched.row);
    }
    verdict.state = verdict.since !== undefined ? "anomalous" : detector.learning(watched.row) ? "learning" : "normal";
  }
}
