import { afterEach, expect, test } from "vitest";
import { Unreachable } from "../../../src/app/backtest/history.ts";
import { openSource, type PrometheusSource } from "../../../src/app/backtest/prometheus/source.ts";
import { readSettings } from "../../../src/app/settings.ts";
import { UserMistake } from "../../../src/app/user-mistake.ts";
import type { Clock } from "../../../src/series/clock.ts";
import { durationMs, epochMs } from "../../../src/series/time.ts";
import { refusedPort } from "../../support/ports.ts";
import {
  type Answer,
  type Asked,
  answerFrom,
  type FakePrometheus,
  failure,
  type Held,
  startFakePrometheus,
  success,
} from "./fake-prometheus.ts";

const START = Date.UTC(2026, 10, 23) / 1000;
const TARGET = { job: "triton", instance: "gpu-7:8002" };
const MODEL = { ...TARGET, model: "m", version: "1" };

let server: FakePrometheus | undefined;
const waits: number[] = [];
/** Nobody waits in a test. */
const clock: Clock = {
  now: () => epochMs(0),
  setTimer: (delay, run) => {
    waits.push(delay);
    setImmediate(run);
    return () => {};
  },
};

afterEach(async () => {
  await server?.close();
  server = undefined;
  waits.length = 0;
});

const counter = (labels: Readonly<Record<string, string>>, at: Held["at"]): Held => ({
  metric: { __name__: "nv_inference_request_success", ...labels },
  at,
});
const up = (labels: Readonly<Record<string, string>>, at: Held["at"]): Held => ({
  metric: { __name__: "up", ...labels },
  at,
});

async function opened(answer: (asked: Asked) => Answer, source: Partial<PrometheusSource> = {}) {
  server = await startFakePrometheus(answer);
  const settings = await readSettings({ urls: [] });
  const whole: PrometheusSource = {
    url: server.url,
    from: epochMs(START * 1000),
    to: epochMs((START + 600) * 1000),
    step: durationMs(15_000),
    match: [],
    headers: [],
    userAgent: "test",
    ...source,
  };
  return openSource(whole, [settings], { clock, signal: new AbortController().signal });
}

/** What reaches the monitor, a line an input. */
async function told(answer: (asked: Asked) => Answer, source: Partial<PrometheusSource> = {}) {
  const { history, close } = await opened(answer, source);
  const lines: string[] = [];
  for await (const { now, inputs } of history.ticks) {
    for (const input of inputs) {
      const page =
        input.kind === "scrape" && input.outcome.kind === "body" ? Buffer.from(input.outcome.body).toString() : "";
      const said =
        input.kind === "scrape" ? (page === "" ? "failed" : page.split("\n").slice(1, -1).join("; ")) : input.kind;
      lines.push(`${now / 1000 - START} ${said}`);
    }
    if (inputs.length === 0) lines.push(`${now / 1000 - START} nothing`);
  }
  await close();
  return { lines, notes: history.notes(), spacing: history.spacing };
}

const minute = { to: epochMs((START + 60) * 1000) };

test("a scrape is what up says there was; where up is 0 it failed", async () => {
  const held = [
    counter(MODEL, (t) => (t === START + 30 ? undefined : t - START)),
    up(TARGET, (t) => (t === START + 30 ? 0 : 1)),
  ];
  const { lines, spacing } = await told(answerFrom(held), minute);
  expect(lines).toEqual([
    '0 nv_inference_request_success{model="m",version="1"} 0',
    '15 nv_inference_request_success{model="m",version="1"} 15',
    "30 failed",
    '45 nv_inference_request_success{model="m",version="1"} 45',
    '60 nv_inference_request_success{model="m",version="1"} 60',
  ]);
  expect(spacing).toBe(15_000);
});

test("a step that shows no newer scrape than the one before it is passed over", async () => {
  const twice = answerFrom([counter(MODEL, (t) => t - START), up(TARGET, () => 1)]);
  const every30 = (asked: Asked): Answer => {
    const answer = twice(asked);
    if (!asked.fields.get("query")?.startsWith("timestamp(")) return answer;
    const { data } = JSON.parse(answer.body);
    for (const point of data.result[0].values) point[1] = String(Math.floor(point[0] / 30) * 30 - 1);
    return success(data);
  };
  const { lines, notes, spacing } = await told(every30, minute);
  expect(lines.map((line) => line.split(" ")[0])).toEqual(["-1", "29", "59"]);
  expect(spacing).toBe(30_000);
  expect(notes.join()).toContain("scrapes are 30s apart");
});

/** A server that says of each scrape that it was when `said` has it. */
function timed(said: (at: number) => string): (asked: Asked) => Answer {
  const answer = answerFrom([counter(MODEL, (t) => t - START), up(TARGET, () => 1)]);
  return (asked) => {
    const whole = answer(asked);
    if (!asked.fields.get("query")?.startsWith("timestamp(")) return whole;
    const { data } = JSON.parse(whole.body);
    for (const point of data.result[0].values) point[1] = said(point[0]);
    return success(data);
  };
}

