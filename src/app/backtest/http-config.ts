import { dirname, resolve } from "node:path";
import { expandEnvironment } from "../../config/environment.ts";
import { absolutePaths } from "../../config/file-path.ts";
import { hideSecrets } from "../../config/hide-secrets.ts";
import { httpClientSchema } from "../../config/schema/http.ts";
import { check } from "../../documents/check.ts";
import { readDocument } from "../../documents/read-document.ts";
import type { HttpOptions } from "../../http/options.ts";
import { mistakesOf, readText } from "../rule-files.ts";
import { environment } from "../settings.ts";

/**
 * Reads a file that says how a server is spoken to, in Prometheus' terms: `basic_auth`, `authorization`, `tls_config`. Paths in
 * it begin where it lies; `${NAME}` is the environment's.
 * @throws UserMistake with everything that is wrong with it, and no secret
 */
export async function readHttpConfig(path: string): Promise<HttpOptions> {
  const { file, text } = await readText(path);
  const document = expandEnvironment(readDocument(file, text), environment());
  const checked = check(document, httpClientSchema);
  if (checked.kind === "mistakes") throw mistakesOf(hideSecrets(checked.mistakes, document));
  return absolutePaths(checked.value, dirname(resolve(path)));
}
