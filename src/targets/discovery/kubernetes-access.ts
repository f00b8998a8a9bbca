import { join } from "node:path";
import type { HttpOptions } from "../../http/options.ts";
import { readSmallFile } from "../../http/small-file.ts";
import { Unprepared } from "../../http/unprepared.ts";
import type { KubernetesDiscoveryOptions } from "../job.ts";
import type { DiscoveryPorts } from "./ports.ts";

/** Where an API server is, how it is spoken to and which namespaces are looked at. */
export interface KubernetesAccess {
  /** Without a slash at its end. */
  readonly server: string;
  readonly http: HttpOptions;
  /** "" stands for all. */
  readonly namespaces: readonly string[];
}

const MAX_NAMESPACE_BYTES = 1_024;

/**
 * Finds the way to the API server: the one the options name, or the one of the cluster we run in.
 * @throws Unprepared where there is none, or our namespace cannot be read
 */
export async function kubernetesAccess(
  { apiServer, http, namespaces }: KubernetesDiscoveryOptions,
  { environment, serviceAccount }: Pick<DiscoveryPorts, "environment" | "serviceAccount">,
): Promise<KubernetesAccess> {
  const names = new Set(namespaces.names);
  if (namespaces.ownNamespace) {
    names.add((await readSmallFile(join(serviceAccount, "namespace"), MAX_NAMESPACE_BYTES)).trim());
  }
  const where = { namespaces: names.size === 0 ? [""] : [...names] };
  if (apiServer !== undefined) return { ...where, server: apiServer.replace(/\/+$/, ""), http };
  const host = environment.get("KUBERNETES_SERVICE_HOST") ?? "";
  const port = environment.get("KUBERNETES_SERVICE_PORT") ?? "";
  if (host === "" || port === "") {
    throw new Unprepared("Cannot find the API server: expected api_server, or to run inside a Kubernetes cluster");
  }
  return {
    ...where,
    server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
    http: {
      authorization: { type: "Bearer", credentials: { kind: "file", path: join(serviceAccount, "token") } },
      tls: { caFile: join(serviceAccount, "ca.crt"), insecureSkipVerify: false },
    },
  };
}
