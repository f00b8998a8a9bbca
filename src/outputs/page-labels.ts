import { Labels } from "../series/labels.ts";

/**
 * Labels as our own page may carry them. Whoever scrapes us would rename a label `instance` or `job` of ours, so they become
 * `target` and `target_job`. Names that text format 0.0.4 cannot write get underscores, names with two of them in front are
 * left out, and a name that is taken already gets `exported_` in front, as in Prometheus.
 * @param own labels of the page's own, for example the rule; they win over the series'
 */
export function pageLabels(labels: Labels, own: readonly (readonly [name: string, value: string])[] = []): Labels {
  const taken = new Map(own);
  const moved = labels.pairs.filter(([name]) => name === "instance" || name === "job");
  const others = labels.pairs.filter(([name]) => name !== "instance" && name !== "job" && !name.startsWith("__"));
  for (const [name, value] of moved) put(taken, name === "instance" ? "target" : "target_job", value);
  for (const [name, value] of others) put(taken, writable(name), value);
  return Labels.from(taken);
}

function put(taken: Map<string, string>, name: string, value: string): void {
  let free = name;
  while (taken.has(free)) free = `exported_${free}`;
  taken.set(free, value);
}

const writable = (name: string): string => name.replace(/[^a-zA-Z0-9_]/g, "_").replace(/^([0-9])/, "_$1");
