import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";
import { refusedPort } from "./ports.ts";

/** True where no Alertmanager is on the PATH; tests that need one are then skipped. */
export const alertmanagerMissing = spawnSync("prometheus-alertmanager", ["--version"]).error !== undefined;

/** An alert as the API tells it. */
interface StoredAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly fingerprint: string;
  readonly generatorURL: string;
}

/** A real Alertmanager. */
export interface RunningAlertmanager {
  readonly url: string;
  /** What it holds, silenced or not, but not what has ended. */
  alerts(): Promise<readonly StoredAlert[]>;
  stop(): Promise<void>;
}

/** A configuration whose one receiver is told nothing. */
const QUIET = "route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n";

/** Starts an Alertmanager of one's own on a free port of 127.0.0.1. */
export async function startAlertmanager(configYaml: string = QUIET): Promise<RunningAlertmanager> {
  const folder = mkdtempSync(join(tmpdir(), "alertmanager-"));
  writeFileSync(join(folder, "alertmanager.yml"), configYaml);
  const { child, url } = await spawned(folder, 3);
  const alerts = async () => {
    const { body } = await request(`${url}/api/v2/alerts`);
    return (await body.json()) as StoredAlert[];
  };
  const stop = async () => {
    const exited = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await exited;
    rmSync(folder, { recursive: true });
  };
  return { url, alerts, stop };
}

/** Somebody else may take the free port first; then another one is tried. */
async function spawned(folder: string, tries: number): Promise<{ child: ChildProcess; url: string }> {
  const address = `127.0.0.1:${await refusedPort()}`;
  const args = [
    `--config.file=${join(folder, "alertmanager.yml")}`,
    `--storage.path=${join(folder, "data")}`,
    `--web.listen-address=${address}`,
    "--cluster.listen-address=",
  ];
  const child = spawn("prometheus-alertmanager", args, { stdio: ["ignore", "ignore", "pipe"] });
  try {
    await listening(child);
    return { child, url: `http://${address}` };
  } catch (error) {
    if (tries === 1 || !String(error).includes("address already in use")) throw error;
    return spawned(folder, tries - 1);
  }
}

/** It says so itself once the port is its own, so that nobody else's Alertmanager is taken for ours. */
function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stderr!.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes("Listening on")) resolve();
    });
    child.once("exit", () => reject(new Error(said)));
  });
}
