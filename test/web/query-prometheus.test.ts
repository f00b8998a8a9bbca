import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { showFloat } from "../../src/app/query/show-value.ts";
import { QueryViews } from "../../src/app/views/query-views.ts";
import { METRIC_NAME } from "../../src/series/labels.ts";
import { PointBuffer } from "../../src/series/source.ts";
import { epochMs } from "../../src/series/time.ts";
import { Bench, rulesOf } from "../monitor/bench.ts";
import { refusedPort } from "../support/ports.ts";
import { jsonOf, site } from "./site.ts";

const present = ["prometheus", "promtool"].every((name) => spawnSync(name, ["--version"]).status === 0);

const RULES = `
groups:
  - name: all
    rules:
      - alert: Never
        expr: absent_over_time({__name__=~"[a-z]+_(total|size|bucket)"}[1h])
`;

/** Two minutes of two servers' pages, seconds apart. */
function watched(): Bench {
  const bench = new Bench({ rules: rulesOf(RULES) });
  for (let i = 0; i < 120; i++) {
    const size = [1e-7, 1e21, -0, 0.1, "NaN", "+Inf", "-Inf", 1e-6, 5e-324, 123456789.125][i % 10];
    const page = ["bert", "a/b c", "ü"].map((model, m) => `jobs_total{model="${model}"} ${i * (m + 1)}\n`).join("");
    const buckets = ["0.1", "1", "+Inf"].map((le, b) => `took_bucket{le="${le}"} ${i * (b + 1)}\n`).join("");
    bench.tick({ "a:1": `${page}queue_size ${size}\n${buckets}`, "b:1": page });
  }
  return bench;
}

/** Everything a store holds, with its times. */
function openMetrics(bench: Bench): string {
  const lines: string[] = [];
  for (const { labels, ...view } of bench.world.store
    .select([])
    .map((v) => ({ labels: v.labels, range: v.range.bind(v) }))) {
    const buffer = new PointBuffer();
    view.range(epochMs(0), bench.time, buffer);
    const written = labels.pairs.filter(([name]) => name !== METRIC_NAME).map(([name, value]) => `${name}="${value}"`);
    for (let i = 0; i < buffer.length; i++) {
      lines.push(`${labels.metric}{${written.join(",")}} ${showFloat(buffer.values[i]!)} ${buffer.times[i]! / 1000}`);
    }
  }
  return `${lines.join("\n")}\n# EOF\n`;
}

/** An answer without what may differ: words, and the order where Prometheus promises none. */
function shape(status: number, body: Record<string, unknown>) {
  const { error: _error, warnings: _warnings, infos: _infos, data, ...rest } = body;
  const sorted = (list: unknown) =>
    Array.isArray(list) && typeof list[0] === "object"
      ? [...list].sort((a, b) => (JSON.stringify(a.metric ?? a) < JSON.stringify(b.metric ?? b) ? -1 : 1))
      : list;
  const result = data as { resultType?: string; result?: unknown } | undefined;
  // Of a matrix over a range the order is promised.
  const kept = result?.resultType === "vector" ? { ...result, result: sorted(result.result) } : sorted(data);
  return { status, ...rest, ...(data !== undefined && { data: kept }) };
}

