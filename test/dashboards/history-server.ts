import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";

/** Whether a real Prometheus can be asked. */
export const prometheusPresent: boolean = ["prometheus", "promtool"].every(
  (name) => spawnSync(name, ["--version"]).status === 0,
);

/** A series of an answer: its labels, and its values over time. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly number[];
}

/** A real Prometheus over a history, on a free port of this machine; asked as Grafana asks it. */
export class HistoryServer {
  readonly #folder: string;
  readonly #process: ChildProcess;
  readonly #url: string;

  private constructor(folder: string, process: ChildProcess, url: string) {
    this.#folder = folder;
    this.#process = process;
    this.#url = url;
  }

  /** @param openMetrics samples with their times; Prometheus makes blocks of them before it starts */
  static async start(openMetrics: string): Promise<HistoryServer> {
    const folder = mkdtempSync(join(tmpdir(), "dashboard-"));
    const [series, config, data] = ["series.om", "prometheus.yml", "data"].map((name) => join(folder, name));
    writeFileSync(series!, openMetrics);
    writeFileSync(config!, "global: {}\n");
    execFileSync("promtool", ["tsdb", "create-blocks-from", "openmetrics", series!, data!], { stdio: "pipe" });
    const address = `127.0.0.1:${await freePort()}`;
    const args = [`--config.file=${config}`, `--storage.tsdb.path=${data}`, `--web.listen-address=${address}`];
    const process = spawn("prometheus", [...args, "--storage.tsdb.retention.time=100y"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    await new Promise<void>((resolve, reject) => {
      let said = "";
      process.once("error", reject);
      process.once("exit", () => reject(new Error(said)));
      process.stderr!.on("data", (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes("Server is ready")) resolve();
      });
    });
    return new HistoryServer(folder, process, `http://${address}/api/v1`);
  }

  /** @throws Error with what Prometheus has against the query */
  async instant(query: string, time: number): Promise<readonly Series[]> {
    const { result } = await this.#ask("query", { query, time: String(time) });
    return result.map(({ metric, value }) => ({ labels: metric, values: [Number(value![1])] }));
  }

  /** @throws Error with what Prometheus has against the query */
  async range(query: string, start: number, end: number, step: number): Promise<readonly Series[]> {
    const { result } = await this.#ask("query_range", {
      query,
      start: String(start),
      end: String(end),
      step: String(step),
    });
    return result.map(({ metric, values }) => ({ labels: metric, values: values!.map(([, value]) => Number(value)) }));
  }

  /** What a variable `label_values(selector, label)` offers. */
  async labelValues(selector: string, label: string, start: number, end: number): Promise<readonly string[]> {
    const times = new URLSearchParams({ start: String(start), end: String(end), "match[]": selector });
    const { body } = await request(`${this.#url}/label/${label}/values?${times}`);
    return ((await body.json()) as { readonly data: readonly string[] }).data;
  }

  async #ask(path: string, parameters: Record<string, string>): Promise<Result> {
    const { body } = await request(`${this.#url}/${path}`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(parameters).toString(),
    });
    const answer = (await body.json()) as { readonly error?: string; readonly data?: Result };
    if (!answer.data) throw new Error(`${parameters["query"]}: ${answer.error}`);
    return answer.data;
  }

  async stop(): Promise<void> {
    const exited = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGKILL");
    await exited;
    rmSync(this.#folder, { recursive: true });
  }
}

interface Result {
  readonly result: readonly {
    readonly metric: Record<string, string>;
    readonly value?: readonly [number, string];
    readonly values?: readonly (readonly [number, string])[];
  }[];
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
