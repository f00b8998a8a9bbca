import { quantity } from "../../rules/evidence.ts";
import { describeBounds } from "../../rules/tolerance.ts";
import { Labels } from "../../series/labels.ts";
import { durationMs, type EpochMs, formatDuration, formatTime, SECOND } from "../../series/time.ts";
import { printable } from "../../telemetry/printable.ts";
import type { ApiTolerance } from "../../web/feedback-types.ts";
import type { ApiTest } from "../../web/subject-types.ts";
import type { Explained, ExplainedPoint } from "./explained.ts";
import { columnsFor, plot, type Terminal } from "./plot.ts";
import { wrapped } from "./wrapped.ts";

/** Readings in the table before the moment in question, and after it. */
const BEFORE = 11;
const AFTER = 8;
/** Of the plot's columns so many parts of four lie before the moment. */
const PARTS_BEFORE = 3;
/** Characters of strangers' words. */
const LONGEST = 1_500;

/** A detector's view of a subject as lines for a terminal. */
export function explainLines(explained: Explained, terminal: Terminal): readonly string[] {
  const { rule, labels, at, unit, points } = explained;
  const columns = columnsFor(terminal);
  const after = Math.floor((columns * (4 - PARTS_BEFORE)) / 4);
  return [
    ...wrapped(`${printable(rule)} ${printable(String(Labels.of(labels)), LONGEST)}`, terminal.columns),
    formatTime(at),
    "",
    ...wrapped(printable(verdictText(explained), LONGEST), terminal.columns),
    "",
    ...(points.length > 0 ? plot(around(points, at, columns - after - 1, after), at, unit, terminal) : []),
    "",
    HEAD,
    ...around(points, at, BEFORE, AFTER).map((point) => row(point, at, unit)),
    "",
    ...tests(explained).flatMap((line) => wrapped(line, terminal.columns)),
  ];
}

/** The readings next to a moment; where there are too few on one side there are more on the other. */
function around(
  points: readonly ExplainedPoint[],
  at: EpochMs,
  before: number,
  after: number,
): readonly ExplainedPoint[] {
  const middle = Math.max(
    0,
    points.findLastIndex((point) => point.at <= at),
  );
  const end = Math.min(points.length, Math.max(middle + after + 1, before + after + 1));
  return points.slice(Math.max(0, end - before - after - 1), end);
}

function verdictText({ verdict, points, at, unit, score }: Explained): string {
  if (verdict !== "") return verdict;
  const point = points.findLast((one) => one.at <= at);
  const parts = [
    `seen: ${amount(point?.observed, unit)}`,
    `expected about ${amount(point?.expected, unit)}`,
    unit === "ratio" && (point?.upper ?? 0) >= 1
      ? "no ratio would have fired yet"
      : `up to ${amount(point?.upper, unit)} would not have fired`,
  ];
  return `${score >= 1 ? "Anomalous" : "Normal"}, ${parts.join("; ")}; score ${short(score)}`;
}

const COLUMNS = [8, 10, 10, 10, 10, 7, 11] as const;
const HEAD = `  ${cells(["time", "observed", "expected", "lower", "upper", "score", "evidence"])}  state`;

function row({ at, observed, expected, lower, upper, ...rest }: ExplainedPoint, moment: EpochMs, unit: string): string {
  const { score, evidence, threshold, state = "" } = rest;
  const nats =
    evidence === undefined || !(threshold! > 0) ? "-" : `${short(evidence)}/${short(threshold ?? Number.NaN)}`;
  const values = [observed, expected, lower, upper].map((value) => amount(value, unit));
  const line = cells([formatTime(at).slice(11, 19), ...values, short(score), nats]);
  return `${at === moment ? ">" : " "} ${line}  ${printable(state)}`.trimEnd();
}

/** Columns of a row: the time on the left, numbers on the right of theirs. */
function cells(texts: readonly string[]): string {
  return texts.map((text, i) => (i === 0 ? text.padEnd(COLUMNS[i]!) : text.padStart(COLUMNS[i]!))).join("");
}

/** Which tests there are, which spoke, and what else moved the threshold. */
function tests(explained: Explained): readonly string[] {
  const { looked, tests: all, raise, learning, prior, tolerated = [], unit } = explained;
  if (looked?.thresholdNats === 0) {
    return [
      `Looked at: ${printable(looked.test)}`,
      ...tolerated.map(tolerance(unit)),
      "A stated bound: it learns nothing",
    ];
  }
  const lines: string[] = [];
  if (looked) lines.push(`Loudest test: ${printable(looked.test)}${loudness(looked, all, raise)}`);
  if (all.length > 0) {
    const each = all.map(({ name, window, threshold }) => `${name ?? spanOf(window)} (${short(threshold)})`);
    lines.push(`Looked at, and the nats at which each fires once learned: ${each.join(", ")}`);
  }
  if (raise !== undefined) lines.push(`Thresholds raised by ${short(raise)} nats`);
  lines.push(...tolerated.map(tolerance(unit)));
  if (prior) lines.push(`Began with what was normal of ${printable(String(Labels.of(prior)), LONGEST)}`);
  if (learning) lines.push(sentence(printable(learning.text)));
  // Of the past of a running program it is not known.
  else if (looked) lines.push("Learned: it is judged by what was seen of it");
  return lines;
}

/** The loudest test's nats; where its threshold still rises as it learns, to what. */
function loudness(looked: ApiTest, all: Explained["tests"], raise = 0): string {
  const { test, evidenceNats: evidence, thresholdNats: threshold } = looked;
  const learned = (all.find(({ name }) => name === test)?.threshold ?? 0) + raise;
  const rises = learned > threshold * 1.01 ? ` (${short(learned)} once learned)` : "";
  return `, ${short(evidence)} of ${short(threshold)} nats${rises}`;
}

/** What somebody called normal, and until when. */
const tolerance =
  (unit: string) =>
  ({ side, limit, badPerSecond, secondsInARow, by, until }: ApiTolerance): string => {
    const longest = secondsInARow === undefined ? undefined : durationMs(secondsInARow * SECOND);
    const values = `${side === "up" ? "Up" : "Down"} to ${amount(limit, unit)}${describeBounds(badPerSecond, longest)}`;
    return `${values} was called normal by ${printable(by, LONGEST)} until ${until.slice(0, 10)}`;
  };

const spanOf = (seconds: number): string =>
  seconds === 0 ? "one scrape" : formatDuration(durationMs(Math.round(seconds * 1000)));

const amount = (value: number | undefined, unit: string): string =>
  value === undefined || !Number.isFinite(value) ? "-" : quantity(unit, Number(value.toPrecision(3)));

const short = (value: number): string => (Number.isFinite(value) ? `${Number(value.toPrecision(3))}` : "-");

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
