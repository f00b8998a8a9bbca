import type { Explanation, Gates } from "../detectors/detector.ts";
import type { Labels } from "../series/labels.ts";
import { DAY, type EpochMs, epochMs, SECOND } from "../series/time.ts";
import { beginEpisode, noteReading, secondsOf } from "./episode.ts";
import { backgroundOf, evidenceOf, unitOf } from "./evidence.ts";
import { type Noise, raiseEvidence } from "./noise.ts";
import { NoiseBook } from "./noise-book.ts";
import { gatesToFire, gatesToStay } from "./rule-gates.ts";
import { describeTolerance, mayFollow, type Tolerance, tolerancesOf, type Word } from "./tolerance.ts";
import { Tolerances } from "./tolerances.ts";
import type { Finding } from "./types.ts";
import { keepOut, newVerdict, type SubjectState, type Verdict } from "./verdict.ts";
import type { SeriesDetect, Watch, Watched } from "./watch.ts";

/** Continuous alarm after which the new level must be taken for normal. */
const ADOPT_AFTER = DAY;

/** A subject whose new level was taken for normal because it had lasted so long. */
export interface Rebaselined {
  readonly labels: Labels;
  /** What was expected before and is since; undefined where the detector cannot say. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** Who called that level normal; undefined where it lasted without a word. */
  readonly by: string | undefined;
}

/** What came of a person's word: values are tolerated, an attack is kept out of the baseline, or there was nothing to learn. */
export type Learned =
  | { readonly kind: "tolerated"; readonly tolerances: readonly Tolerance[] }
  | { readonly kind: "confirmed" }
  | { readonly kind: "nothing"; readonly why: string };

/** How one subject stands under one rule, explained. */
export interface Judged {
  readonly watched: Watched;
  readonly state: SubjectState;
  readonly score: number;
  readonly explanation: Explanation;
  readonly tolerances: readonly Tolerance[];
  /** Nats by which its threshold is higher than the detector's own. */
  readonly raise: number;
  readonly noise: Noise | undefined;
}

/**
 * One `detect:` rule on one target: holds a watch's subjects against the rule's conditions, with hysteresis, and says which
 * are anomalous.
 */
export class Judge {
  /** Nats by which every threshold is higher than the detector's own: what a budget of false alarms asks for. */
  raise = 0;
  /** Subjects that the newest scrape could be read of. */
  read = 0;
  /** Whose noisiness changed. */
  readonly noises = new NoiseBook();
  readonly #detect: SeriesDetect;
  readonly #watch: Watch;
  readonly #gates: Gates;
  /** What a subject that is anomalous is held against: conditions have hysteresis as the score has, or they flap. */
  readonly #gatesToStay: Gates;
  /** By the row of their subjects; a row may have been given to another subject since. */
  readonly #verdicts: Verdict[];
  #rebaselined: Rebaselined[] = [];

  /** @param before the judge whose place this one takes: where it judged the same subjects its verdicts stand, alarms go on */
  constructor(detect: SeriesDetect, watch: Watch, before?: Judge) {
    this.#detect = detect;
    this.#watch = watch;
    const heir = before !== undefined && before.#watch === watch;
    this.#verdicts = heir ? before.#verdicts : [];
    this.read = heir ? before.read : 0;
    this.#gates = gatesToFire(detect);
    this.#gatesToStay = gatesToStay(detect, this.#gates);
  }

