import { z } from "zod";
import { onEveryMap, parsed } from "../../documents/fields.ts";
import type { KubernetesDiscoveryOptions } from "../../targets/job.ts";
import { parseServerUrl } from "../address.ts";
import { webUrl } from "./hints.ts";
import { httpFieldsSet, httpMistakes, httpOptions, httpShape } from "./http.ts";

const ROLES = ["pod", "endpoints"] as const;

const selector = z.strictObject({
  role: z.enum(ROLES).describe("Objects of which role are meant"),
  label: z.string().prefault("").describe("A label selector, for example app=triton"),
  field: z.string().prefault("").describe("A field selector, for example spec.nodeName=gpu-7"),
});

const kubernetesConfig = z
  .strictObject({
    role: z.enum(ROLES).describe("What becomes a target: each port of a pod, or each address of an endpoints object"),
    api_server: parsed(parseServerUrl)
      .meta(webUrl)
      .optional()
      .describe("The cluster's API; default: the cluster this program runs in, with the pod's own service account"),
    namespaces: z
      .strictObject({
        names: z.array(z.string().min(1)).prefault([]).describe("Namespaces to look in; none are all"),
        own_namespace: z.boolean().prefault(false).describe("Also the namespace this program runs in"),
      })
      .prefault({})
      .describe("Where to look"),
    selectors: z.array(selector).prefault([]).describe("Which objects to ask the API for, each role once"),
    ...httpShape,
  })
  .superRefine((written, ctx) => {
    httpMistakes(written, ctx);
    for (const key of written.api_server === undefined ? httpFieldsSet(written) : []) {
      const message = `'${key}' needs 'api_server': inside the cluster the service account is used`;
      ctx.addIssue({ code: "custom", message, params: { key } });
    }
    const seen = new Set<unknown>();
    for (const [i, one] of (Array.isArray(written.selectors) ? written.selectors : []).entries()) {
      const add = (message: string) => ctx.addIssue({ code: "custom", message, path: ["selectors", i, "role"] });
      if (seen.has(one?.role)) add(`Cannot use role ${JSON.stringify(one?.role)} twice: expected one selector a role`);
      else if (one?.role === "endpoints" && written.role === "pod") add("pod role has selectors of role pod only");
      seen.add(one?.role);
    }
  }, onEveryMap)
  .transform((written): KubernetesDiscoveryOptions => {
    const { role, api_server, namespaces, selectors } = written;
    return {
      kind: "kubernetes",
      role,
      ...(api_server !== undefined && { apiServer: api_server }),
      namespaces: { names: namespaces.names, ownNamespace: namespaces.own_namespace },
      selectors,
      http: httpOptions(written),
    };
  })
  .meta({ id: "kubernetes_sd_config" });

/** `kubernetes_sd_configs:`. */
export const kubernetesSdConfigs = z.array(kubernetesConfig).prefault([]).describe("Pods or endpoints of a cluster");
