import { mkdir, writeFile } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { checkTarget } from "./check-target.ts";
import { configTemplate, rulesTemplate } from "./init-templates.ts";
import { UserMistake } from "./user-mistake.ts";

const DEFAULT_ADDRESS = "localhost:8002";
const SCHEMAS = resolve(dirname(fileURLToPath(import.meta.url)), "../../docs/schema");

/** What `init` made and found. */
export interface Initialised {
  readonly config: string;
  readonly rules: string;
  readonly address: string;
  /** The models of a Triton that answers there; undefined where none does. */
  readonly models: readonly string[] | undefined;
}

/**
 * Writes an annotated configuration and a rule file to start from.
 * @param folder where to; made where it is not there
 * @param address host:port of the Triton to watch; by default the local one, whether it is there or not
 * @throws UserMistake where one of the files exists already: none is overwritten
 */
export async function init(folder: string, address: string | undefined, userAgent: string): Promise<Initialised> {
  const watched = address ?? DEFAULT_ADDRESS;
  const seen = await checkTarget(watched, undefined, userAgent);
  const config = resolve(folder, "triton-sentinel.yml");
  const rules = resolve(folder, "rules", "local.yml");
  await mkdir(dirname(rules), { recursive: true });
  const schema = (file: string, name: string) =>
    relative(dirname(file), resolve(SCHEMAS, `triton-sentinel-${name}.schema.json`)).replaceAll(sep, "/");
  await writeNew(config, configTemplate(watched, schema(config, "config")));
  await writeNew(rules, rulesTemplate(schema(rules, "rules")));
  return { config, rules, address: watched, models: seen.kind === "page" ? seen.models : undefined };
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new UserMistake(`Cannot write ${path}: there is such a file already, and none is overwritten`);
  }
}
