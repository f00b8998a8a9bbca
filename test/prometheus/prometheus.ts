import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { request } from "undici";
import { refusedPort } from "../support/ports.ts";

/** True where no Prometheus is on the PATH; tests that need one are then skipped. */
export const prometheusMissing = spawnSync("prometheus", ["--version"]).error !== undefined;

/** A target as the API tells it. */
interface ScrapedTarget {
  readonly labels: Readonly<Record<string, string>>;
  readonly health: "up" | "down" | "unknown";
  readonly lastError: string;
}

/** A series and its value, as text. */
interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: string;
}

/** A real Prometheus that scrapes. */
export interface RunningPrometheus {
  readonly url: string;
  targets(): Promise<readonly ScrapedTarget[]>;
  query(promql: string): Promise<readonly Sample[]>;
  stop(): Promise<void>;
}

/**
 * Starts a Prometheus of one's own on a free port of 127.0.0.1.
 * @param files what lies beside the configuration, by path
 * @param flags further ones of its command line
 */
export async function startPrometheus(
  configYaml: string,
  files: Readonly<Record<string, string>> = {},
  flags: readonly string[] = [],
): Promise<RunningPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), "prometheus-"));
  for (const [path, text] of Object.entries({ "prometheus.yml": configYaml, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const { child, url } = await spawned(folder, flags, 3);
  const ask = async (path: string) => {
    const { body } = await request(`${url}/api/v1/${path}`);
    return ((await body.json()) as { data: never }).data;
  };
  const targets = async () => ((await ask("targets")) as { activeTargets: ScrapedTarget[] }).activeTargets;
  const query = async (promql: string) => {
    const { result }: { result: { metric: Sample["metric"]; value: [number, string] }[] } = await ask(
      `query?query=${encodeURIComponent(promql)}`,
    );
    return result.map(({ metric, value: [, value] }) => ({ metric, value }));
  };
  const stop = async () => {
    const exited = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await exited;
    rmSync(folder, { recursive: true });
  };
  return { url, targets, query, stop };
}

/** Somebody else may take the free port first; then another one is tried. */
async function spawned(
  folder: string,
  flags: readonly string[],
  tries: number,
): Promise<{ child: ChildProcess; url: string }> {
  const address = `127.0.0.1:${await refusedPort()}`;
  const args = [
    `--config.file=${join(folder, "prometheus.yml")}`,
    `--storage.tsdb.path=${join(folder, "data")}`,
    `--web.listen-address=${address}`,
    ...flags,
  ];
  const child = spawn("prometheus", args, { stdio: ["ignore", "ignore", "pipe"] });
  try {
    await ready(child);
    return { child, url: `http://${address}` };
  } catch (error) {
    if (tries === 1 || !String(error).includes("address already in use")) throw error;
    return spawned(folder, flags, tries - 1);
  }
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stderr!.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes("Server is ready")) resolve();
    });
    child.once("exit", () => reject(new Error(said)));
  });
}
