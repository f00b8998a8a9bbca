import { relative } from "node:path";
import { Command } from "commander";
import { init } from "../app/init.ts";
import { VERSION } from "./version.ts";

/** `triton-sentinel init`: a configuration and a rule file to start from. */
export function initCommand(): Command {
  return new Command("init")
    .description("write an annotated configuration and a rule file to start from")
    .argument("[folder]", "where to write them", ".")
    .option("--target <host:port>", "the Triton to watch (default: localhost:8002)")
    .action(async (folder: string, { target }: { readonly target?: string }) => {
      const made = await init(folder, target, `triton-sentinel/${VERSION}`);
      const config = relative(process.cwd(), made.config);
      const found =
        made.models === undefined
          ? `No Triton answers at ${made.address} now; change the target in ${config} if it is elsewhere`
          : `A Triton answers at ${made.address} with ${made.models.length === 1 ? "1 model" : `${made.models.length} models`}`;
      process.stdout.write(
        `${[
          `wrote ${config} and ${relative(process.cwd(), made.rules)}`,
          found,
          `next: triton-sentinel check config ${config}`,
          `      triton-sentinel run --config ${config}`,
        ].join("\n")}\n`,
      );
    });
}
