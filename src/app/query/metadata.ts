import { CATALOGUE, type MetricFamily } from "../../models/catalogue.ts";
import { OWN_SERIES, type OwnSeries } from "../../rules/own-series.ts";
import type { ApiMetadata, ApiMetricFacts } from "../../web/query-types.ts";

/** What is known of metrics: those of Triton and its backends, and those this program writes. */
const KNOWN: ReadonlyMap<string, ApiMetricFacts> = new Map([
  ...[...CATALOGUE.values()].map((one) => [one.name, factsOfTriton(one)] as const),
  ...[...OWN_SERIES.values()].map((one) => [one.name, factsOfOwn(one)] as const),
]);

/** @param metric only this one @param limit how many at most; 0 for all */
export function showMetadata(metric: string | undefined, limit: number): ApiMetadata {
  const found = [...KNOWN].filter(([name]) => metric === undefined || name === metric);
  const kept = limit === 0 ? found : found.slice(0, limit);
  return Object.fromEntries(kept.map(([name, facts]) => [name, [facts]]));
}

function factsOfTriton({ type, unit, labels, optional, cumulative, since, until }: MetricFamily): ApiMetricFacts {
  const by = labels.length === 0 ? "" : ` by ${labels.join(", ")}`;
  const perhaps = optional.length === 0 ? "" : `, where given ${optional.join(", ")}`;
  const help = [
    `Triton's ${type}${by}${perhaps}.`,
    ...(cumulative ? ["It only ever grows."] : []),
    ...(since === undefined ? [] : [`Since ${since}.`]),
    ...(until === undefined ? [] : [`Until ${until}.`]),
  ];
  return { type, help: help.join(" "), unit: unit ?? "" };
}

function factsOfOwn({ type, unit }: OwnSeries): ApiMetricFacts {
  return { type, help: "Written by triton-sentinel, see its docs/rules.md.", unit: unit ?? "" };
}