  /** Judges the readings the watch just took. @returns a finding for each anomalous subject */
  judge(at: EpochMs): Finding[] {
    const findings: Finding[] = [];
    this.#rebaselined = [];
    this.read = 0;
    for (const watched of this.#watch.subjects()) {
      if (watched.state === "read") this.read++;
      const verdict = this.#verdict(watched);
      this.#update(watched, verdict, at);
      this.noises.heed(verdict, at);
      verdict.explanation = undefined;
      if (this.#detect.against === "baseline") keepOut(verdict, at);
      if (verdict.since === undefined) continue;
      // The slow reference is behind what was learned: that it is far from it accuses no reading.
      if (this.#detect.against === "baseline") watched.accused = true;
      const explanation = this.explain(watched);
      verdict.explanation = explanation;
      if (verdict.episode) {
        const reading = watched.state === "read" ? watched.reading : undefined;
        noteReading(verdict.episode, this.#detect.direction, explanation, reading);
      }
      const called = this.#called(verdict, at);
      findings.push({
        labels: watched.labels,
        value: explanation.observed,
        evidence: {
          ...evidenceOf(this.#detect, explanation, verdict.score, verdict.since),
          ...backgroundOf(this.#detect, this.#watch, watched, explanation),
          ...raiseEvidence(this.raise, verdict.noise, at),
          ...(called.length > 0 && { called_normal: called }),
        },
      });
    }
    return findings;
  }

  /** The subjects whose new level the newest judgement took for normal. */
  get rebaselined(): readonly Rebaselined[] {
    return this.#rebaselined;
  }

  /** Takes a person's word on what a subject showed in its last alarm. What is called normal is an alarm no longer. */
  learnFrom(watched: Watched, word: Word, at: EpochMs): Learned {
    const verdict = this.#verdict(watched);
    const { episode } = verdict;
    if (episode === undefined) return { kind: "nothing", why: "no alarm of this subject is remembered" };
    episode.call = word.call;
    if (this.#detect.against === "baseline") watched.confirmed = word.call === "true";
    verdict.noise?.called(word.call);
    if (word.call === "true") {
      verdict.tolerances = undefined;
      if (episode.reference !== undefined) this.#watch.detector.recall(watched.row, episode.reference);
      episode.reference = undefined;
      return { kind: "confirmed" };
    }
    const tolerances = tolerancesOf(episode, word, at, this.#detect);
    verdict.tolerances ??= new Tolerances();
    verdict.tolerances.grant(tolerances);
    if (this.#detect.against === "anchor") {
      const before = this.#watch.detector.acknowledge(watched.row);
      episode.reference ??= before;
    }
    if (verdict.since !== undefined) verdict.state = "normal";
    endAlarm(verdict, at);
    return { kind: "tolerated", tolerances };
  }

  /** The target is down and the rule does not hold its alerts: what was seen before must not fire again when it is back. */
  release(): void {
    for (const watched of this.#watch.subjects()) {
      const verdict = this.#verdict(watched);
      if (verdict.since === undefined) continue;
      endAlarm(verdict, epochMs(watched.reading.at));
      if (this.#detect.against === "anchor") continue;
      watched.alarmed = false;
      this.#watch.detector.calm(watched.row);
    }
  }

  /** Every subject that is there, as it stands, for views and published series. */
  *judged(): Iterable<Judged> {
    for (const watched of this.#watch.subjects()) if (watched.state !== "absent") yield this.judgedOf(watched);
  }

  /** One subject as it stands. */
  judgedOf(watched: Watched): Judged {
    const { state, score, tolerances: held, noise } = this.#verdict(watched);
    const tolerances = held?.at(epochMs(watched.reading.at)) ?? [];
    const explanation = this.explain(watched);
    return { watched, state, score, explanation, tolerances, raise: this.#raise(noise), noise };
  }

  /** The numbers a subject is held against now. */
  explain(watched: Watched): Explanation {
    const verdict = this.#verdict(watched);
    const gates = gatesOf(verdict, this.#gates);
    const explanation = this.#watch.detector.explain(watched.row, gates, this.#raise(verdict.noise));
    return verdict.tolerances?.stretch(explanation, gates, watched.reading) ?? explanation;
  }

  /** Subjects that are there and whose own alarms raised their threshold. */
  *noisy(): Iterable<{ readonly watched: Watched; readonly noise: Noise }> {
    for (const watched of this.#watch.subjects()) {
      const { noise } = this.#verdict(watched);
      if (watched.state !== "absent" && noise !== undefined && noise.raise > 0) yield { watched, noise };
    }
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
    const verdict = newVerdict(watched);
    this.#verdicts[watched.row] = verdict;
    return verdict;
  }

  #isLearning({ row }: Watched): boolean {
    return this.#watch.detector.learning(row, this.#detect.against);
  }

  #raise(noise: Noise | undefined): number {
    return noise === undefined ? this.raise : this.raise + noise.raise;
  }

  #update(watched: Watched, verdict: Verdict, at: EpochMs): void {
    const { detector } = this.#watch;
    if (watched.state !== "read") {
      // Nothing known: an alarm is held. Series gone for good: there is nothing left to be alarmed about.
      verdict.state = "unknown";
      if (watched.state === "absent") endAlarm(verdict, at);
      return;
    }
    const gates = gatesOf(verdict, verdict.since === undefined ? this.#gates : this.#gatesToStay);
    verdict.score = detector.judge(watched.row, gates, this.#raise(verdict.noise));
    if (verdict.tolerances) this.#forgive(verdict, verdict.tolerances, at);
    if (verdict.since !== undefined) verdict.seen += secondsOf(watched.reading);
    if (verdict.since === undefined && verdict.score >= this.#detect.fire.score) {
      verdict.since = at;
      verdict.seen = 0;
      verdict.episode = beginEpisode(verdict.episode, at, verdict.tolerances?.usedUp);
    } else if (verdict.since !== undefined && verdict.score < this.#detect.clear.score) {
      endAlarm(verdict, at);
    } else if (verdict.since !== undefined && verdict.seen * SECOND >= ADOPT_AFTER && this.#mayAdopt(verdict)) {
      this.#adopt(verdict, at);
    }
    verdict.state = verdict.since !== undefined ? "anomalous" : this.#isLearning(watched) ? "learning" : "normal";
  }

  /** What a person called an attack never becomes normal by lasting; nor does what follows nobody. */
  #mayAdopt({ watched }: Verdict): boolean {
    return mayFollow(this.#detect) && !watched.confirmed;
  }

  #adopt(verdict: Verdict, at: EpochMs, by?: string): void {
    const { watched } = verdict;
    const { expected: from } = this.explain(watched);
    endAlarm(verdict, at);
    this.#watch.detector.adopt(watched.row);
    this.#rebaselined.push({ labels: watched.labels, from, to: this.explain(watched).expected, by });
  }

  /** A value that was called normal scores nothing. It teaches at once, when it was and has stayed long enough. */
  #forgive(verdict: Verdict, tolerances: Tolerances, at: EpochMs): void {
    const { watched } = verdict;
    const { reading } = watched;
    if (tolerances.at(at).length === 0) {
      verdict.tolerances = undefined;
      return;
    }
    const { score: clear } = this.#detect.clear;
    const bare = this.#watch.detector.judge(watched.row, this.#gatesToStay, this.#raise(verdict.noise));
    if (bare < clear) {
      tolerances.rest(reading);
      return;
    }
    const { observed, expected = 0 } = this.explain(watched);
    const covering = tolerances.cover(this.#gates, reading, observed, expected);
    if (covering === undefined && verdict.score >= clear) {
      tolerances.exceed();
      return;
    }
    tolerances.spend(reading);
    if (covering === undefined) return;
    verdict.score = 0;
    if (this.#detect.against === "anchor") return;
    watched.withheld = true;
    if (tolerances.isLevel(covering) && this.#mayAdopt(verdict)) this.#adopt(verdict, at, covering.word.by);
  }

  #called({ tolerances }: Verdict, at: EpochMs): readonly string[] {
    return tolerances?.at(at).map((tolerance) => describeTolerance(tolerance, unitOf(this.#detect))) ?? [];
  }
}

/** A rule's conditions for one subject: with what people called normal taken out. */
const gatesOf = ({ watched, tolerances }: Verdict, gates: Gates): Gates =>
  tolerances?.widen(gates, watched.reading) ?? gates;

function endAlarm(verdict: Verdict, at: EpochMs): void {
  if (verdict.since === undefined) return;
  verdict.since = undefined;
  if (verdict.episode) verdict.episode.ended = at;
}