test.each(["NaN", "+Inf", "-Inf", "1e300", "-1e18", "8.64e15", "", "soon", "0", String(START + 86_400)])(
  "a scrape of which the server says that it was at %j is one at its step, told as doubted, and hides none after it",
  async (odd) => {
    const { lines, notes } = await told(
      timed((at) => (at === START + 15 ? odd : String(at - 1))),
      minute,
    );
    expect(lines.map((line) => line.split(" ")[0])).toEqual(["-1", "15", "29", "44", "59"]);
    expect(notes.join()).toMatch(/(^|,)1 scrapes have a time that cannot be/);
  },
);

test("where no time can be believed each step is a scrape", async () => {
  const { lines, notes } = await told(
    timed(() => "8.64e15"),
    minute,
  );
  expect(lines.map((line) => line.split(" ")[0])).toEqual(["0", "15", "30", "45", "60"]);
  expect(notes.join()).toContain("5 scrapes have a time that cannot be");
});

test("times that can be are believed and not remarked on, also of a scrape that the server shows for an hour", async () => {
  const { lines, notes } = await told(timed((at) => String(Math.min(at, START + 30))));
  expect(lines.filter((line) => line.includes("nv_")).map((line) => line.split(" ")[0])).toEqual(["0", "15", "30"]);
  expect(notes.join()).not.toContain("cannot be");
});

test("without up each step is a scrape, no samples are a failed one, and before the first nobody knew", async () => {
  const held = [counter(MODEL, (t) => (t < START + 15 || t === START + 45 ? undefined : 1))];
  const { lines, notes } = await told(answerFrom(held), minute);
  expect(lines.map((line) => line.replace(/nv.*/, "page"))).toEqual(["15 page", "30 page", "45 failed", "60 page"]);
  expect(notes.join()).toContain("1 instances have no `up` (gpu-7:8002)");
});

test("a target that up speaks of no longer is watched no longer, unless nothing is said of any", async () => {
  const other = { job: "triton", instance: "gpu-8:8002" };
  const series = [
    counter(MODEL, (t) => (t < START + 60 ? 1 : undefined)),
    up(TARGET, (t) => (t < START + 60 ? 1 : undefined)),
    counter({ ...MODEL, ...other }, () => 1),
  ];
  const { lines } = await told(answerFrom([...series, up(other, () => 1)]));
  expect(lines.filter((line) => line.includes("gone"))).toEqual(["360 target-gone"]);
  await server!.close();
  const away = (t: number) => (t < START + 60 || t > START + 540 ? 1 : undefined);
  const none = await told(answerFrom([counter(MODEL, away), up(TARGET, away)]));
  expect(none.lines.filter((line) => line.includes("gone"))).toEqual([]);
});

test("labels of the target are taken off a page's lines, and what Prometheus renamed is called as on the page", async () => {
  const target = { ...TARGET, cluster: "c1", namespace: "ml" };
  const labels = { ...MODEL, cluster: "c1", namespace: "ml", exported_namespace: "/models", exported_thing: "x" };
  const { lines } = await told(answerFrom([counter(labels, () => 1), up(target, () => 1)]), {
    to: epochMs(START * 1000 + 1),
  });
  expect(lines).toEqual([
    '0 nv_inference_request_success{exported_thing="x",model="m",namespace="/models",version="1"} 1',
  ]);
});

test("asks for the families that the rules read, narrowed, with headers, and never for what the monitor writes itself", async () => {
  await told(answerFrom([counter(MODEL, () => 1), up(TARGET, () => 1)]), {
    ...minute,
    match: ['{cluster=~"c.*"}'],
    headers: ["X-Scope-OrgID: ml"],
  });
  const selectors = server!.asked.flatMap(({ fields }) => fields.getAll("match[]"));
  expect(selectors).toContain('{__name__="nv_inference_request_failure",cluster=~"c.*"}');
  expect(selectors.join()).not.toMatch(/ALERTS|triton_sentinel/);
  expect(server!.asked.every(({ headers }) => headers["x-scope-orgid"] === "ml")).toBe(true);
});

test("no chunk asks for more points than a server gives, and chunks follow one another without a gap", async () => {
  const week = { to: epochMs((START + 7 * 86_400) * 1000) };
  const held = answerFrom([
    counter(MODEL, (t) => (t % 3600 === 0 ? 1 : undefined)),
    up(TARGET, (t) => (t % 3600 === 0 ? 1 : undefined)),
  ]);
  const { lines } = await told(held, week);
  expect(lines.filter((line) => line.includes("nv_")).length).toBe(7 * 24 + 1);
  const ranges = server!.asked.filter(({ fields }) => fields.get("query")?.includes("request_success"));
  const [starts, ends] = ["start", "end"].map((name) => ranges.map(({ fields }) => Number(fields.get(name)))) as [
    number[],
    number[],
  ];
  for (const [i, start] of starts.entries()) {
    expect((ends[i]! - start) / 15).toBeLessThan(11_000);
    if (i > 0) expect(start).toBe(ends[i - 1]! + 15);
  }
  expect(starts.length).toBeGreaterThan(1);
});

