import type { AlertmanagerGroup } from "../../config/deliveries.ts";
import type { Labels } from "../../series/labels.ts";
import { relabel } from "../../series/relabel.ts";

const API = "/api/v2/alerts";
/** A host and perhaps a port; IPv6 in brackets. */
const ADDRESS = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/;

/**
 * Where an Alertmanager that was found is spoken to: relabelled like a target, from `__address__`, `__scheme__` and
 * `__alerts_path__`, as in Prometheus (notifier/alertmanager.go).
 */
export function alertmanagerUrl(
  found: Labels,
  group: Pick<AlertmanagerGroup, "scheme" | "pathPrefix" | "relabel">,
): { readonly kind: "url"; readonly url: string } | { readonly kind: "dropped"; readonly why: string } {
  const defaults = { __scheme__: group.scheme, __alerts_path__: `${group.pathPrefix}${API}` };
  const labels = relabel(found.with(defaults), group.relabel);
  if (labels === undefined) return { kind: "dropped", why: "relabel_configs drop it" };
  const address = labels.get("__address__") ?? "";
  const scheme = labels.get("__scheme__") ?? "";
  const path = labels.get("__alerts_path__") ?? "";
  if (scheme !== "http" && scheme !== "https") return { kind: "dropped", why: "its scheme is neither http nor https" };
  if (!path.endsWith(API)) return { kind: "dropped", why: `its path does not end in ${API}` };
  const port = ADDRESS.exec(address);
  if (port === null || Number(port[1] ?? 0) > 65_535)
    return { kind: "dropped", why: "its address is no host and port" };
  const explicit = port[1] === undefined ? `${address}:${scheme === "https" ? 443 : 80}` : address;
  return { kind: "url", url: `${scheme}://${explicit}${path.slice(0, -API.length)}` };
}