describe.skipIf(!present)("what a real Prometheus answers over the same samples is what we answer", () => {
  const bench = watched();
  const end = bench.now / 1000;
  let folder = "";
  let server: ChildProcess | undefined;
  let url = "";

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "query-"));
    const [series, config, data] = ["series.om", "prometheus.yml", "data"].map((name) => join(folder, name));
    writeFileSync(series!, openMetrics(bench));
    writeFileSync(config!, "global: {}\n");
    execFileSync("promtool", ["tsdb", "create-blocks-from", "openmetrics", series!, data!], { stdio: "pipe" });
    const address = `127.0.0.1:${await refusedPort()}`;
    const args = [`--config.file=${config}`, `--storage.tsdb.path=${data}`, `--web.listen-address=${address}`];
    const started = spawn("prometheus", [...args, "--storage.tsdb.retention.time=100y"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    server = started;
    await new Promise<void>((resolve, reject) => {
      let said = "";
      started.once("exit", () => reject(new Error(said)));
      started.stderr.on("data", (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes("Server is ready")) resolve();
      });
    });
    url = `http://${address}/api/v1`;
  }, 60_000);

  afterAll(async () => {
    if (server) {
      const exited = new Promise((resolve) => server?.once("exit", resolve));
      server.kill("SIGKILL");
      await exited;
    }
    rmSync(folder, { recursive: true, force: true });
  });

  test.each<readonly [path: string, parameters: Record<string, string>]>([
    ["query", { query: "1+1", time: String(end) }],
    ["query", { query: '"te\\"xt"', time: String(end) }],
    ["query", { query: "jobs_total", time: String(end) }],
    ["query", { query: "jobs_total", time: new Date(end * 1000).toISOString() }],
    ["query", { query: "sum by (model) (rate(jobs_total[1m]))", time: String(end - 0.5) }],
    ["query", { query: "queue_size[15s]", time: String(end - 0.25) }],
    ["query", { query: "histogram_quantile(0.9, rate(took_bucket[1m]))", time: String(end) }],
    ["query", { query: "none", time: String(end) }],
    ["query", { query: "-queue_size / 0", time: String(end - 1) }],
    ["query", { query: "sum(", time: String(end) }],
    ["query", { query: "", time: String(end) }],
    ["query", { query: "1", time: "never" }],
    ["query", { query: "1", timeout: "never" }],
    ["query", { query: "jobs_total + on(job) jobs_total", time: String(end) }],
    ["query_range", { query: "queue_size", start: String(end - 30), end: String(end), step: "1" }],
    ["query_range", { query: "jobs_total", start: String(end - 100), end: String(end), step: "7s" }],
    ["query_range", { query: "rate(jobs_total[20s]) > 1", start: String(end - 60), end: String(end), step: "0.5" }],
    ["query_range", { query: "jobs_total @ end()", start: String(end - 60), end: String(end), step: "10" }],
    ["query_range", { query: "1", start: String(end - 3), end: String(end), step: "1" }],
    ["query_range", { query: "none", start: String(end - 3), end: String(end), step: "1" }],
    ["query_range", { query: "queue_size[5m]", start: String(end - 3), end: String(end), step: "1" }],
    ["query_range", { query: '"x"', start: String(end - 3), end: String(end), step: "1" }],
    ["query_range", { query: "1", start: String(end), end: String(end - 1), step: "1" }],
    ["query_range", { query: "1", start: "1", end: String(end), step: "1" }],
    ["query_range", { query: "1", start: "1", end: "2", step: "0" }],
    ["query_range", { query: "1", start: "1", end: "2" }],
    ["series", { "match[]": 'jobs_total{model=~"b.*"}' }],
    ["series", { "match[]": '{job="triton"}', start: String(end - 60), end: String(end) }],
    ["series", { "match[]": "none" }],
    ["series", { "match[]": "{}" }],
    ["series", { "match[]": "rate(x[5m])" }],
    ["series", {}],
    ["labels", {}],
    ["labels", { "match[]": "took_bucket" }],
    ["labels", { "match[]": "sum(x)" }],
    ["label/model/values", {}],
    ["label/__name__/values", { "match[]": '{instance="b:1"}' }],
    ["label/none/values", {}],
  ])("%s %j", async (path, parameters) => {
    const { ask } = await site({ query: { samples: new QueryViews({ world: bench.world, now: () => bench.time }) } });
    const text = new URLSearchParams(parameters).toString();
    const asked = await request(`${url}/${path}?${text}`);
    const theirs = shape(asked.statusCode, (await asked.body.json()) as Record<string, unknown>);
    const got = await ask(`/api/v1/${path}?${text}`);
    expect(shape(got.status, jsonOf(got))).toEqual(theirs);
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const posted = await ask(`/api/v1/${path}`, { method: "POST", headers, body: text });
    expect(shape(posted.status, jsonOf(posted))).toEqual(theirs);
  });
});
