import { FEWEST_EVENTS, SLACK } from "../../detectors/counts-rate.ts";
import { FEWEST_REQUESTS } from "../../detectors/counts-ratio.ts";
import {
  DROP_THRESHOLD,
  PRIOR_CV2 as RATE_CV2,
  THRESHOLDS as RATE_THRESHOLDS,
  WINDOWS as RATE_WINDOWS,
} from "../../detectors/rate-row.ts";
import { FLOOR, PRIOR_BAD, PRIOR_TOTAL } from "../../detectors/ratio-base.ts";
import {
  PRIOR_CV2 as RATIO_CV2,
  THRESHOLDS as RATIO_THRESHOLDS,
  WINDOWS as RATIO_WINDOWS,
} from "../../detectors/ratio-row.ts";
import { LEAST_CV2, MOST_CV2, PRIOR_WINDOWS } from "../../detectors/shape.ts";
import { type DurationMs, durationMs, MINUTE, SECOND } from "../../series/time.ts";
import type { FireWhen, Lasting } from "../types.ts";
import type { SeriesDetect } from "../watch.ts";
import { type DetectorRules, unsuspected } from "./condition.ts";
import type { Names } from "./names.ts";
import { grown, num } from "./promql-text.ts";
import type { Scales } from "./scales.ts";
import type { Recording } from "./types.ts";

/** What the two detectors fix, as they have it. */
const FIXED = {
  ratio: { windows: RATIO_WINDOWS, thresholds: RATIO_THRESHOLDS, cv2: RATIO_CV2 },
  rate: { windows: RATE_WINDOWS, thresholds: RATE_THRESHOLDS, cv2: RATE_WINDOWS.map(() => RATE_CV2) },
};
/** Windows from which on a test is a lasting one. */
const LASTING = durationMs(5 * MINUTE);
/** Shorter expectations say nothing of how counts scatter, as in `shape.ts`. */
const LEAST_EXPECTED = 0.2;

type Counts = SeriesDetect & { readonly signal: { readonly kind: "ratio" | "rate" } };

/** A ratio or a rate judged as counts: the tail of a negative binomial over several windows, as the detector has it. */
export function countsRules(detect: Counts, names: Names, scales: Scales): DetectorRules {
  const { signal } = detect;
  const windows = windowsOf(detect, scales);
  const judge = new CountsJudge(detect, names, scales);
  const baseline = signal.kind === "ratio" ? ratioBaseline(names, scales, windows[0]!) : rateBaseline(names, scales);
  return {
    before: [
      ...windows.flatMap((window) => amounts(detect, names, scales, window)),
      names.recording(
        "observed",
        `sum without (window) (${names.series("numerator", windows[0])} / ${names.series("denominator", windows[0])})`,
      ),
      names.recording("expected_count", expectedCount(names, signal.kind)),
      ...windows.map((window) => names.recording("anomaly_score", above(names, signal.kind, window), window)),
      ...(detect.direction !== "up" && signal.kind === "rate"
        ? [names.recording("drop_score", below(names, minuteOf(windows)), minuteOf(windows))]
        : []),
    ],
    baselines: [
      ...baseline,
      ...windows.map((window) => dispersion(names, scales, window, fixedAt(signal.kind, window).cv2)),
    ],
    parts: { fire: judge.fire(), stay: judge.stay() },
    after: [
      ...["numerator", "denominator"].map((what) => learned(names, scales, what, windows[0]!)),
      ...spreads(names, scales),
    ],
  };
}

/** Of a rate the lasting one only where the baseline holds a day: traffic climbs for hours every morning. */
function windowsOf({ signal: { kind } }: Counts, scales: Scales): readonly DurationMs[] {
  const seasoned = kind === "ratio" || scales.yesterday;
  return scales.windows(FIXED[kind].windows.filter((seconds) => seasoned || seconds * SECOND < LASTING));
}

/** The threshold and the assumed scatter of the detector's longest window that is no longer. */
function fixedAt(kind: "ratio" | "rate", window: DurationMs): { readonly threshold: number; readonly cv2: number } {
  const { windows, thresholds, cv2 } = FIXED[kind];
  const index = windows.findLastIndex((seconds) => seconds * SECOND <= window);
  return { threshold: thresholds[index]!, cv2: cv2[index]! };
}

const minuteOf = (windows: readonly DurationMs[]): DurationMs =>
  windows.find((window) => window >= MINUTE) ?? windows.at(-1)!;

/** Bad events and all events in a window; of a rate, events and seconds. */
function amounts({ signal }: Counts, names: Names, { interval }: Scales, window: DurationMs): readonly Recording[] {
  const { by } = names;
  const numerator = names.series("numerator", window);
  if (signal.kind === "rate") {
    const there = `and on (${by}) ${signal.of[0]!.text.trim()}`;
    return [
      names.recording("numerator", `${grown(signal.of, by, window, interval)}\n${there}`, window),
      names.recording("denominator", `0 * ${numerator} + ${num((window - interval) / SECOND)}`, window),
    ];
  }
  const total = `${grown(signal.total, by, window, interval)}\nand on (${by}) ${signal.total[0]!.text.trim()}`;
  return [
    names.recording("denominator", total, window),
    names.recording(
      "numerator",
      `${grown(signal.bad, by, window, interval)}\nor 0 * sum by (${by}) (${names.series("denominator", window)})`,
      window,
    ),
  ];
}

