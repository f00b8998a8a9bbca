import { renderSeries } from "../../../exposition/render.ts";
import type { ScrapeInput } from "../../../monitor/inputs.ts";
import { Labels, METRIC_NAME } from "../../../series/labels.ts";
import { durationMs, type EpochMs, epochMs, MINUTE } from "../../../series/time.ts";
import type { Row } from "./matrix.ts";

/** Stands on every page: one without samples would be no metrics page. No rule reads it. */
const FILLER = "backtest_page 1\n";
const RENAMED = "exported_";
/** How old the newest scrape can be at a step: servers look back five minutes as a rule. */
const OLDEST = durationMs(10 * MINUTE);
const utf8 = new TextEncoder();

interface Line {
  /** The line up to its value. */
  readonly head: string;
  readonly row: Row;
}

/** What a chunk of history holds of one target: when it was scraped, and what its pages said. */
export interface TargetChunk {
  readonly rows: readonly Row[];
  /** Of its `up`: the value, and the time of the scrape in seconds. Undefined where it has none in all the history. */
  readonly up: { readonly value: Row | undefined; readonly time: Row | undefined } | undefined;
  readonly seconds: Row | undefined;
}

/** A target as the pages that it must have shown, rebuilt from the samples that a server kept of them. */
export class TargetPages {
  readonly labels: Labels;
  #chunk: TargetChunk = { rows: [], up: undefined, seconds: undefined };
  #lines: readonly Line[] = [];
  /** The newest scrape told, in milliseconds. */
  #last = Number.NEGATIVE_INFINITY;
  #doubted = 0;

  constructor(labels: Labels) {
    this.labels = labels;
  }

  /** Scrapes so far of which the server told a time that cannot be. */
  get doubted(): number {
    return this.#doubted;
  }

  /** Takes the next chunk. @returns how many series no page can show */
  take(chunk: TargetChunk): number {
    this.#chunk = chunk;
    const lines = chunk.rows.flatMap((row) => {
      const head = headOf(row.labels, this.labels);
      return head === undefined ? [] : [{ head, row }];
    });
    // The samples of a family stand together, as Triton writes them.
    this.#lines = lines.sort((a, b) => (a.head < b.head ? -1 : a.head > b.head ? 1 : 0));
    return chunk.rows.length - lines.length;
  }

  /**
   * The scrape that is new at a step; undefined where there was none since the step before. Where `up` is kept, its samples
   * say when scrapes were; else each step is one. A scrape that is said to have been after its step, or long before it, is
   * taken to have been at the step: one such time must neither end the reading nor hide what comes after.
   */
  scrape(step: number, at: EpochMs): ScrapeInput | undefined {
    const { up, seconds } = this.#chunk;
    if (up === undefined) {
      const page = this.#page(step);
      // Before its first samples nobody knew of it.
      const unseen = page === undefined && this.#last === Number.NEGATIVE_INFINITY;
      return unseen ? undefined : this.#input(at, page, seconds, step);
    }
    if (up.value?.there[step] !== 1) return undefined;
    const said = up.time?.there[step] === 1 ? Math.round(up.time.values[step]! * 1000) : at;
    // Of a server that looks back for longer, the last scrape is still the last one.
    if (said === this.#last) return undefined;
    const believed = Number.isFinite(said) && said <= at && said > at - OLDEST;
    const scraped = believed ? said : at;
    if (scraped <= this.#last) return undefined;
    if (!believed) this.#doubted++;
    const page = up.value.values[step] === 0 ? undefined : (this.#page(step) ?? FILLER);
    return this.#input(epochMs(scraped), page, seconds, step);
  }

  /** Whether the server says nothing of the target at a step, not even that it is down. */
  gone(step: number): boolean {
    const { up } = this.#chunk;
    return up !== undefined && up.value?.there[step] !== 1;
  }

  #input(at: EpochMs, page: string | undefined, seconds: Row | undefined, step: number): ScrapeInput {
    this.#last = at;
    const body = page === undefined ? undefined : utf8.encode(page);
    return {
      kind: "scrape",
      target: this.labels,
      at,
      seconds: seconds?.there[step] === 1 ? seconds.values[step]! : 0,
      outcome: body
        ? { kind: "body", body, length: body.length }
        : { kind: "unreachable", why: this.#chunk.up ? "up was 0" : "the server has no samples of it" },
    };
  }

  /** What the target showed at a step; undefined where nothing is kept. */
  #page(step: number): string | undefined {
    let page = "";
    for (const { head, row } of this.#lines) {
      if (row.there[step] === 1) page += `${head}${valueText(row.values[step]!)}\n`;
    }
    return page === "" ? undefined : FILLER + page;
  }
}

const valueText = (value: number): string => {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
};

/**
 * A series as a line of the target's page up to the value: the target's own labels taken off, and what Prometheus renamed
 * called as on the page. Undefined where the name or a label is of a kind that the page format cannot carry.
 */
function headOf(labels: Labels, target: Labels): string | undefined {
  const own = labels.pairs.flatMap(([name, value]): [string, string][] => {
    if (name === METRIC_NAME || target.get(name) === value) return [];
    const page = name.startsWith(RENAMED) ? name.slice(RENAMED.length) : name;
    return [[target.get(page) === undefined ? name : page, value]];
  });
  try {
    return `${renderSeries(labels.metric, Labels.from(own))} `;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
