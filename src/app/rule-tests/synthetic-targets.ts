import { renderSample, renderSeries } from "../../exposition/render.ts";
import type { Scraped, ScrapeInput } from "../../monitor/inputs.ts";
import type { InputSeries } from "../../rules/tests/types.ts";
import { type Cell, expand } from "../../rules/tests/values.ts";
import { Labels } from "../../series/labels.ts";
import type { EpochMs } from "../../series/time.ts";

/** What a series is of that does not say which server it is of. */
const DEFAULT_TARGET = { job: "triton", instance: "test" };
/** Stands on every page: one without samples would be no metrics page. No rule reads it. */
const FILLER = "rule_test_page";

interface Line {
  readonly name: string;
  readonly labels: Labels;
  readonly cells: readonly Cell[];
}

/**
 * A server that exists in a test only: the input series of one job and instance, as the pages it would have shown. Its `up`
 * says whether it answered: 0 is a scrape that failed.
 */
export class SyntheticTarget {
  readonly labels: Labels;
  readonly #lines: readonly Line[];
  readonly #up: readonly Cell[] | undefined;

  /** @param series those of this target */
  constructor(labels: Labels, series: readonly InputSeries[]) {
    this.labels = labels;
    const lines = series.map((one) => ({
      name: one.labels.metric,
      labels: one.labels.without("job", "instance"),
      cells: expand(one.values),
    }));
    this.#up = lines.find(({ name }) => name === "up")?.cells;
    // The samples of a family stand together, or the page would not be what Triton writes.
    this.#lines = lines
      .filter(({ name }) => name !== "up")
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }

  /** Its scrape at an instant; undefined where nothing is said of it then, as where all its series have `_`. */
  scrape(index: number, at: EpochMs): ScrapeInput | undefined {
    const up = this.#up?.[index];
    const said = (up !== undefined && up !== "stale") || this.#lines.some(({ cells }) => cells[index] !== undefined);
    if (!said || up === "stale") return undefined;
    return { kind: "scrape", target: this.labels, at, seconds: 0.01, outcome: this.#outcome(up, index) };
  }

  #outcome(up: number | undefined, index: number): Scraped {
    if (up === 0) return { kind: "unreachable", why: "up is 0 in the test" };
    let page = `${FILLER} 1\n`;
    for (const { name, labels, cells } of this.#lines) {
      const cell = cells[index];
      if (typeof cell === "number") page += renderSample(name, labels, cell);
    }
    const body = new TextEncoder().encode(page);
    return { kind: "body", body, length: body.length };
  }
}

/** The targets that input series are of, in the order in which they are first named. */
export function targetsOf(series: readonly InputSeries[]): readonly SyntheticTarget[] {
  const byTarget = new Map<string, { readonly labels: Labels; readonly series: InputSeries[] }>();
  for (const one of series) {
    const labels = Labels.of({ ...DEFAULT_TARGET, ...one.labels.only("job", "instance").toJSON() });
    const known = byTarget.get(labels.key);
    if (known) known.series.push(one);
    else byTarget.set(labels.key, { labels, series: [one] });
  }
  return [...byTarget.values()].map((target) => new SyntheticTarget(target.labels, target.series));
}

/** Why a series cannot stand on a metrics page; undefined where it can. */
export function whyNoLine({ labels }: InputSeries): string | undefined {
  try {
    renderSeries(labels.metric, labels);
    return undefined;
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}
