import { type Node, nodeAt, type Path, type ScalarNode, textAt } from "../documents/nodes.ts";
import { type DurationMs, durationMs, parseDuration, SECOND } from "../series/time.ts";
import { parseAddress } from "./address.ts";

/** Something that does not fit with the rest, at its path in the file. */
export interface Misfit {
  readonly path: Path;
  readonly message: string;
}

/** How often targets are scraped where nobody says. */
const DEFAULT_INTERVAL = durationMs(15 * SECOND);
/** What is wrong beyond that is told once these are mended. */
const MOST = 200;

/**
 * What does not fit between the scrape configs of a file. It looks at the file itself, so that it finds what it can in one that
 * has other mistakes: a part that cannot be read is passed over, for that is a mistake already.
 */
export function misfitsOf(root: Node): readonly Misfit[] {
  const configs = nodeAt(root, ["scrape_configs"]);
  if (configs?.kind !== "list") return [];
  const misfits: Misfit[] = [];
  const names = new Set<string>();
  const targets = new Set<string>();
  const interval = durationAt(root, ["global", "scrape_interval"]) ?? DEFAULT_INTERVAL;
  for (const [i, config] of configs.items.entries()) {
    if (misfits.length >= MOST) break;
    const at = (path: Path): Path => ["scrape_configs", i, ...path];
    const name = scalarAt(config, ["job_name"]);
    if (name !== undefined && !isNew(name.text, names)) {
      misfits.push({ path: at(["job_name"]), message: `Cannot use job name ${shown(name)} twice` });
    }
    const timeout = durationAt(config, ["scrape_timeout"]);
    if (timeout !== undefined && timeout > interval && nodeAt(config, ["scrape_interval"]) === undefined) {
      const message = "Cannot use this scrape_timeout: expected at most the global scrape_interval";
      misfits.push({ path: at(["scrape_timeout"]), message });
    }
    if (name === undefined) continue;
    for (const { path, message } of repeatedTargets(config, name, targets)) misfits.push({ path: at(path), message });
  }
  return misfits.slice(0, MOST);
}

/** Static addresses of a scrape config that were given before. */
function repeatedTargets(config: Node, name: ScalarNode, seen: Set<string>): Misfit[] {
  // What relabelling makes of a target is not known here; only what is the same in all is surely the same then.
  const relabelling = nodeAt(config, ["relabel_configs"]);
  const relabelled = relabelling?.kind === "list" && relabelling.items.length > 0;
  return itemsAt(config, ["static_configs"]).flatMap((group, j) => {
    // As in Prometheus a static label wins over the label the program would set.
    const job = scalarAt(group, ["labels", "job"]) ?? name;
    const fixed = scalarAt(group, ["labels", "instance"]);
    return itemsAt(group, ["targets"]).flatMap((target, k): Misfit[] => {
      if (target.kind !== "scalar" || !isAddress(target)) return [];
      const instance = fixed ?? target;
      const key = relabelled ? [name.text, target.text, labelsOf(group)] : [job.text, instance.text];
      if (isNew(JSON.stringify(key), seen)) return [];
      return [{ path: ["static_configs", j, "targets", k], message: duplicateMessage(shown(instance), shown(job)) }];
    });
  });
}

/** Remembers a key; false where it was known. */
export function isNew(key: string, seen: Set<string>): boolean {
  const before = seen.size;
  return seen.add(key).size > before;
}

/** @param instance as messages show it, in quotes */
export const duplicateMessage = (instance: string, job: string): string =>
  `Cannot use target ${instance} twice in job ${job}`;

/** A value that came from the environment may be a secret: messages show what stands in the file instead. */
const shown = ({ text, template }: ScalarNode): string => JSON.stringify(template ?? text);

function itemsAt(node: Node, path: Path): readonly Node[] {
  const list = nodeAt(node, path);
  return list?.kind === "list" ? list.items : [];
}

function scalarAt(node: Node, path: Path): ScalarNode | undefined {
  const found = nodeAt(node, path);
  return found?.kind === "scalar" && found.unknown === undefined && found.text !== "" ? found : undefined;
}

function labelsOf(group: Node): readonly (readonly [name: string, text: string | undefined])[] {
  const labels = nodeAt(group, ["labels"]);
  if (labels?.kind !== "map") return [];
  return [...labels.entries.keys()].sort().map((name) => [name, textAt(labels, [name])]);
}

function isAddress({ text, unknown }: ScalarNode): boolean {
  if (unknown !== undefined) return false;
  try {
    return parseAddress(text) === text;
  } catch {
    return false;
  }
}

function durationAt(node: Node, path: Path): DurationMs | undefined {
  const text = scalarAt(node, path)?.text;
  if (text === undefined) return undefined;
  try {
    return parseDuration(text);
  } catch {
    return undefined;
  }
}
