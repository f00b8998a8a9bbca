import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import type { LoadedConfig } from "../config/load-config.ts";
import { type NamedFile, namedFiles } from "../config/named-files.ts";
import type { Mistake } from "../documents/mistakes.ts";

/**
 * A warning for every file that a configuration names and that cannot be read here and now. They are no mistakes: the program may
 * run elsewhere or as somebody else, and files are read anew each time they are needed.
 */
export async function unreadableFiles(
  loaded: Extract<LoadedConfig, { readonly kind: "ok" }>,
): Promise<readonly Mistake[]> {
  const looked = await Promise.all(
    namedFiles(loaded.config).map(async (named) => ({ named, why: await whyUnreadable(named) })),
  );
  return looked.flatMap(({ named: { file, purpose, path }, why }) =>
    why === undefined ? [] : [loaded.warning(path, `Cannot read ${purpose} from ${JSON.stringify(file)}: ${why}`)],
  );
}

async function whyUnreadable({ file, kind }: NamedFile): Promise<string | undefined> {
  try {
    await access(file, constants.R_OK);
    const isFolder = (await stat(file)).isDirectory();
    if (isFolder === (kind === "folder")) return undefined;
    return kind === "folder" ? "expected a folder, found a file" : "expected a file, found a folder";
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return kind === "folder" ? "there is no such folder" : "there is no such file";
    return code === "EACCES" ? "reading it is not permitted" : message;
  }
}
