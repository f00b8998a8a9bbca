import { spawn, spawnSync } from "node:child_process";

/** True where promtool is not on the PATH; tests that need it are then skipped. */
export const promtoolMissing = spawnSync("promtool", ["--version"]).error !== undefined;

/** Runs promtool with text on its standard input; `output` is all it says. */
export function promtool(args: readonly string[], input: string): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const tool = spawn("promtool", args);
    let output = "";
    const hear = (chunk: Buffer) => {
      output += chunk.toString();
    };
    tool.stdout.on("data", hear);
    tool.stderr.on("data", hear);
    tool.on("error", reject);
    tool.on("close", (code) => resolve({ code, output }));
    tool.stdin.end(input);
  });
}
