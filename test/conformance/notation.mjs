// The notation of series and values in promqltest scripts.

/** Stands for the sample at which a series goes stale. */
export const STALE = Symbol("stale");
/** Stands for a native histogram. */
export const HISTOGRAM = Symbol("histogram");

/** Cuts a line into the series at its beginning and the rest. */
export function cut(line) {
  let quote = "";
  let braces = 0;
  for (let i = 0; i < line.length; i++) {
    const char = line[i];
    if (quote !== "") {
      if (char === "\\" && quote !== "`") i++;
      else if (char === quote) quote = "";
    } else if (char === '"' || char === "'" || char === "`") quote = char;
    else if (char === "{") braces++;
    else if (char === "}" && --braces === 0) return [line.slice(0, i + 1), line.slice(i + 1).trim()];
    else if (/\s/.test(char) && braces === 0 && !/^\s*\{(?!\{)/.test(line.slice(i))) {
      return [line.slice(0, i), line.slice(i).trim()];
    }
  }
  return [line, ""];
}

/** The labels of a series: `name`, `name{label="value"}`, `{"name", label="value"}` or `{}`. */
export function labelsOf(series, { Labels, parseSelector }) {
  if (/^\{\s*\}$/.test(series)) return Labels.EMPTY;
  const name = /^([^{\s]+)\s*\{\s*\}$/.exec(series)?.[1];
  return Labels.from(parseSelector(name ?? series).map((matcher) => [matcher.name, matcher.value]));
}

const NUMBER = String.raw`[+-]?(?:(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[iI][nN][fF]|[nN][aA][nN])`;
/** `a`, `axn`, `a+bxn`: no hexadecimals, whose x would be the one of a run. */
const RUN = new RegExp(`^(${NUMBER})(?:([+-])(${NUMBER}))?(?:x(\\d+))?$`);

/** The values of a line; a gap is undefined. */
export function valuesOf(text) {
  const values = [];
  // A histogram may hold spaces; what repeats it counts like any other value's.
  for (const found of text.matchAll(/\{\{.*?\}\}(?:[+-]\{\{.*?\}\})?(?:x(\d+))?|\S+/g)) {
    const [item, times] = found;
    if (item.startsWith("{{")) values.push(...Array(Number(times ?? 0) + 1).fill(HISTOGRAM));
    else values.push(...valuesOfItem(item));
  }
  return values;
}

function valuesOfItem(item) {
  const gap = /^_(?:x(\d+))?$/.exec(item);
  if (gap) return Array(Number(gap[1] ?? 1)).fill(undefined);
  if (item === "stale") return [STALE];
  const run = RUN.exec(item);
  if (!run) throw new Error(`no value: ${item}`);
  const [, first, sign, difference, times] = run;
  const step = difference === undefined ? 0 : (sign === "-" ? -1 : 1) * numberOf(difference);
  const values = [];
  for (let i = 0, value = numberOf(first); i <= Number(times ?? 0); i++, value += step) values.push(value);
  return values;
}

/** Whether a text is one number and nothing else. */
export const isNumber = (text) => new RegExp(`^(?:${NUMBER}|[+-]?0[xX][\\da-fA-F]+)$`).test(text);

/** Reads a number with its sign. */
export function numberOf(text) {
  const [, sign, digits] = /^([+-]?)(.*)$/.exec(text.replaceAll("_", ""));
  const value = /^inf$/i.test(digits) ? Number.POSITIVE_INFINITY : Number(digits);
  return sign === "-" ? -value : value;
}
