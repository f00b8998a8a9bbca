import { createHash } from "node:crypto";

/**
 * A short name for a model namespace. Triton's own is the absolute path of a repository: long, and nobody else's business.
 * The last part of the path and twelve hex digits of its hash keep two repositories of the same name apart.
 */
export function aliasNamespace(path: string): string {
  const name = path.replace(/\/+$/, "").split("/").pop() ?? "";
  return `${name}~${createHash("sha256").update(path).digest("hex").slice(0, 12)}`;
}
