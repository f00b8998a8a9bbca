import { mkdir, writeFile } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseTargetUrl } from "../config/address.ts";
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
 * @param address host:port of the Triton to watch, or the URL of its metrics page; by default the local one, whether it is there or not
 * @throws UserMistake where it is none, or where one of the files exists already: none is overwritten
 */
export async function init(folder: string, address: string | undefined, userAgent: string): Promise<Initialised> {
  const watched = hostPort(address ?? DEFAULT_ADDRESS);
  const seen = await checkTarget(watched, {}, userAgent);
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

/** The address in what people call a target; where they say more than the configuration's defaults do, it would be lost. */
function hostPort(text: string): string {
  const { url, instance } = targetOf(text);
  if (url === `http://${instance}/metrics`) return instance;
  const fields = "scheme and metrics_path are fields of the scrape config that is written";
  throw new UserMistake(
    `Cannot begin with target ${JSON.stringify(text)}: expected a host and a port, "${instance}"; ${fields}`,
  );
}

function targetOf(text: string): ReturnType<typeof parseTargetUrl> {
  try {
    return parseTargetUrl(text);
  } catch (error) {
    if (error instanceof RangeError) throw new UserMistake(error.message);
    throw error;
  }
}
