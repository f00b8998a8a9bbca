import { type Labels, METRIC_NAME } from "../../../series/labels.ts";
import { type Matcher, matcher } from "../../../series/matchers.ts";
import { type EpochMs, formatTime } from "../../../series/time.ts";
import { UserMistake } from "../../user-mistake.ts";
import type { PrometheusApi } from "./api.ts";
import { readLabels } from "./matrix.ts";
import { selector } from "./wanted.ts";

/** Series that one backtest reads at most: each costs memory in every chunk. */
const MOST_SERIES = 100_000;
/** Bytes of a list of series: room for so many of 300 bytes each. */
const MOST_SERIES_BYTES = 32 * 1024 * 1024;

/** A span of time to read. */
export interface Span {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** What a server holds of a span. */
export interface Found {
  /** How many series each selector chooses; those that choose none are left out. */
  readonly selectors: ReadonlyMap<string, number>;
  /** Labels of the targets that the series are of: those of `up` where it is kept, else job and instance. */
  readonly targets: readonly { readonly labels: Labels; readonly up: boolean }[];
  /** The selector of `up`, narrowed to the jobs that matter; undefined where none of them has it. */
  readonly up: string | undefined;
  readonly notes: readonly string[];
}

/**
 * Asks which series there are, before any of their samples: so that chunks have the right size, and nothing found is said
 * at once.
 * @throws UserMistake where there is nothing, or too much; Unreachable
 */
export async function discover(
  api: PrometheusApi,
  selectors: readonly string[],
  narrow: readonly Matcher[],
  span: Span,
): Promise<Found> {
  const chosen = new Map<string, number>();
  const places = new Map<string, Labels>();
  let total = 0;
  for (const one of selectors) {
    const series = await seriesOf(api, one, span);
    if (series.length > 0) chosen.set(one, series.length);
    total += series.length;
    if (total > MOST_SERIES) throw tooMany(MANY);
    for (const labels of series) {
      const place = labels.only("job", "instance");
      places.set(place.key, place);
    }
  }
  if (places.size === 0) throw nothing(selectors, span);
  const jobs = [...new Set([...places.values()].map((place) => place.get("job") ?? ""))];
  const upSelector = selector(`${METRIC_NAME}="up"`, [matcher("job", "=~", jobs.map(escaped).join("|")), ...narrow]);
  const ups = (await seriesOf(api, upSelector, span)).map((labels) => labels.without(METRIC_NAME));
  const own = ups.filter((labels) => places.has(labels.only("job", "instance").key));
  const known = new Set(own.map((labels) => labels.only("job", "instance").key));
  const others = [...places.values()].filter(({ key }) => !known.has(key));
  return {
    selectors: chosen,
    targets: [...own.map((labels) => ({ labels, up: true })), ...others.map((labels) => ({ labels, up: false }))],
    up: own.length > 0 ? upSelector : undefined,
    notes: notesOn(own, others),
  };
}

async function seriesOf(api: PrometheusApi, selector: string, { from, to }: Span): Promise<readonly Labels[]> {
  const fields = [
    ["match[]", selector],
    ["start", String(from / 1000)],
    ["end", String(to / 1000)],
    // Servers that know it send one too many instead of all; the others do not mind.
    ["limit", String(MOST_SERIES + 1)],
  ] as const;
  const answer = await api.ask("series", fields, MOST_SERIES_BYTES);
  if (answer.kind === "too-much") throw tooMany(answer.why);
  if (!Array.isArray(answer.data)) throw new UserMistake("Cannot read history: expected a list of series");
  if (answer.data.length > MOST_SERIES) throw tooMany(MANY);
  return answer.data.map(readLabels);
}

function notesOn(ups: readonly Labels[], others: readonly Labels[]): readonly string[] {
  const notes: string[] = [];
  if (others.length > 0) {
    const names = others.slice(0, 3).map((labels) => labels.get("instance") ?? "?");
    notes.push(
      `${others.length} instances have no \`up\` (${names.join(", ")}${others.length > 3 ? ", …" : ""}): each step is taken for a scrape, and no samples for a failed one`,
    );
  }
  const places = new Map<string, Labels>();
  for (const labels of ups) {
    const place = labels.only("job", "instance");
    const before = places.get(place.key);
    places.set(place.key, labels);
    if (before === undefined) continue;
    const differing = labels.pairs.filter(([name, value]) => before.get(name) !== value).map(([name]) => name);
    notes.push(
      `instance ${place.get("instance") ?? "?"} is there more than once (${differing.join(", ")} differ): choose one with --match`,
    );
    break;
  }
  return notes;
}

function nothing(selectors: readonly string[], { from, to }: Span): UserMistake {
  const some = selectors.slice(0, 3).join(", ");
  return new UserMistake(
    `Cannot find history: no series of ${some} (and ${Math.max(0, selectors.length - 3)} others that the rules read) between ${formatTime(from)} and ${formatTime(to)}`,
  );
}

const MANY = `more than ${MOST_SERIES} series`;
const tooMany = (why: string): UserMistake =>
  new UserMistake(`Cannot read history: ${why}; choose fewer targets with --match, for example '{job="triton"}'`);

/** A text as a regular expression that matches it alone. */
const escaped = (text: string): string => text.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&");
