import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createSocket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Labels } from "../../src/series/labels.ts";
import { readCold, spell } from "./reading.ts";

const golden = new URL("../golden/exposition/", import.meta.url);
const pages = readdirSync(golden).filter((name) => /\.(prom|txt)$/.test(name));
const installed = spawnSync("prometheus", ["--version"]).status === 0;

interface Found {
  readonly metric: Record<string, string>;
  readonly value: readonly [time: number, value: string];
}

interface Target {
  readonly scrapePool: string;
  readonly health: "up" | "down" | "unknown";
  readonly lastError: string;
}

/** A page full of what is allowed but rare. */
const TRICKY = [
  'a{l="x\\"y\\\\z\\nw\\q",m="}{,= # 模型_é😀"} 1.5e-7',
  "b\t+5 ",
  "",
  "# HELP c",
  "#  TYPE \t c histogram",
  'c_bucket { le = "+Inf" , } .5',
  "c_sum 9007199254740993",
  "c_count 18446744073709551615",
  'd{__proto__="x",constructor="y",z=""} -0',
  "__proto__ 5e-324",
  "e 0.30000000000000004",
  "f Nan",
  "g -inf",
  "h 1e-400",
  "",
].join("\n");

/** A page Prometheus makes of ours is the page we read, series by series and value by value. */
describe.skipIf(!installed)("a real Prometheus sees what we read", () => {
  const folder = mkdtempSync(join(tmpdir(), "exposition-"));
  let exporter: Server;
  let prometheus: ChildProcess;
  let api: string;

  beforeAll(async () => {
    exporter = createServer((request, response) => {
      const name = decodeURIComponent(request.url ?? "").slice(1);
      response.setHeader("content-type", "text/plain; charset=utf-8");
      response.end(name === "tricky" ? TRICKY : readFileSync(new URL(name, golden)));
    });
    await new Promise<void>((done) => exporter.listen(0, "127.0.0.1", done));
    const target = `127.0.0.1:${(exporter.address() as AddressInfo).port}`;
    const jobs = [...pages, "tricky"].map((name) => ({
      job_name: name,
      metrics_path: `/${name}`,
      static_configs: [{ targets: [target] }],
    }));
    // JSON is YAML.
    const config = { global: { scrape_interval: "1s", scrape_timeout: "1s" }, scrape_configs: jobs };
    writeFileSync(join(folder, "prometheus.yml"), JSON.stringify(config));
    const port = await freePort();
    api = `http://127.0.0.1:${port}/api/v1/`;
    prometheus = spawn(
      "prometheus",
      [
        `--config.file=${join(folder, "prometheus.yml")}`,
        `--storage.tsdb.path=${join(folder, "data")}`,
        `--web.listen-address=127.0.0.1:${port}`,
        "--log.level=error",
      ],
      { stdio: "ignore" },
    );
    await everyTargetIsUp(jobs.length);
  });

  afterAll(async () => {
    const ended = new Promise((done) => prometheus.once("exit", done));
    prometheus.kill();
    await ended;
    exporter.closeAllConnections();
    exporter.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each([...pages, "tricky"])("%s", async (name) => {
    const page = name === "tricky" ? TRICKY : readFileSync(new URL(name, golden), "utf8");
    const { series, problems } = readCold(page);
    expect(problems).toEqual([]);
    const query = encodeURIComponent(`{job=${JSON.stringify(name)}}`);
    const found = await ask<{ result: readonly Found[] }>(`query?query=${query}`);
    const seen = found!.result
      .filter(({ metric }) => metric["__name__"] !== "up" && !metric["__name__"]!.startsWith("scrape_"))
      .map(({ metric, value }): [string, string] => {
        const { job: _job, instance: _instance, ...labels } = metric;
        return [Labels.of(labels).key, spell(Number(value[1].replace("Inf", "Infinity")))];
      });
    expect(seen.sort()).toEqual((series as [string, string][]).sort());
  });

  async function everyTargetIsUp(targets: number): Promise<void> {
    for (;;) {
      if (prometheus.exitCode !== null) throw new Error("Prometheus ended before it was ready");
      const active = (await ask<{ activeTargets: readonly Target[] }>("targets"))?.activeTargets ?? [];
      const down = active.find(({ health }) => health === "down");
      if (down) throw new Error(`Prometheus cannot read ${down.scrapePool}: ${down.lastError}`);
      if (active.length === targets && active.every(({ health }) => health === "up")) return;
      await new Promise((next) => setTimeout(next, 50));
    }
  }

  /** The answer of Prometheus; undefined while it does not answer. */
  async function ask<T>(what: string): Promise<T | undefined> {
    try {
      const response = await fetch(api + what);
      return ((await response.json()) as { data?: T }).data;
    } catch {
      return undefined;
    }
  }
});

async function freePort(): Promise<number> {
  const socket = createSocket();
  await new Promise<void>((done) => socket.listen(0, "127.0.0.1", done));
  const { port } = socket.address() as AddressInfo;
  await new Promise((done) => socket.close(done));
  return port;
}
