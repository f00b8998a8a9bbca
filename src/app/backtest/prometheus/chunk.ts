import { type Labels, METRIC_NAME } from "../../../series/labels.ts";
import type { PrometheusApi } from "./api.ts";
import type { Found } from "./discover.ts";
import { type Row, readMatrix, type Steps } from "./matrix.ts";
import type { TargetPages } from "./target-pages.ts";

/** Whether a chunk came, or why it must be smaller. */
export type ChunkAnswer =
  | { readonly kind: "loaded"; readonly homeless: number }
  | { readonly kind: "too-much"; readonly why: string };

interface Gathered {
  readonly rows: Row[];
  value?: Row;
  time?: Row;
  seconds?: Row;
}

/** Gives targets the samples of some steps, asking a family at a time. */
export async function loadChunk(
  api: PrometheusApi,
  { found, durations }: { readonly found: Found; readonly durations: boolean },
  targets: readonly TargetPages[],
  steps: Steps,
): Promise<ChunkAnswer> {
  const homes = new Homes(targets);
  let homeless = 0;
  const ask = async (query: string, put: (gathered: Gathered, row: Row) => void): Promise<string | undefined> => {
    const answer = await api.ask("query_range", [
      ["query", query],
      ["start", String(steps.start / 1000)],
      ["end", String((steps.start + (steps.count - 1) * steps.step) / 1000)],
      ["step", String(steps.step / 1000)],
    ]);
    if (answer.kind === "too-much") return answer.why;
    const rows = readMatrix(answer.data, steps);
    if (rows === undefined) return "the answer has more series than were found";
    for (const row of rows) {
      const gathered = homes.of(row.labels);
      if (gathered) put(gathered, row);
      else homeless++;
    }
    return undefined;
  };
  const parts: (readonly [query: string, put: (gathered: Gathered, row: Row) => void])[] = [];
  for (const selector of found.selectors.keys()) parts.push([selector, ({ rows }, row) => rows.push(row)]);
  if (found.up !== undefined) {
    parts.push([found.up, (gathered, row) => (gathered.value = row)]);
    parts.push([`timestamp(${found.up})`, (gathered, row) => (gathered.time = row)]);
    const seconds = found.up.replace(`"up"`, `"scrape_duration_seconds"`);
    if (durations) parts.push([seconds, (gathered, row) => (gathered.seconds = row)]);
  }
  for (const [query, put] of parts) {
    const why = await ask(query, put);
    if (why !== undefined) return { kind: "too-much", why };
  }
  return { kind: "loaded", homeless: homeless + homes.fill(found) };
}

/** Which target a series is of. */
class Homes {
  readonly #all: readonly { readonly target: TargetPages; readonly gathered: Gathered }[];
  readonly #byPlace = new Map<string, { readonly target: TargetPages; readonly gathered: Gathered }[]>();

  constructor(targets: readonly TargetPages[]) {
    this.#all = targets.map((target) => ({ target, gathered: { rows: [] } }));
    for (const home of this.#all) {
      const place = placeOf(home.target.labels);
      this.#byPlace.set(place, [...(this.#byPlace.get(place) ?? []), home]);
    }
  }

  /** Where a series belongs: the target of its job and instance, all of whose labels it has. */
  of(labels: Labels): Gathered | undefined {
    const homes = this.#byPlace.get(placeOf(labels)) ?? [];
    const fits = homes.find(({ target }) => target.labels.pairs.every(([name, value]) => labels.get(name) === value));
    // Labels may have been added or dropped between `up` and the samples: one target of the name is the one.
    return (fits ?? (homes.length === 1 ? homes[0] : undefined))?.gathered;
  }

  /** Hands over what was gathered. @returns how many series no page can show */
  fill({ targets }: Found): number {
    const withUp = new Set(targets.flatMap(({ labels, up }) => (up ? [labels.key] : [])));
    let lost = 0;
    for (const { target, gathered } of this.#all) {
      const { rows, value, time, seconds } = gathered;
      lost += target.take({ rows, up: withUp.has(target.labels.key) ? { value, time } : undefined, seconds });
    }
    return lost;
  }
}

const placeOf = (labels: Labels): string => labels.without(METRIC_NAME).only("job", "instance").key;