/** The posterior of bad events per request, with what is assumed of a model never seen. */
function ratioBaseline(names: Names, { baseline, delay }: Scales, window: DurationMs): readonly Recording[] {
  const nothing = `0 * sum without (window) (${names.series("denominator", window)})`;
  const sum = (what: string): string =>
    `(sum_over_time(${names.series(`learned_${what}`)}[${baseline}] offset ${delay}) or ${nothing})`;
  const total = names.series("learned_total");
  return [
    names.recording("learned_total", `${PRIOR_TOTAL} + ${sum("denominator")}`),
    names.recording("expected", `(${PRIOR_BAD} + ${sum("numerator")}) / ${total}`),
  ];
}

/** The rate of the last hour, or where that holds nothing, of the baseline; and that of the same hour yesterday. */
function rateBaseline(names: Names, { baseline, level, delay, yesterday }: Scales): readonly Recording[] {
  const sum = (what: string, range: string, offset = delay): string =>
    `sum_over_time(${names.series(`learned_${what}`)}[${range}] offset ${offset})`;
  const rate = (range: string, offset?: string): string =>
    `${sum("numerator", range, offset)} / ${sum("denominator", range, offset)}`;
  const expected = `(${rate(level)} or ${rate(baseline)})
and ${sum("numerator", baseline)} >= ${FEWEST_EVENTS}
and ${sum("denominator", baseline)} >= ${MINUTE / SECOND}`;
  return [
    names.recording("expected", expected),
    ...(yesterday ? [names.recording("expected_yesterday", rate("1h", "23h30m"))] : []),
  ];
}

/** Events expected in each window; a ratio is taken one standard deviation higher, so that little knowledge fires late. */
function expectedCount(names: Names, kind: "ratio" | "rate"): string {
  const [expected, total] = [names.series("expected"), names.series("learned_total")];
  const events = `${names.series("denominator")} * ${names.perSubject}`;
  if (kind === "rate") return `${events} ${expected} + ${SLACK}`;
  return `${events} clamp_min(${expected} + sqrt(${expected} / ${total}), ${FLOOR})`;
}

/** How much wider than chance counts of a window scatter, by moments, as in `shape.ts`. */
function dispersion(names: Names, { baseline, delay, interval }: Scales, window: DurationMs, cv2: number): Recording {
  // Evaluations look at windows that overlap.
  const part = num(interval / window);
  const sum = (what: string): string =>
    `${part} * sum_over_time(${names.series(what, window)}[${baseline}] offset ${delay})`;
  const seen = `(${cv2 * PRIOR_WINDOWS} + ${sum("dispersion_sum")}) / (${PRIOR_WINDOWS} + ${sum("dispersion_weight")})`;
  return names.recording(
    "dispersion",
    `clamp(${seen}, ${LEAST_CV2}, ${MOST_CV2})\nor 0 * ${names.series("numerator", window)} + ${cv2}`,
    window,
  );
}

function spreads(names: Names, { baseline, fewest }: Scales): readonly Recording[] {
  const k = names.series("numerator");
  const mu = names.series("expected_count");
  const history = `${names.series("learned_denominator")}[${baseline}]`;
  const enough = `and ${mu} >= ${LEAST_EXPECTED}`;
  return [
    names.recording(
      "dispersion_sum",
      unsuspected(names, `((${k} - ${mu}) ^ 2 - ${mu}) / (1 + ${mu}) ^ 2\n${enough}`, history, fewest),
    ),
    names.recording("dispersion_weight", unsuspected(names, `(${mu} / (1 + ${mu})) ^ 2\n${enough}`, history, fewest)),
  ];
}

/** The amounts of one interval, where they may teach. */
function learned(names: Names, { baseline, fewest, interval }: Scales, what: string, window: DurationMs): Recording {
  const share = num(interval / (window - interval));
  return names.recording(
    `learned_${what}`,
    unsuspected(
      names,
      `${share} * sum without (window) (${names.series(what, window)})`,
      `${names.series("learned_denominator")}[${baseline}]`,
      fewest,
    ),
  );
}

/** The evidence against chance (Chernoff bound of a negative binomial, `tails.ts`) as a part of what fires. */
function above(names: Names, kind: "ratio" | "rate", window: DurationMs): string {
  return evidence(names, window, fixedAt(kind, window).threshold, ">");
}

function below(names: Names, window: DurationMs): string {
  return evidence(names, window, DROP_THRESHOLD, "<");
}

function evidence(names: Names, window: DurationMs, threshold: number, side: ">" | "<"): string {
  const k = names.series("numerator", window);
  const mu = names.series("expected_count", window);
  return `${chernoff(k, mu, names.series("dispersion", window), threshold)}\nand ${k} ${side} ${mu}`;
}

