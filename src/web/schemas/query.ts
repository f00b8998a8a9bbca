import { z } from "zod";
import type { ApiLabels } from "../api-types.ts";
import type { ApiMetadata, ApiPoint, ApiQueryResult } from "../query-types.ts";
import { labels } from "./alerts.ts";
import { component } from "./component.ts";

const point: z.ZodType<ApiPoint> = component(
  "Point",
  z.tuple([z.number(), z.string()]).describe("Unix seconds, and the value as Prometheus writes it"),
);

export const queryResult: z.ZodType<ApiQueryResult> = component(
  "QueryResult",
  z.union([
    z.object({ resultType: z.literal("vector"), result: z.array(z.object({ metric: labels, value: point })) }),
    z.object({
      resultType: z.literal("matrix"),
      result: z.array(z.object({ metric: labels, values: z.array(point) })),
    }),
    z.object({ resultType: z.enum(["scalar", "string"]), result: point }),
  ]),
);

export const seriesList: z.ZodType<readonly ApiLabels[]> = component("SeriesList", z.array(labels));

export const names: z.ZodType<readonly string[]> = component("Names", z.array(z.string()));

export const metadata: z.ZodType<ApiMetadata> = component(
  "Metadata",
  z.record(
    z.string(),
    z.array(
      z.object({
        type: z.enum(["counter", "gauge", "histogram", "summary"]),
        help: z.string(),
        unit: z.string(),
      }),
    ),
  ),
);
