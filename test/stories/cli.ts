import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** The built program. */
const MAIN = `${ROOT}dist/main.js`;

/** How a command ended and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built program in the root of the repository to its end. */
export function cli(args: readonly string[], input = ""): Promise<Ended> {
  const { process: child, ended } = start(args);
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  return ended;
}

/** Starts the built program; whoever starts it ends it. */
export function start(args: readonly string[]): {
  readonly process: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ended>;
  /** Resolves with standard output once it contains the text; rejects where the program ends before. */
  saying(text: string): Promise<string>;
} {
  const env = { ...process.env, NO_COLOR: "1" };
  const child = spawn(process.execPath, [MAIN, ...args], { cwd: ROOT, env });
  let stdout = "";
  let stderr = "";
  const waiting = new Set<() => void>();
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
    for (const look of waiting) look();
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr })));
  const saying = (text: string) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        if (!stdout.includes(text)) return;
        waiting.delete(look);
        resolve(stdout);
      };
      waiting.add(look);
      look();
      ended.then(() => reject(new Error(`it ended without saying ${JSON.stringify(text)}: ${stdout}${stderr}`)));
    });
  return { process: child, ended, saying };
}
