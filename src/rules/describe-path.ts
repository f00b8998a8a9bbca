import { type Document, type Path, textAt } from "../documents/nodes.ts";

/** Names a place in a rule file as Prometheus does, `group "g", rule 1, "name"`, so that people find what they grep for. */
export function describePath(document: Document, path: Path): string {
  const { root } = document;
  const [top, group, rules, rule, ...rest] = path;
  if (top === "overrides" && group !== undefined) {
    const alert = textAt(root, ["overrides", group, "alert"]);
    return alert === undefined ? `override ${Number(group) + 1}` : `override of ${JSON.stringify(alert)}`;
  }
  if (top !== "groups" || group === undefined) return path.join(".");
  const parts = [`group ${JSON.stringify(textAt(root, ["groups", group, "name"]) ?? "")}`];
  if (rules === "rules" && rule !== undefined) {
    const at = path.slice(0, 4);
    const name = textAt(root, [...at, "alert"]) ?? textAt(root, [...at, "record"]) ?? "";
    parts.push(`rule ${Number(rule) + 1}`, JSON.stringify(name));
    return `${parts.join(", ")}${describeField(rest)}`;
  }
  return `${parts[0]}${describeField(path.slice(2))}`;
}

function describeField(path: Path): string {
  const [field, name] = path;
  // The message of a wrong expression says that it is one.
  if (field === undefined || field === "expr" || field === "name") return "";
  if (field === "labels" && name !== undefined) return `: label ${JSON.stringify(name)}`;
  if (field === "annotations" && name !== undefined) return `: annotation ${JSON.stringify(name)}`;
  const text = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`)).join("");
  return `: ${text.slice(1)}`;
}
