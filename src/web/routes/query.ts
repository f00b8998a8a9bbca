import { type Answer, data, type ErrorType } from "../envelope.ts";
import { text, type Values } from "../parameters.ts";
import { expression, instant, length, limit, selectors } from "../query-parameters.ts";
import { queries, type Route, reads } from "../route.ts";
import { metadata, names, queryResult, seriesList } from "../schemas/query.ts";

const bounds = { timeout: length("How long it may take, at most 10 seconds; default: 2 seconds"), limit };
const evaluation = { query: expression, lookback_delta: length("How old a sample may be"), ...bounds };
const span = { start: instant("Only series with a sample since"), end: instant("Only series with a sample until") };
const choosing = { "match[]": selectors, ...span, ...bounds };
const ERRORS: readonly ErrorType[] = ["execution", "timeout", "unavailable"];

/** PromQL over the samples held, as Prometheus answers it: what Grafana's data source asks. */
export const queryRoutes: readonly Route[] = [
  ...queries({
    path: "/api/v1/query",
    id: "query",
    summary: "The value of a PromQL expression at one instant",
    query: { ...evaluation, time: instant("When; default: now") },
    errors: ERRORS,
    answer: queryResult,
    answers: ({ query: { samples } }, { query: { query, time, ...more } }) =>
      query === undefined
        ? missing("query")
        : samples.instant({ expression: query, ...given({ at: time }), ...costs(more) }),
  }),
  ...queries({
    path: "/api/v1/query_range",
    id: "queryRange",
    summary: "The values of a PromQL expression over a span of time, step by step",
    query: {
      ...evaluation,
      start: instant("The first step"),
      end: instant("The last"),
      step: length("From step to step"),
    },
    errors: ERRORS,
    answer: queryResult,
    answers({ query: { samples } }, { query: { query, start: from, end: to, step, ...more } }) {
      if (query === undefined) return missing("query");
      if (from === undefined) return missing("start");
      if (to === undefined) return missing("end");
      if (step === undefined) return missing("step");
      return samples.range({ expression: query, from, to, step, ...costs(more) });
    },
  }),
  ...queries({
    path: "/api/v1/series",
    id: "listSeries",
    summary: "The labels of series that are held",
    query: choosing,
    errors: ERRORS,
    answer: seriesList,
    answers: ({ query: { samples } }, { query }) =>
      query["match[]"].length === 0 ? missing("match[]") : samples.series(chosen(query)),
  }),
  ...queries({
    path: "/api/v1/labels",
    id: "listLabelNames",
    summary: "The names of labels of series that are held",
    query: choosing,
    errors: ERRORS,
    answer: names,
    answers: ({ query: { samples } }, { query }) => samples.labelNames(chosen(query)),
  }),
  ...queries({
    path: "/api/v1/label/{name}/values",
    id: "listLabelValues",
    summary: "The values of a label of series that are held",
    parts: { name: "The label, for example __name__" },
    query: choosing,
    errors: ERRORS,
    answer: names,
    answers: ({ query: { samples } }, { parts, query }) => samples.labelValues(parts["name"]!, chosen(query)),
  }),
  reads({
    path: "/api/v1/metadata",
    id: "listMetadata",
    summary: "What is known of the metrics of Triton and of this program: type, unit, labels",
    query: { metric: text("Only of this metric"), limit },
    answer: metadata,
    answers: ({ query: { samples } }, { query }) => data(samples.metadata(query.metric, query.limit)),
  }),
];

const missing = (name: string): Answer<never> => ({
  kind: "bad_data",
  why: `Cannot do without parameter ${name}: see /api/v1/openapi.json`,
});

function costs({ timeout, lookback_delta: lookback, limit }: Omit<Values<typeof evaluation>, "query">) {
  return { limit, ...given({ timeout, lookback }) };
}

function chosen({ "match[]": written, start: from, end: to, timeout, limit }: Values<typeof choosing>) {
  return { selectors: written, limit, ...given({ from, to, timeout }) };
}

/** Only what is there. */
function given<T extends object>(fields: T): { readonly [Name in keyof T]?: Exclude<T[Name], undefined> } {
  const there = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as { [Name in keyof T]?: Exclude<T[Name], undefined> };
}
