import { CATALOGUE, type MetricFamily, type MetricUnit, seriesOf } from "../../models/catalogue.ts";
import { OWN_SERIES } from "../own-series.ts";

/** What is known of the series of one name. */
export interface SeriesFacts {
  readonly type: MetricFamily["type"];
  /** Each of them has these labels, besides those of the target. */
  readonly labels: readonly string[];
  /** Some of them have these. */
  readonly optional: readonly string[];
  /** No others but those of the target; otherwise they depend on a rule. */
  readonly closed: boolean;
  readonly values: Readonly<Record<string, readonly string[]>>;
  readonly unit?: MetricUnit;
  /** A gauge that counts, so that it may be treated as a counter. */
  readonly cumulative: boolean;
  /** Written by Triton, rather than by this program. */
  readonly triton: boolean;
}

const FACTS: ReadonlyMap<string, SeriesFacts> = new Map([
  ...[...CATALOGUE.values()].flatMap((family) =>
    seriesOf(family).map((name) => [name, factsOf(family, name)] as const),
  ),
  ...[...OWN_SERIES.values()].map(({ name, type, labels = [], values, unit }) => {
    const closed = OWN_SERIES.get(name)?.labels !== undefined;
    const facts = { type, labels, optional: [], closed, values, cumulative: false, triton: false };
    return [name, unit === undefined ? facts : { ...facts, unit }] as const;
  }),
]);

/** Parts of a histogram or summary have types and labels of their own. */
function factsOf(family: MetricFamily, name: string): SeriesFacts {
  const { labels, optional, values, unit, cumulative = false } = family;
  const facts = { labels, optional, closed: true, values, cumulative, triton: true };
  const part = name.slice(family.name.length);
  const type = part !== "" ? "counter" : family.type === "summary" ? "gauge" : family.type;
  const own = part === "_bucket" ? ["le"] : family.type === "summary" && part === "" ? ["quantile"] : [];
  const measured = part === "_bucket" || part === "_count" ? undefined : unit;
  return { ...facts, type, labels: [...labels, ...own], ...(measured !== undefined && { unit: measured }) };
}

/** Labels that a target has and every series of it; others may be set in the configuration. */
export const TARGET_LABELS = ["job", "instance"] as const;

/** Every label that Triton or this program gives to some series. None of them is a target's. */
export const LABEL_VOCABULARY: ReadonlySet<string> = new Set([
  ...[...FACTS.values()].flatMap(({ labels, optional }) => [...labels, ...optional]),
  ...["alertname", "alertstate", "rule"],
]);

/** The series that rules can read: Triton's, this program's, and what the recording rules of the files write. */
export class KnownSeries {
  readonly recorded: ReadonlySet<string>;

  constructor(recorded: ReadonlySet<string>) {
    this.recorded = recorded;
  }

  /** Undefined where nothing is known of a name, or its series are made by a rule. */
  facts(name: string | undefined): SeriesFacts | undefined {
    return name === undefined || this.recorded.has(name) ? undefined : FACTS.get(name);
  }

  names(): readonly string[] {
    return [...FACTS.keys(), ...this.recorded];
  }
}
