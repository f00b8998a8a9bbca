import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Reads the packaged runbooks, by the names of their alerts; none where the folder is not there. */
export async function readRunbooks(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = await readdir(folder).catch(() => []);
  const named = files.flatMap((file) => /^(\w+)\.md$/.exec(file)?.[1] ?? []);
  const texts = await Promise.all(
    named.map(async (name) => [name, await readFile(join(folder, `${name}.md`), "utf8")] as const),
  );
  return new Map(texts);
}
