import { childrenOf, type Expr } from "../../promql/ast.ts";
import { METRIC_NAME } from "../../series/labels.ts";
import { type Matcher, metricNameOf } from "../../series/matchers.ts";
import { OWN_SERIES } from "../own-series.ts";
import { jobMatcher } from "./promql-text.ts";
import { FAILED_SCRAPES } from "./scrape-memory.ts";
import { type ExportOptions, type Memory, refused, type Translation } from "./types.ts";

/** What an expression reads of other rules. */
export interface Reads {
  /** Each names alerts by the matchers of its label. */
  readonly alerts: readonly (readonly Matcher[])[];
  /** The same, of what detectors saw by these rules. */
  readonly detectors: readonly (readonly Matcher[])[];
  /** Names of series that may be recorded by a rule. */
  readonly records: readonly Matcher[];
}

export interface ExprTranslation extends Translation {
  readonly reads: Reads;
}

/** Series that Prometheus writes for every target it scrapes, whatever it is: here they are of Triton servers only. */
const OF_EVERY_TARGET = ["up", "scrape_duration_seconds", "scrape_samples_scraped"];

/** What stands for a series of ours there. */
const RECORDED: Readonly<Record<string, string>> = {
  triton_sentinel_failed_scrapes_in_a_row: FAILED_SCRAPES,
  triton_sentinel_observed: "triton_sentinel:observed",
  triton_sentinel_expected: "triton_sentinel:expected",
};

/** Why a series of ours has nothing that stands for it. */
const UNKNOWN_THERE: Readonly<Record<string, string>> = {
  triton_sentinel_scrape_problems: "Prometheus does not say what is wrong with a page",
  triton_sentinel_counter_regressions: "Prometheus takes a counter that goes back for a restart",
  triton_sentinel_counters_frozen_seconds:
    "how long counters stand still while work goes on is known scrape by scrape only",
  triton_sentinel_internal_errors_total: "it is about triton-sentinel itself",
};

type Selecting = Extract<Expr, { readonly kind: "selector" | "range" }>;

interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly text: string;
}

/**
 * An `expr:` as Prometheus can evaluate it: as it stands, but for series that only this program writes, and those that
 * Prometheus has of other targets as well.
 * @param texts what people read in the rule's annotations
 */
export function translateExpr(text: string, tree: Expr, texts: string, options: ExportOptions): ExprTranslation {
  const alerts: (readonly Matcher[])[] = [];
  const detectors: (readonly Matcher[])[] = [];
  const records: Matcher[] = [];
  const edits: Edit[] = [];
  const memory = new Set<Memory>();
  const no = (why: string): ExprTranslation => ({ ...refused(why), reads: { alerts: [], detectors: [], records: [] } });
  const selectors = selectorsIn(tree);
  if (selectors.length === 0 && texts.includes("triton-sentinel")) {
    return no("it reads no series, so there it would say that Prometheus is alive, not triton-sentinel");
  }
  for (const selector of selectors) {
    const name = metricNameOf(selector.matchers);
    const ours = [...OWN_SERIES.keys()].filter((own) => namesOf(selector).every((m) => m.matches(own)));
    if (ours.length === 0) {
      records.push(...namesOf(selector));
      continue;
    }
    const written = name !== undefined && text.startsWith(name, selector.from);
    if (!written) return no(`a selector takes in ${ours[0]} without naming it before its braces`);
    const labels = selector.matchers.filter((m) => m.name !== METRIC_NAME);
    if (name === "ALERTS" || name === "ALERTS_FOR_STATE") {
      const of = labels.filter((m) => m.name === "alertname");
      if (!of.some(({ op }) => op === "=" || op === "=~")) {
        return no(`${name} without an alertname holds there the alerts of other rules as well`);
      }
      alerts.push(of);
    } else if (OF_EVERY_TARGET.includes(name)) {
      if (!labels.some((m) => m.name === "job")) edits.push(withMatcher(text, selector.from + name.length, options));
    } else {
      const recorded = RECORDED[name];
      if (recorded === undefined)
        return no(`it reads ${name}: ${UNKNOWN_THERE[name] ?? "nothing there stands for it"}`);
      edits.push({ at: selector.from, remove: name.length, text: recorded });
      if (recorded === FAILED_SCRAPES) memory.add("scrapes");
      else detectors.push(labels.filter((m) => m.name === "rule").map((m) => ({ ...m, name: "alertname" })));
    }
  }
  const counted = "scrapes are counted at evaluations";
  return {
    fidelity: memory.size > 0 ? { kind: "approximate", why: counted } : { kind: "exact" },
    expr: edited(text, edits).trim(),
    recordings: [],
    baselines: [],
    memory: [...memory],
    reads: { alerts, detectors, records },
  };
}

function selectorsIn(expr: Expr): readonly Selecting[] {
  if (expr.kind === "selector" || expr.kind === "range") return [expr];
  return childrenOf(expr).flatMap(selectorsIn);
}

const namesOf = ({ matchers }: Selecting): readonly Matcher[] => matchers.filter((m) => m.name === METRIC_NAME);

/** Adds the jobs of the Triton servers to a selector whose name ends at `at`. */
function withMatcher(text: string, at: number, { jobs }: ExportOptions): Edit {
  const brace = /^\s*\{/.exec(text.slice(at));
  if (!brace) return { at, remove: 0, text: `{${jobMatcher(jobs)}}` };
  const empty = /^\s*\}/.test(text.slice(at + brace[0].length));
  return { at: at + brace[0].length, remove: 0, text: `${jobMatcher(jobs)}${empty ? "" : ", "}` };
}

function edited(text: string, edits: readonly Edit[]): string {
  let result = text;
  for (const { at, remove, text: with_ } of [...edits].sort((a, b) => b.at - a.at)) {
    result = result.slice(0, at) + with_ + result.slice(at + remove);
  }
  return result;
}
