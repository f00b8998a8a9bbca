import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";

/** Whether a real Prometheus can be asked. */
export const prometheusPresent = ["prometheus", "promtool"].every(
  (name) => spawnSync(name, ["--version"]).status === 0,
);

export type Answer =
  | { readonly kind: "error"; readonly why: string }
  | { readonly kind: "scalar"; readonly value: string }
  | {
      readonly kind: "vector";
      readonly samples: readonly { metric: Record<string, string>; value: [number, string] }[];
    };

/** A real Prometheus over given series, on a free port of this machine. */
export class Prometheus {
  readonly #folder: string;
  readonly #process: ChildProcess;
  readonly #url: string;

  private constructor(folder: string, process: ChildProcess, url: string) {
    this.#folder = folder;
    this.#process = process;
    this.#url = url;
  }

  static async start(openMetrics: string): Promise<Prometheus> {
    const folder = mkdtempSync(join(tmpdir(), "promql-"));
    writeFileSync(join(folder, "series.om"), openMetrics);
    writeFileSync(join(folder, "prometheus.yml"), "global: {}\n");
    const data = join(folder, "data");
    execFileSync("promtool", ["tsdb", "create-blocks-from", "openmetrics", join(folder, "series.om"), data], {
      stdio: "pipe",
    });
    const address = `127.0.0.1:${await freePort()}`;
    const args = [
      `--storage.tsdb.path=${data}`,
      "--storage.tsdb.retention.time=100y",
      `--web.listen-address=${address}`,
    ];
    const process = spawn("prometheus", [...args, `--config.file=${join(folder, "prometheus.yml")}`], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    await new Promise<void>((resolve, reject) => {
      let said = "";
      process.stderr!.on("data", (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes("Server is ready")) resolve();
      });
      process.once("exit", () => reject(new Error(said)));
    });
    return new Prometheus(folder, process, `http://${address}/api/v1/query`);
  }

  async ask(query: string, seconds: number): Promise<Answer> {
    const { body } = await request(this.#url, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ query, time: String(seconds), timeout: "5s" }).toString(),
    });
    const answer = (await body.json()) as { error?: string; data?: { resultType: string; result: never } };
    if (!answer.data) return { kind: "error", why: answer.error ?? "" };
    if (answer.data.resultType === "scalar") return { kind: "scalar", value: answer.data.result[1] };
    return { kind: "vector", samples: answer.data.result };
  }

  async stop(): Promise<void> {
    const exited = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGKILL");
    await exited;
    rmSync(this.#folder, { recursive: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
