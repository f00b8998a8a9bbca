import { ERROR_STATUS, type ErrorType } from "./envelope.ts";
import type { Content, Route } from "./route.ts";
import { componentSchemas, refTo } from "./schemas/component.ts";

/** The version of the API, not that of the program: it changes where somebody who reads the answers would notice. */
const API_VERSION = "1.0.0";

type Json = Readonly<Record<string, unknown>>;

/** What every route that changes something may answer beside its own errors. */
const ACTION_ERRORS: readonly ErrorType[] = ["bad_data", "unauthorized", "forbidden", "too_many_requests"];
const BODY_ERRORS: readonly ErrorType[] = ["too_large", "unsupported_media_type"];
const FORM = "application/x-www-form-urlencoded";

/** Describes a table of routes as OpenAPI 3.1. */
export function describeApi(table: readonly Route[]): Json {
  const paths = new Map<string, Record<string, Json>>();
  for (const route of table) {
    const operations = paths.get(route.path) ?? {};
    operations[route.method.toLowerCase()] = operationOf(route);
    paths.set(route.path, operations);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "triton-sentinel",
      version: API_VERSION,
      description: "What triton-sentinel knows, in the envelope of Prometheus' HTTP API.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "A token of the file web.api_tokens_file" },
      },
      schemas: { Error: errorSchema, ...componentSchemas() },
    },
  };
}

const errorSchema: Json = {
  type: "object",
  properties: {
    status: { const: "error" },
    errorType: { enum: Object.keys(ERROR_STATUS) },
    error: { type: "string" },
  },
  required: ["status", "errorType", "error"],
  additionalProperties: false,
};

function operationOf(route: Route): Json {
  const parameters = [...partsOf(route), ...(route.form ? [] : queryOf(route))];
  const { action } = route;
  return {
    operationId: route.id,
    summary: route.summary,
    ...(parameters.length > 0 && { parameters }),
    ...(action?.body && {
      requestBody: { required: true, content: { "application/json": { schema: refTo(action.body) } } },
    }),
    ...(route.form && { requestBody: { required: true, content: { [FORM]: { schema: formOf(route) } } } }),
    responses: { "200": { description: "Success", content: contentOf(route.content) }, ...errorsOf(route) },
    ...(action && { security: [{ token: [] }] }),
  };
}

const partsOf = (route: Route): Json[] =>
  Object.entries(route.parts).map(([name, description]) => {
    return { name, in: "path", required: true, description, schema: { type: "string" } };
  });

const queryOf = (route: Route): Json[] =>
  Object.entries(route.query).map(([name, { about, schema, repeated }]) => {
    return { name, in: "query", description: about, schema: repeated ? { type: "array", items: schema } : schema };
  });

/** The same parameters as the fields of a form. */
const formOf = (route: Route): Json => ({
  type: "object",
  properties: Object.fromEntries(
    Object.entries(route.query).map(([name, { about, schema, repeated }]) => {
      const one = { ...schema, description: about };
      return [name, repeated ? { type: "array", items: schema, description: about } : one];
    }),
  ),
});

const TEXTS: Json = { type: "array", items: { type: "string" } };

function contentOf(content: Content): Json {
  if (content.kind === "other") {
    return Object.fromEntries(content.types.map((type) => [type, { schema: { type: "string" } }]));
  }
  const schema = {
    type: "object",
    properties: {
      status: { const: "success" },
      data: refTo(content.schema),
      ...(content.noted && { warnings: TEXTS, infos: TEXTS }),
    },
    required: ["status", "data"],
    additionalProperties: false,
  };
  return { "application/json": { schema } };
}

/** By status; several error types may share one. */
function errorsOf({ errors, action, form, query, content }: Route): Json {
  const types = new Set<ErrorType>(errors);
  if (Object.keys(query).length > 0) types.add("bad_data");
  if (action) for (const type of ACTION_ERRORS) types.add(type);
  if (action?.body || form) for (const type of BODY_ERRORS) types.add(type);
  const sorted = [...types].sort((a, b) => ERROR_STATUS[a] - ERROR_STATUS[b]);
  const statuses = new Set(sorted.map((type) => ERROR_STATUS[type]));
  return Object.fromEntries(
    [...statuses].map((status) => {
      const sharing = sorted.filter((type) => ERROR_STATUS[type] === status);
      return [String(status), errorOf(sharing, content)];
    }),
  );
}

function errorOf(types: readonly ErrorType[], content: Content): Json {
  const description = types.join(" or ").replaceAll("_", " ");
  // A text page that fails says so in text, where it says so itself.
  const plain = content.kind === "other" && types.some((type) => type === "unavailable" || type === "internal");
  const schema = { schema: { $ref: "#/components/schemas/Error" } };
  return {
    description,
    content:
      plain && content.types.includes("text/plain; charset=utf-8")
        ? { "text/plain; charset=utf-8": { schema: { type: "string" } } }
        : { "application/json": schema },
  };
}
