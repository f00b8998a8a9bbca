import { readFileSync, writeFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { watched } from "../app/views/watched.ts";
import { jsonOf, site, TOKEN } from "./site.ts";

const FILE = new URL("../../docs/openapi.json", import.meta.url);
const PATHS: Readonly<Record<string, string>> = {
  "{model}": "bert",
  "{version}": "1",
  "{id}": "abcdef0123456789",
  "{name}": "__name__",
};
/** What some paths do not answer without. */
const QUERIES: Readonly<Record<string, string>> = {
  "/api/v1/query": "?query=up",
  "/api/v1/query_range": "?query=up&start=1&end=2&step=1",
  "/api/v1/series": "?match[]=up",
};
const urlOf = (path: string): string => path.replace(/\{\w+\}/g, (part) => PATHS[part]!) + (QUERIES[path] ?? "");

interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly content: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

async function served(): Promise<Described> {
  const { ask } = await site();
  return jsonOf(await ask("/api/v1/openapi.json"));
}

/** Says whether an answer is as a path's description promises. */
async function checker() {
  const api = await served();
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema({ $id: "api", components: api.components });
  return (path: string, status: number, body: unknown) => {
    const { schema } = api.paths[path]!["get"]!.responses[String(status)]!.content["application/json"]!;
    const whole = JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"api#/components'));
    const valid = ajv.validate(whole, body);
    expect([path, valid ? [] : ajv.errors]).toEqual([path, []]);
  };
}

const jsonPaths = ({ paths }: Described): string[] =>
  Object.keys(paths).filter((path) => {
    const schema = paths[path]!["get"]?.responses["200"]?.content["application/json"]?.schema;
    return schema !== undefined && "properties" in schema;
  });

test("docs/openapi.json is what is served (UPDATE_OPENAPI=1 writes it)", async () => {
  const api = await served();
  if (process.env["UPDATE_OPENAPI"] === "1")
    writeFileSync(
      FILE,
      `${JSON.stringify(api, null, 2)}
`,
    );
  expect(JSON.parse(readFileSync(FILE, "utf8"))).toEqual(api);
});

test("every schema that is referred to exists, and every one is used", async () => {
  const api = await served();
  const used = [...JSON.stringify(api).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name!);
  expect([...new Set(used)].sort()).toEqual(Object.keys(api.components.schemas).sort());
});

test("what the samples answer is as described", async () => {
  const [check, api] = [await checker(), await served()];
  const { ask } = await site({
    query: {
      model: () => [
        { labels: {}, serving: true, firstSeen: "2026-11-23T07:00:00.000Z", events: [], alerts: [], subjects: [] },
      ],
    },
  });
  const paths = jsonPaths(api);
  expect(paths.length).toBeGreaterThan(12);
  for (const path of paths) {
    const got = await ask(urlOf(path));
    check(path, got.status, jsonOf(got));
  }
  check("/api/v1/models/{model}", 404, jsonOf(await (await site()).ask("/api/v1/models/none")));
  check("/api/v1/events", 400, jsonOf(await ask("/api/v1/events?limit=x")));
});

describe("what a program at work answers", () => {
  test("is as described, path for path", async () => {
    const { views, triton, tick } = watched();
    for (let i = 0; i < 40; i++) {
      triton.serve("bert", { requests: 50, failures: i % 3 });
      tick();
    }
    triton.load("evil");
    tick();
    tick({ "gpu:8002": undefined });
    const [check, api] = [await checker(), await served()];
    const query = Object.fromEntries(
      [
        "runtimeInfo",
        "reload",
        "targets",
        "rules",
        "alerts",
        "models",
        "model",
        "events",
        "deployments",
        "subjects",
        "subject",
      ].map((name) => [
        name,
        (...args: never[]) => (views[name as keyof typeof views] as (...all: never[]) => unknown)(...args),
      ]),
    );
    const { ask } = await site({ query: { ...query, samples: views.samples } });
    const [subject] = views.subjects().subjects;
    for (const path of jsonPaths(api)) {
      const got = await ask(urlOf(path).replace(PATHS["{id}"]!, subject!.id));
      expect([path, got.status]).toEqual([path, 200]);
      check(path, 200, jsonOf(got));
    }
  });
});

test("what changes something is described with its token and its body", async () => {
  const { paths } = await served();
  expect(paths["/api/v1/deployments"]!["post"]).toMatchObject({
    security: [{ token: [] }],
    requestBody: {
      required: true,
      content: { "application/json": { schema: { $ref: "#/components/schemas/Announce" } } },
    },
  });
  expect(Object.keys(paths["/api/v1/deployments"]!["post"]!.responses)).toEqual([
    ...["200", "400", "401", "403", "413", "415", "422", "429"],
  ]);
  expect(paths["/-/reload"]!["post"]).toMatchObject({ security: [{ token: [] }] });
  expect(JSON.stringify(paths)).not.toContain(TOKEN);
});
