import { describe, expect, test } from "vitest";
import { HOSTILE } from "./sample-query.ts";
import { jsonOf, site, TOKEN } from "./site.ts";

const dataOf = async (path: string) => {
  const { ask } = await site();
  const got = await ask(path);
  expect([path, got.status, got.headers["content-type"]]).toEqual([path, 200, "application/json; charset=utf-8"]);
  expect(Object.keys(jsonOf(got))).toEqual(["status", "data"]);
  return jsonOf(got).data;
};

describe("alerts", () => {
  const names = async (query: string) => {
    const { alerts } = await dataOf(`/api/v1/alerts${query}`);
    return alerts.map(
      (alert: { labels: Record<string, string> }) => alert.labels["model"] ?? alert.labels["alertname"],
    );
  };

  test("are those that are pending or firing, with those that ended only when asked for", async () => {
    expect(await names("")).toEqual([...HOSTILE, "resnet", "SentinelWatchdog"]);
    expect((await names("?resolved=true")).at(-1)).toBe("ended");
  });

  test.each([
    ['severity="info"', ["resnet"]],
    ['{severity=~"i.*|none"}', ["resnet", "SentinelWatchdog"]],
    ['alertname!="TritonModelReloaded",severity!~"none"', ["resnet"]],
    ["severity=info", ["resnet"]],
    ['instance=""', ["resnet", "SentinelWatchdog"]],
    ["", [...HOSTILE, "resnet", "SentinelWatchdog"]],
  ])("that match %s", async (filter, expected) => {
    expect(await names(`?filter=${encodeURIComponent(filter)}`)).toEqual(expected);
  });

  test("must match every filter there is", async () => {
    expect(await names("?filter=alertname=Pending&filter=severity=none")).toEqual([]);
  });
});

describe("rules", () => {
  const names = async (query: string) => {
    const { groups } = await dataOf(`/api/v1/rules${query}`);
    return groups.map((group: { name: string; rules: { name: string }[] }) => [
      group.name,
      ...group.rules.map((rule) => rule.name),
    ]);
  };

  test.each([
    [
      "",
      [
        ["models", "TritonModelReloaded", "job:failures"],
        ["mine", "other"],
      ],
    ],
    ["?type=alert", [["models", "TritonModelReloaded"]]],
    [
      "?type=record",
      [
        ["models", "job:failures"],
        ["mine", "other"],
      ],
    ],
    [
      "?rule_name[]=other&rule_name[]=job:failures",
      [
        ["models", "job:failures"],
        ["mine", "other"],
      ],
    ],
    ["?rule_group%5B%5D=mine", [["mine", "other"]]],
    ["?file[]=mine.yml", [["mine", "other"]]],
    ["?file[]=none.yml", []],
  ])("of %s", async (query, expected) => {
    expect(await names(query)).toEqual(expected);
  });

  test("without alerts have null in their place, as in Prometheus", async () => {
    const alertsOf = async (query: string) => (await dataOf(`/api/v1/rules${query}`)).groups[0].rules[0].alerts;
    expect((await alertsOf("")).length).toBe(1);
    expect(await alertsOf("?exclude_alerts=true")).toBeNull();
  });
});

describe("targets", () => {
  test.each([
    ["", 2, 1, { "job-0": 1 }],
    ["?state=active", 2, 0, {}],
    ["?state=dropped", 0, 1, { "job-0": 1 }],
    ["?scrapePool=job-1", 1, 0, { "job-0": 1 }],
  ])("of %s are %i active and %i dropped", async (query, active, dropped, counts) => {
    const found = await dataOf(`/api/v1/targets${query}`);
    expect([found.activeTargets.length, found.droppedTargets.length]).toEqual([active, dropped]);
    expect(found.droppedTargetCounts).toEqual(counts);
  });
});

describe("models", () => {
  test.each(HOSTILE)("named %j are found by their path", async (name) => {
    for (const path of [encodeURIComponent(name), `${encodeURIComponent(name)}/1`]) {
      const [detail] = await dataOf(`/api/v1/models/${path}?instance=gpu-7:8002`);
      expect(detail.labels).toMatchObject({ model: name, version: "1" });
    }
  });

  test.each([
    "/api/v1/models/none",
    "/api/v1/models/a%2Fb%3Fc/2",
    "/api/v1/models/bert?instance=other",
    "/api/v1/subjects/none",
  ])("%s is 404", async (path) => {
    const { ask } = await site();
    const got = await ask(path);
    expect([got.status, jsonOf(got).errorType]).toEqual([404, "not_found"]);
  });

  test("are listed, all or those asked for", async () => {
    expect((await dataOf("/api/v1/models")).models.length).toBe(HOSTILE.length);
    expect((await dataOf("/api/v1/models?model=__proto__&version=1")).models.length).toBe(1);
    expect((await dataOf("/api/v1/models?model=__proto__&version=2")).models.length).toBe(0);
  });
});

test("subjects are listed, and one shows its history", async () => {
  expect((await dataOf("/api/v1/subjects?model=bert")).subjects.length).toBe(1);
  expect((await dataOf("/api/v1/subjects?rule=other")).subjects.length).toBe(0);
  expect((await dataOf("/api/v1/subjects/abcdef0123456789")).history.observed).toEqual([0.1, null]);
});

