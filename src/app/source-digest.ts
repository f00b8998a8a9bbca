import { createHash } from "node:crypto";
import { readRuleFiles, readText } from "./rule-files.ts";
import type { Settings } from "./settings.ts";
import { UserMistake } from "./user-mistake.ts";

/**
 * A text that changes whenever a file changes that these settings come from: the config file, the rule files, and which rule files
 * there are. A file that cannot be read counts with the reason.
 * @param config the config file, where there is one
 */
export async function sourceDigest({ rules }: Settings, config: string | undefined): Promise<string> {
  const hash = createHash("sha256");
  const add = (...texts: readonly string[]) => {
    for (const text of texts) hash.update(`${text.length}:${text}`);
  };
  try {
    if (config !== undefined) add(config, (await readText(config)).text);
    for (const { file, text } of await readRuleFiles(rules)) add(file, text);
  } catch (error) {
    if (!(error instanceof UserMistake)) throw error;
    add(error.message);
  }
  return hash.digest("hex");
}
