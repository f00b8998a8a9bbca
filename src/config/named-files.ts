import type { Path } from "../documents/nodes.ts";
import type { HttpOptions, TlsOptions } from "../http/options.ts";
import type { SecretSource } from "../series/secret.ts";
import type { DiscoveryOptions } from "../targets/job.ts";
import type { Config } from "./config.ts";
import { folderOf } from "./file-path.ts";

/** A file that a configuration names and that is read while the program runs. */
export interface NamedFile {
  /** Absolute; of target files, which may come later and may be a pattern, the folder they are in. */
  readonly file: string;
  readonly kind: "file" | "folder";
  /** What it holds, "the password of basic_auth". */
  readonly purpose: string;
  /** Where the configuration names it. */
  readonly path: Path;
}

/**
 * Every file that a configuration names, in its order, but for rule files, which are read with it: secrets, certificates, API
 * tokens, and the folders of target files. Whether they are there is for others to see.
 */
export function namedFiles({ jobs, alerting, outputs, web }: Config): readonly NamedFile[] {
  return [
    ...jobs.flatMap(({ http, discoveries }, i) => [
      ...discoveryFiles(discoveries, ["scrape_configs", i]),
      ...httpFiles(http, ["scrape_configs", i]),
    ]),
    ...alerting.alertmanagers.flatMap(({ http, discoveries }, i) => {
      const path = ["alerting", "alertmanagers", i];
      return [...discoveryFiles(discoveries, path), ...httpFiles(http, path)];
    }),
    ...outputs.email.flatMap(({ auth, tls }, i) => {
      const path = ["outputs", "email", i];
      return [
        ...secretFile(auth?.password, [...path, "auth_password_file"], "the mail password"),
        ...tlsFiles(tls, path),
      ];
    }),
    ...outputs.webhook.flatMap(({ url, http }, i) => {
      const path = ["outputs", "webhook", i];
      return [...secretFile(url, [...path, "url_file"], "the webhook's URL"), ...httpFiles(http, path)];
    }),
    ...plainFile(web.apiTokensFile, ["web", "api_tokens_file"], "the API tokens"),
  ];
}

/** Discoveries of a kind stand in one list, in the order they were read in. */
function discoveryFiles(discoveries: readonly DiscoveryOptions[], path: Path): NamedFile[] {
  const counts = new Map<string, number>();
  return discoveries.flatMap((discovery): NamedFile[] => {
    const list = `${discovery.kind}_sd_configs`;
    const i = counts.get(list) ?? 0;
    counts.set(list, i + 1);
    const at = [...path, list, i];
    if (discovery.kind === "http" || discovery.kind === "kubernetes") return httpFiles(discovery.http, at);
    if (discovery.kind !== "file") return [];
    return discovery.files.map((file, k) => {
      return { file: folderOf(file), kind: "folder", purpose: "the target files", path: [...at, "files", k] };
    });
  });
}

const httpFiles = ({ basicAuth, authorization, tls }: HttpOptions, path: Path): NamedFile[] => [
  ...secretFile(basicAuth?.password, [...path, "basic_auth", "password_file"], "the password of basic_auth"),
  ...secretFile(
    authorization?.credentials,
    [...path, "authorization", "credentials_file"],
    "the credentials of authorization",
  ),
  ...tlsFiles(tls, path),
];

const tlsFiles = (tls: TlsOptions | undefined, path: Path): NamedFile[] => [
  ...plainFile(tls?.caFile, [...path, "tls_config", "ca_file"], "the certificates to trust"),
  ...plainFile(tls?.certFile, [...path, "tls_config", "cert_file"], "our certificate"),
  ...plainFile(tls?.keyFile, [...path, "tls_config", "key_file"], "the key of our certificate"),
];

const secretFile = (source: SecretSource | undefined, path: Path, purpose: string): NamedFile[] =>
  plainFile(source?.kind === "file" ? source.path : undefined, path, purpose);

const plainFile = (file: string | undefined, path: Path, purpose: string): NamedFile[] =>
  file === undefined ? [] : [{ file, kind: "file", purpose, path }];
