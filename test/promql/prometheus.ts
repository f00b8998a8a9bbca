import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, request } from "undici";
import type { MemorySeries } from "./memory-source.ts";
import { remoteWrite } from "./remote-write.ts";

/** Whether a real Prometheus can be asked. */
export const prometheusPresent = spawnSync("prometheus", ["--version"]).status === 0;

/** When a query is to be evaluated, in seconds. */
export type When =
  | { readonly kind: "instant"; readonly time: number }
  | { readonly kind: "range"; readonly start: number; readonly end: number; readonly step: number };

interface Row {
  readonly metric: Record<string, string>;
  readonly values: readonly (readonly [seconds: number, value: string])[];
}

export type Answer =
  | { readonly kind: "error"; readonly why: string }
  | { readonly kind: "scalar"; readonly value: string }
  | { readonly kind: "vector" | "matrix"; readonly rows: readonly Row[] };

/** A real Prometheus over given series, on a free port of this machine. */
export class Prometheus {
  readonly #folder: string;
  readonly #process: ChildProcess;
  readonly #url: string;
  readonly #agent = new Agent({ connections: 4 });

  private constructor(folder: string, process: ChildProcess, url: string) {
    this.#folder = folder;
    this.#process = process;
    this.#url = url;
  }

  static async start(): Promise<Prometheus> {
    const folder = mkdtempSync(join(tmpdir(), "promql-"));
    writeFileSync(join(folder, "prometheus.yml"), "global: {}\n");
    const address = `127.0.0.1:${await freePort()}`;
    const args = [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      "--storage.tsdb.retention.time=100y",
      "--web.enable-remote-write-receiver",
      `--web.listen-address=${address}`,
    ];
    const process = spawn("prometheus", args, { stdio: ["ignore", "ignore", "pipe"] });
    await new Promise<void>((resolve, reject) => {
      let said = "";
      process.stderr!.on("data", (chunk: Buffer) => {
        if (said.includes("Server is ready")) return;
        said += chunk.toString();
        if (said.includes("Server is ready")) resolve();
      });
      process.once("exit", () => reject(new Error(said)));
    });
    return new Prometheus(folder, process, `http://${address}/api/v1`);
  }

  /** Writes the samples of a time span; spans go forward and are shorter than half an hour, or the oldest are refused. */
  async write(series: Iterable<MemorySeries>, from: number, to: number): Promise<void> {
    const { statusCode, body } = await request(`${this.#url}/write`, {
      method: "POST",
      dispatcher: this.#agent,
      headers: { "content-type": "application/x-protobuf", "content-encoding": "snappy" },
      body: remoteWrite(series, from, to),
    });
    const said = await body.text();
    if (statusCode !== 204) throw new Error(`${statusCode}: ${said}`);
  }

  async ask(query: string, when: When): Promise<Answer> {
    const { kind, ...times } = when;
    const given = Object.entries(times).map(([name, seconds]) => [name, String(seconds)]);
    const { body } = await request(`${this.#url}/${kind === "instant" ? "query" : "query_range"}`, {
      method: "POST",
      dispatcher: this.#agent,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ query, timeout: "60s", ...Object.fromEntries(given) }).toString(),
    });
    return answerOf((await body.json()) as Reply);
  }

  async stop(): Promise<void> {
    await this.#agent.close();
    const exited = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGKILL");
    await exited;
    rmSync(this.#folder, { recursive: true });
  }
}

interface Reply {
  readonly error?: string;
  readonly data?: { readonly resultType: string; readonly result: never };
}

function answerOf({ error = "", data }: Reply): Answer {
  if (!data) return { kind: "error", why: error };
  if (data.resultType === "scalar") return { kind: "scalar", value: data.result[1] };
  if (data.resultType === "matrix") return { kind: "matrix", rows: data.result };
  const samples = data.result as readonly { metric: Row["metric"]; value: Row["values"][number] }[];
  return { kind: "vector", rows: samples.map(({ metric, value }) => ({ metric, values: [value] })) };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
