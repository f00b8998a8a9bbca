import type { ApiLabels } from "./api-types.ts";

/** A point of an answer: Unix seconds, and the value as Prometheus writes it ("NaN", "+Inf"). */
export type ApiPoint = readonly [seconds: number, value: string];

/** What a query comes to. */
export type ApiQueryResult =
  | {
      readonly resultType: "vector";
      readonly result: readonly { readonly metric: ApiLabels; readonly value: ApiPoint }[];
    }
  | {
      readonly resultType: "matrix";
      readonly result: readonly { readonly metric: ApiLabels; readonly values: readonly ApiPoint[] }[];
    }
  | { readonly resultType: "scalar" | "string"; readonly result: ApiPoint };

/** What is known of a metric whatever its samples. */
export interface ApiMetricFacts {
  readonly type: "counter" | "gauge" | "histogram" | "summary";
  readonly help: string;
  readonly unit: string;
}

/** By metric; a list because Prometheus may know several opinions. */
export type ApiMetadata = Readonly<Record<string, readonly ApiMetricFacts[]>>;