test("events come newest first, bounded, and from an id on", async () => {
  const ids = async (query: string) =>
    (await dataOf(`/api/v1/events${query}`)).events.map(({ id }: { id: number }) => id);
  expect(await ids("")).toEqual([6, 5, 4, 3, 2, 1]);
  expect(await ids("?limit=2")).toEqual([6, 5]);
  expect(await ids("?since_id=4")).toEqual([6, 5]);
});

test.each([
  ["/api/v1/events?limit=0", 'Cannot use parameter limit="0": expected a whole number from 1 to 5000'],
  ["/api/v1/events?limit=1e3", 'Cannot use parameter limit="1e3": expected a whole number from 1 to 5000'],
  ["/api/v1/events?limit=1&limit=2", 'Cannot use parameter limit="1": expected it once'],
  [
    "/api/v1/events?since_id=-1",
    'Cannot use parameter since_id="-1": expected a whole number from 0 to 9007199254740991',
  ],
  ["/api/v1/alerts?resolved=yes", 'Cannot use parameter resolved="yes": expected "true" or "false"'],
  [
    "/api/v1/alerts?filter=x",
    'Cannot use parameter filter="x": expected matchers, for example severity="critical",model=~"bert.*"',
  ],
  [
    "/api/v1/alerts?filter=a=~%22(%22",
    expect.stringContaining('Cannot use parameter filter="a=~\\"(\\"": Cannot compile'),
  ],
  ["/api/v1/alerts?filter=a=%22%5Cx%22", expect.stringContaining("expected matchers")],
  ["/api/v1/targets?state=up%1b", 'Cannot use parameter state="up\\\\u001b": expected "active", "dropped", "any"'],
  [`/api/v1/models?model=${"x".repeat(3_000)}`, expect.stringContaining("expected 2000 characters at most")],
  [
    `/api/v1/rules?${"rule_name[]=x&".repeat(101)}`,
    'Cannot use parameter rule_name[]="x": expected it 100 times at most',
  ],
])("%.60s is 400 and names the parameter", async (path, error) => {
  const { ask } = await site();
  const got = await ask(path);
  expect([got.status, jsonOf(got)]).toEqual([400, { status: "error", errorType: "bad_data", error }]);
});

test("parameters nobody knows are ignored, as in Prometheus", async () => {
  await dataOf("/api/v1/rules?group_limit=5&match[]=x&__proto__=1");
});

describe("feedback", () => {
  const PATH = "/api/v1/alerts/0000000000000000/feedback";
  const give = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const { ask } = await site();
    const sent = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json", ...headers };
    const got = await ask(path, { method: "POST", headers: sent, body: JSON.stringify(body) });
    return { code: got.status, ...jsonOf(got) };
  };

  test.each([
    ["expected", "expected"],
    ["true", "true"],
    ["false", "false"],
    [true, "true"],
    [false, "false"],
  ])("verdict %j is recorded as %s, in the name of the token", async (verdict, recorded) => {
    expect(await give(PATH, { verdict, note: "load test" })).toMatchObject({
      code: 200,
      data: { verdict: recorded, note: "load test", by: "ci", did: expect.any(String) },
    });
  });

  test("looks for no alert by what cannot be a fingerprint", async () => {
    const asked: string[] = [];
    const nothing = async () => ({ kind: "refused", why: "" }) as const;
    const feedback = async (fingerprint: string) => void asked.push(fingerprint);
    const { ask } = await site({ ports: { actions: { feedback, announce: nothing, reload: nothing } } });
    const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
    const body = JSON.stringify({ verdict: "true" });
    for (const named of ["x".repeat(16), "0".repeat(15), "0".repeat(17), "ABCDEF0123456789", "0123456789abcdef"]) {
      expect((await ask(`/api/v1/alerts/${named}/feedback`, { method: "POST", headers, body })).status).toBe(404);
    }
    expect(asked).toEqual(["0123456789abcdef"]);
  });

  test("on an alert that is not listed is 404, whatever stands in its place", async () => {
    expect(await give("/api/v1/alerts/%3Cb%3E%0A/feedback", { verdict: "true" })).toEqual({
      code: 404,
      status: "error",
      errorType: "not_found",
      error: String.raw`Cannot find alert "<b>\\n": expected a fingerprint of /api/v1/alerts?resolved=true`,
    });
  });

  test.each([
    [{}, 'Cannot use field "verdict": expected "true", "false" or "expected"'],
    [{ verdict: "yes" }, 'Cannot use field "verdict": expected "true", "false" or "expected"'],
    [{ verdict: "true", note: "x".repeat(1_001) }, 'Cannot use field "note": expected 1000 characters at most'],
    [{ verdict: "true", by: "" }, 'Cannot use field "by": expected a text that is not empty'],
    [{ verdict: "true", limit: 1 }, 'Cannot use field "limit": there is no such field'],
  ])("%j is 400", async (body, error) => {
    expect(await give(PATH, body)).toMatchObject({ code: 400, error });
  });

  test("without a token is 401", async () => {
    expect(await give(PATH, { verdict: "true" }, { authorization: "Bearer wrong" })).toMatchObject({ code: 401 });
  });
});
