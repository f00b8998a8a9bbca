import { describe, expect, test } from "vitest";
import type { InstantQuery, RangeQuery, SamplesPort, SeriesQuery } from "../../src/web/ports.ts";
import { sampleQuery } from "./sample-query.ts";
import { jsonOf, site, TOKEN } from "./site.ts";

const FORM = { "content-type": "application/x-www-form-urlencoded" };

/** A site that keeps what it is asked. */
async function asked(more: Partial<SamplesPort> = {}) {
  const seen: (InstantQuery | RangeQuery | (SeriesQuery & { readonly name?: string }))[] = [];
  const samples: SamplesPort = {
    ...sampleQuery.samples,
    instant: async (query) => {
      seen.push(query);
      return sampleQuery.samples.instant(query);
    },
    range: async (query) => {
      seen.push(query);
      return sampleQuery.samples.range(query);
    },
    series: async (query) => {
      seen.push(query);
      return sampleQuery.samples.series(query);
    },
    labelValues: async (name, query) => {
      seen.push({ name, ...query });
      return sampleQuery.samples.labelValues(name, query);
    },
    ...more,
  };
  return { seen, ...(await site({ query: { samples } })) };
}

describe("parameters", () => {
  test("are read from the URL", async () => {
    const { ask, seen } = await asked();
    await ask("/api/v1/query?query=1%2B1&time=1420070400.5&timeout=1m30s&limit=7&lookback_delta=30&stats=all");
    await ask("/api/v1/query_range?query=up&start=2015-01-01T00:00:00%2B01:00&end=1420070400&step=15");
    await ask("/api/v1/series?match[]=up&match[]=down&start=1");
    await ask("/api/v1/label/model%2Fx/values");
    expect(seen).toEqual([
      { expression: "1+1", at: 1_420_070_400_500, timeout: 90_000, limit: 7, lookback: 30_000 },
      { expression: "up", from: 1_420_066_800_000, to: 1_420_070_400_000, step: 15_000, limit: 0 },
      { selectors: ["up", "down"], from: 1_000, limit: 0 },
      { name: "model/x", selectors: [], limit: 0 },
    ]);
  });

  test("are read from a form as well, without a token", async () => {
    const { ask, seen } = await asked();
    const body = new URLSearchParams({ query: "x".repeat(12_000), time: "1" }).toString();
    const got = await ask("/api/v1/query?limit=3", { method: "POST", headers: FORM, body });
    expect([got.status, jsonOf(got)]).toEqual([
      200,
      { status: "success", data: { resultType: "scalar", result: [1, "2"] } },
    ]);
    await ask("/api/v1/series", { method: "POST", headers: FORM, body: "match[]=up&match%5B%5D=down" });
    await ask("/api/v1/query?query=up", { method: "POST" });
    expect(seen).toEqual([
      { expression: "x".repeat(12_000), at: 1_000, limit: 3 },
      { selectors: ["up", "down"], limit: 0 },
      { expression: "up", limit: 0 },
    ]);
  });

  test.each([
    ["/api/v1/query", "query"],
    ["/api/v1/query_range?start=1&end=2&step=1", "query"],
    ["/api/v1/query_range?query=1&end=2&step=1", "start"],
    ["/api/v1/query_range?query=1&start=1&step=1", "end"],
    ["/api/v1/query_range?query=1&start=1&end=2", "step"],
    ["/api/v1/series", "match[]"],
  ])("that are missing are named: %s", async (path, name) => {
    const got = await (await asked()).ask(path);
    expect([got.status, jsonOf(got)]).toEqual([
      400,
      {
        status: "error",
        errorType: "bad_data",
        error: `Cannot do without parameter ${name}: see /api/v1/openapi.json`,
      },
    ]);
  });

  test.each([
    ["query?query=1&time=yesterday", 'time="yesterday": expected Unix seconds or an RFC 3339 time'],
    ["query?query=1&time=2026-02-30T00:00:00Z", 'time="2026-02-30T00:00:00Z": expected Unix'],
    ["query?query=1&time=1e300", 'time="1e300": expected Unix'],
    ["query?query=1&timeout=0", 'timeout="0": expected a duration above 0'],
    ["query?query=1&query=2", "expected it once"],
    ["query?query=1&limit=-1", 'limit="-1": expected a whole number'],
    ["query_range?query=1&start=1&end=2&step=-1", 'step="-1": expected a duration above 0'],
    ["query_range?query=1&start=1&end=2&step=0.0001", 'step="0.0001": expected a duration above 0'],
  ])("that cannot be read are named: %s", async (path, why) => {
    const got = await (await asked()).ask(`/api/v1/${path}`);
    expect([got.status, jsonOf(got).errorType]).toEqual([400, "bad_data"]);
    expect(jsonOf(got).error).toContain(why);
  });
});

describe("a form", () => {
  test.each([
    ["of more than 16 kB", FORM, `query=${"x".repeat(17_000)}`, 413, "too_large"],
    ["of too many fields", FORM, "a=1&".repeat(600), 413, "too_large"],
    ["that is JSON", { "content-type": "application/json" }, '{"query":"1"}', 415, "unsupported_media_type"],
    ["without a type", {}, "query=1", 415, "unsupported_media_type"],
    ["that is compressed", { ...FORM, "content-encoding": "gzip" }, "query=1", 415, "unsupported_media_type"],
  ])("%s is refused", async (_what, headers, body, status, errorType) => {
    const got = await (await asked()).ask("/api/v1/query", { method: "POST", headers, body });
    expect([got.status, jsonOf(got).errorType]).toEqual([status, errorType]);
  });

  test("is refused under a foreign name, as everything is", async () => {
    const headers = { ...FORM, host: "evil.example" };
    const got = await (await asked()).ask("/api/v1/query", { method: "POST", headers, body: "query=1" });
    expect(got.status).toBe(403);
  });

  test("of another origin's page is answered without leave to read the answer", async () => {
    const headers = { ...FORM, origin: "https://evil.example" };
    const got = await (await asked()).ask("/api/v1/query", { method: "POST", headers, body: "query=1" });
    expect(got.headers["access-control-allow-origin"]).toBeUndefined();
    expect(got.headers["cross-origin-resource-policy"]).toBe("same-origin");
  });

  test("is taken by nothing that changes something", async () => {
    const headers = { ...FORM, authorization: `Bearer ${TOKEN}` };
    const got = await (await asked()).ask("/api/v1/deployments", { method: "POST", headers, body: "model=x" });
    expect(got.status).toBe(415);
  });
});

describe("an answer", () => {
  test("carries warnings and infos beside the data, where there are any", async () => {
    const { ask } = await asked({
      instant: async () => ({
        kind: "data",
        data: { resultType: "vector", result: [] },
        warnings: ["w"],
        infos: ["i"],
      }),
    });
    expect(jsonOf(await ask("/api/v1/query?query=x"))).toEqual({
      status: "success",
      data: { resultType: "vector", result: [] },
      warnings: ["w"],
      infos: ["i"],
    });
  });

  test.each([
    ["bad_data", 400],
    ["execution", 422],
    ["timeout", 503],
    ["unavailable", 503],
  ] as const)("that is %s has Prometheus' status %i", async (kind, status) => {
    const { ask } = await asked({ instant: async () => ({ kind, why: "because" }) });
    const got = await ask("/api/v1/query?query=x");
    expect([got.status, jsonOf(got)]).toEqual([status, { status: "error", errorType: kind, error: "because" }]);
  });
});