test("where a server says that a chunk is too much, smaller ones are asked for", async () => {
  const answer = answerFrom([counter(MODEL, () => 1), up(TARGET, () => 1)]);
  const strict = (asked: Asked): Answer => {
    const points = (Number(asked.fields.get("end")) - Number(asked.fields.get("start"))) / 15;
    return asked.path.endsWith("query_range") && points > 12
      ? failure(422, "query processing would load too many samples")
      : answer(asked);
  };
  expect((await told(strict)).lines).toHaveLength(41);
});

test("an answer with far more series than were found is asked for in smaller pieces, and given up where that does not help", async () => {
  const held = answerFrom([counter(MODEL, () => 1), up(TARGET, () => 1)]);
  const crowd = (series: number, most: number) => {
    const rows = `{"metric":{},"values":[]},`.repeat(series).slice(0, -1);
    const body = `{"status":"success","data":{"resultType":"matrix","result":[${rows}]}}`;
    return (asked: Asked): Answer => {
      const points = (Number(asked.fields.get("end")) - Number(asked.fields.get("start"))) / 15;
      return asked.path.endsWith("query_range") && points > most ? { status: 200, body } : held(asked);
    };
  };
  expect((await told(crowd(100_000, 20))).lines).toHaveLength(41);
  await server!.close();
  await expect(opened(crowd(200_000, 0))).rejects.toThrow("the answer has more series than were found; choose fewer");
});

test("no more series are asked for than can be read, and a list that is too long is not read on", async () => {
  await expect(opened(() => success(Array.from({ length: 100_001 }, () => ({}))))).rejects.toThrow(
    "more than 100000 series; choose fewer targets with --match",
  );
  expect(server!.asked.map(({ fields }) => fields.get("limit"))).toEqual(["100001"]);
  await server!.close();
  const long = { status: 200, body: `{"status":"success","data":[${" ".repeat(32 * 1024 * 1024)}]}` };
  await expect(opened(() => long)).rejects.toThrow(/^Cannot read history: .*; choose fewer targets with --match/);
});

test("a server that is busy is asked again, later and later, and as it says", async () => {
  const answer = answerFrom([counter(MODEL, () => 1), up(TARGET, () => 1)]);
  let count = 0;
  const busy = (asked: Asked): Answer => {
    count++;
    if (count === 1) return failure(500, "x");
    if (count === 2) return { ...failure(429, "x"), headers: { "retry-after": "7" } };
    return answer(asked);
  };
  expect((await told(busy, minute)).lines).toHaveLength(5);
  expect(waits).toEqual([1000, 7000]);
});

test.each([
  [() => failure(400, "bad_data:\u001b[31m no"), "answered 400: bad_data:\\u001b[31m no"],
  [() => ({ status: 401, body: "<html>who are you</html>" }), "answered 401: <html>who are you</html>"],
  [() => success([]), /no series of .* between 2026-11-23T00:00:00.000Z and 2026-11-23T00:10:00.000Z/],
  [() => success({ not: "a list" }), "expected a list of series"],
  [() => success([["x"]]), "expected an answer of Prometheus' HTTP API"],
])("what a server refuses is told, in one line and in bounds", async (answer: () => Answer, wanted) => {
  await expect(opened(answer)).rejects.toThrow(UserMistake);
  await expect(opened(answer)).rejects.toThrow(wanted);
});

test("a server that is not there is nobody's mistake, and is not asked again", async () => {
  const url = `http://user:secret@127.0.0.1:${await refusedPort()}`;
  const refused = opened(() => success([]), { url });
  await expect(refused).rejects.toThrow(Unreachable);
  await expect(refused).rejects.toThrow(/^Cannot reach http:\/\/127.0.0.1:\d+: /);
  expect(waits).toEqual([]);
});

test.each([
  [{ from: epochMs(2), to: epochMs(1) }, "expected --from before --to"],
  [{ match: ["{"] }, 'Cannot use --match "{"'],
  [{ match: ['up{job="a"}'] }, "expected conditions on labels without a metric name"],
  [{ headers: ["no colon"] }, "Cannot use this --header"],
  [{ headers: ["X: a\nY: b"] }, "Cannot use this --header"],
  [{ url: "ftp://x" }, "Cannot use --prometheus"],
])("options that cannot be meant are mistakes: %j", async (source, wanted) => {
  await expect(opened(() => success([]), source)).rejects.toThrow(wanted);
});
