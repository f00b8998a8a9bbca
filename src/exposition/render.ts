import { type Labels, METRIC_NAME } from "../series/labels.ts";
import type { MetricType } from "./page.ts";

/** One sample of a family. */
export interface RenderedSample {
  /** Where it differs from the family's, for example `x_bucket` of a histogram `x`. */
  readonly name?: string;
  readonly labels: Labels;
  readonly value: number;
}

/** What `renderFamily` writes as one block. */
export interface RenderedFamily {
  readonly name: string;
  readonly help: string;
  readonly type: MetricType;
  readonly samples: readonly RenderedSample[];
}

/**
 * A family in text format 0.0.4: HELP, TYPE, then its samples, a line each. `PageReader` reads back the same series and,
 * bit for bit, the same values (any NaN as NaN).
 * @throws RangeError on a name the format cannot carry.
 */
export function renderFamily({ name, help, type, samples }: RenderedFamily): string {
  const head = `# HELP ${metricName(name)} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`;
  return head + samples.map((sample) => renderSample(sample.name ?? name, sample.labels, sample.value)).join("");
}

/**
 * One sample line with its line feed. A label `__name__` is left out: the name is the first argument.
 * @throws RangeError on a name the format cannot carry.
 */
export const renderSample = (name: string, labels: Labels, value: number): string =>
  `${renderSeries(name, labels)} ${renderValue(value)}\n`;

/**
 * The part of a sample line before the value: equal series give equal texts and no others do.
 * @throws RangeError on a name the format cannot carry.
 */
export function renderSeries(name: string, labels: Labels): string {
  let inner = "";
  for (const [label, value] of labels.pairs) {
    if (label !== METRIC_NAME) inner += `${inner === "" ? "" : ","}${labelName(label)}="${escapeValue(value)}"`;
  }
  return inner === "" ? metricName(name) : `${metricName(name)}{${inner}}`;
}

/** Shortest decimal that reads back the same. */
function renderValue(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  return Object.is(value, -0) ? "-0" : String(value);
}

const escapeHelp = (text: string): string =>
  /[\\\n]/.test(text) ? text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n") : text;

// Long texts in which nothing is to be escaped are the rule: they are looked at once and not copied.
const escapeValue = (text: string): string => (/[\\\n"]/.test(text) ? escapeHelp(text).replaceAll('"', '\\"') : text);

function metricName(name: string): string {
  if (/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)) return name;
  throw new RangeError(
    `Cannot render metric ${JSON.stringify(name)}: expected letters, digits, _ and :, for example "up"`,
  );
}

function labelName(name: string): string {
  if (/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) return name;
  throw new RangeError(
    `Cannot render label ${JSON.stringify(name)}: expected letters, digits and _, for example "job"`,
  );
}