/** The exponent for a count k, its mean, and its squared coefficient of variation, as a part of the threshold. */
export function chernoff(k: string, mu: string, cv2: string, threshold: number): string {
  const some = `clamp_min(${k}, 1e-9)`;
  return `(
  ${some} * (ln(${some} / ${mu}) - ln((1 + ${cv2} * ${k}) / (1 + ${cv2} * ${mu})))
    - ln((1 + ${cv2} * ${k}) / (1 + ${cv2} * ${mu})) / ${cv2}
) / ${threshold}`;
}

/** The conditions of a rule on the windows of its subjects. */
class CountsJudge {
  readonly #detect: Counts;
  readonly #names: Names;
  readonly #yesterday: boolean;
  readonly #windows: readonly DurationMs[];

  constructor(detect: Counts, names: Names, scales: Scales) {
    this.#detect = detect;
    this.#names = names;
    this.#windows = windowsOf(detect, scales);
    this.#yesterday = scales.yesterday && detect.baseline.season === "auto" && detect.signal.kind === "rate";
  }

  fire(): string {
    const { signal, fire, learning } = this.#detect;
    if (signal.kind === "rate") return this.#best(fire);
    const strict = {
      ...fire,
      score: fire.score * learning.widen,
      above: Math.max(fire.above, learning.above),
      lasting: { ...fire.lasting, above: Math.max(fire.lasting.above, learning.above) },
    };
    const known = `${this.#names.series("learned_total")} < ${PRIOR_TOTAL + FEWEST_REQUESTS}`;
    return `${this.#best(fire)} unless on (${this.#names.by}) ${known}\nor\n${this.#best(strict)}`;
  }

  /** Conditions have hysteresis as the score has. */
  stay(): string {
    const { fire, clear } = this.#detect;
    const part = Math.min(1, clear.score / fire.score);
    const eased = ({ above, times }: Lasting): Lasting => ({ above: part * above, times: 1 + part * (times - 1) });
    return this.#best({
      ...eased(fire),
      score: clear.score,
      min_bad: part * fire.min_bad,
      lasting: eased(fire.lasting),
    });
  }

  /** The value of the window that speaks loudest among those that meet the conditions. */
  #best(when: FireWhen): string {
    const { direction, signal } = this.#detect;
    // The ratio's detector knows one direction.
    if (signal.kind === "ratio" || direction === "up") return this.#aggregate("max", this.#above(when));
    if (direction === "down") return this.#aggregate("min", this.#below(when));
    return this.#aggregate("max", `${this.#above(when)}\nor\n${this.#below(when)}`);
  }

  #aggregate(how: "max" | "min", windows: string): string {
    return `${how} by (${this.#names.by}) (\n  ${windows.replaceAll("\n", "\n  ")}\n)`;
  }

  #above(when: FireWhen): string {
    return this.#windows.map((window) => this.#aboveIn(window, when)).join("\nor\n");
  }

  #aboveIn(window: DurationMs, { score, min_bad, lasting, ...burst }: FireWhen): string {
    const [k, n] = [this.#names.series("numerator", window), this.#names.series("denominator", window)];
    const { above, times } = window >= LASTING ? lasting : burst;
    const gates = [`${k} / ${n}`, `and ${this.#names.series("anomaly_score", window)} >= ${num(score)}`];
    if (min_bad > 0) gates.push(`and ${k} >= ${num(min_bad)}`);
    if (above > 0) gates.push(`and ${k} > ${num(above)} * ${n}`);
    gates.push(`and ${k} > ${this.#expected(times, "expected", window)}`);
    // What a longer window remembers must still go on in a minute.
    if (this.#detect.signal.kind === "ratio" && window > MINUTE) gates.push(this.#goesOn(times));
    if (this.#yesterday) gates.push(`unless ${k} <= ${this.#expected(times, "expected_yesterday", window)}`);
    return gates.join("\n");
  }

  #goesOn(times: number): string {
    const recent = minuteOf(this.#windows);
    const k = this.#names.series("numerator", recent);
    return `and on (${this.#names.by}) ${k} > ${this.#expected(times, "expected", recent)}`;
  }

  #below({ score, times }: FireWhen): string {
    const window = minuteOf(this.#windows);
    const [k, n] = [this.#names.series("numerator", window), this.#names.series("denominator", window)];
    const gates = [`${k} / ${n}`, `and ${this.#names.series("drop_score", window)} >= ${num(score)}`];
    gates.push(`and ${num(times)} * ${k} < ${this.#expected(1, "expected", window)}`);
    if (this.#yesterday) {
      gates.push(`unless ${num(times)} * ${k} >= ${this.#expected(1, "expected_yesterday", window)}`);
    }
    return gates.join("\n");
  }

  #expected(times: number, what: string, window: DurationMs): string {
    const expected = this.#names.series(what);
    const least = this.#detect.signal.kind === "ratio" ? `clamp_min(${expected}, ${FLOOR})` : expected;
    return `${num(times)} * ${this.#names.series("denominator", window)} * ${this.#names.perSubject} ${least}`;
  }
}
