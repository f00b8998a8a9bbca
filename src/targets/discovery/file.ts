import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Mistake } from "../../documents/mistakes.ts";
import { readSmallFile } from "../../http/small-file.ts";
import { durationMs, type EpochMs, SECOND } from "../../series/time.ts";
import { printable } from "../../telemetry/printable.ts";
import type { FileDiscoveryOptions } from "../job.ts";
import type { Discovery, TargetGroup } from "./discovery.ts";
import type { DiscoveryPorts } from "./ports.ts";
import { Rounds } from "./rounds.ts";
import { groupsFrom, readGroups } from "./target-groups.ts";
import { type Load, loadOf, tooMuch } from "./weight.ts";

/** How often files are looked at for a sign of change; watching them would miss a ConfigMap's swapped links. */
const POLL = durationMs(5 * SECOND);
const MAX_FILES = 1_000;
const MAX_FILE_BYTES = 4_194_304;

interface Known {
  /** Changes when the file is written or replaced; cheap to ask for. */
  readonly stamp: string;
  /** Of the content; "" where it could not be read. */
  readonly hash: string;
  readonly groups: readonly TargetGroup[];
  readonly load: Load;
}

const NOTHING: Omit<Known, "stamp"> = { hash: "", groups: [], load: { targets: 0, weight: 0 } };

/**
 * Groups from files that others write, JSON or YAML. A file is read again when it shows a sign of change, and all are every
 * refresh interval. One that cannot be read or understood keeps its groups; one that is gone has none.
 */
export class FileDiscovery implements Discovery {
  readonly #options: FileDiscoveryOptions;
  readonly #ports: DiscoveryPorts;
  readonly #rounds: Rounds;
  readonly #told = new Map<string, string>();
  #known = new Map<string, Known>();
  #readAllAt: EpochMs | undefined;
  #found: (groups: readonly TargetGroup[]) => void = () => {};

  constructor(options: FileDiscoveryOptions, ports: DiscoveryPorts) {
    this.#options = options;
    this.#ports = ports;
    this.#rounds = new Rounds(ports.clock, async (signal) => {
      await this.#look(signal);
      return durationMs(Math.min(POLL, options.refreshInterval));
    });
  }

  start(found: (groups: readonly TargetGroup[]) => void): void {
    this.#found = found;
    this.#rounds.start();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  async #look(signal: AbortSignal): Promise<void> {
    const now = this.#ports.clock.now();
    const first = this.#readAllAt === undefined;
    const all = first || now - this.#readAllAt! >= this.#options.refreshInterval;
    if (all) this.#readAllAt = now;
    const before = this.#known;
    const after = new Map<string, Known>();
    const paths = await this.#paths();
    for (const [i, path] of paths.entries()) {
      const beside = () => [...after.values(), ...paths.slice(i + 1).flatMap((other) => before.get(other) ?? [])];
      const known = await this.#lookAt(path, before.get(path), all, beside);
      if (known !== undefined) after.set(path, known);
    }
    if (signal.aborted) return;
    this.#known = after;
    const same =
      before.size === after.size && [...after].every(([path, { groups }]) => before.get(path)?.groups === groups);
    if (first || !same) this.#found([...after.values()].flatMap(({ groups }) => groups));
  }

  /**
   * What is known of a file after a look at it; undefined where it is gone.
   * @param beside what is known of the others
   */
  async #lookAt(
    path: string,
    known: Known | undefined,
    all: boolean,
    beside: () => readonly Known[],
  ): Promise<Known | undefined> {
    const stamp = await stampOf(path);
    if (stamp === undefined) {
      if (!path.includes("*")) this.#tell(path, `Cannot find file ${JSON.stringify(printable(path, 300))}`);
      return undefined;
    }
    if (known !== undefined && known.stamp === stamp && !all) return known;
    const kept = { ...NOTHING, ...known, stamp };
    let content: string;
    try {
      content = await readSmallFile(path, MAX_FILE_BYTES);
    } catch (error) {
      this.#tell(path, (error as Error).message);
      return { ...kept, hash: "" };
    }
    const hash = createHash("sha256").update(content).digest("base64");
    if (known?.hash === hash) return { ...known, stamp };
    const read = readGroups(path, content);
    if (read.kind === "ok") {
      const groups = groupsFrom(path, read.value, { __meta_filepath: path });
      const load = loadOf(groups);
      const why = tooMuch(sum([load, ...beside().map((other) => other.load)]));
      if (why === undefined) {
        this.#told.delete(path);
        return { stamp, hash, groups, load };
      }
      this.#tell(path, `${printable(path, 300)}, together with the other files: ${why}`);
    } else this.#tell(path, wrongWith(path, read.mistakes));
    return { ...kept, hash };
  }

  /** The files there may be, each once, in order. */
  async #paths(): Promise<readonly string[]> {
    const found = new Set<string>();
    for (const pattern of this.#options.files) {
      for (const path of pattern.includes("*") ? await this.#matching(pattern) : [pattern]) found.add(path);
    }
    const paths = [...found].sort();
    if (paths.length > MAX_FILES) {
      this.#tell("", `Cannot read ${paths.length} files: expected at most ${MAX_FILES}; the rest is left out`);
    }
    return paths.slice(0, MAX_FILES);
  }

  async #matching(pattern: string): Promise<string[]> {
    const folder = dirname(pattern);
    const parts = basename(pattern).split("*");
    try {
      return (await readdir(folder)).filter((name) => matches(name, parts)).map((name) => join(folder, name));
    } catch (error) {
      this.#tell(pattern, `Cannot read folder ${JSON.stringify(printable(folder, 300))}: ${codeOf(error)}`);
      // A folder that cannot be read has told us nothing of its files; one that is gone has none.
      return codeOf(error) === "ENOENT" ? [] : [...this.#known.keys()].filter((path) => dirname(path) === folder);
    }
  }

  /** Tells what is wrong with a file, once for as long as it stays the same. */
  #tell(path: string, why: string): void {
    if (this.#told.get(path) === why) return;
    this.#told.set(path, why);
    this.#ports.failed("file", why);
  }
}

function wrongWith(path: string, [mistake, ...others]: readonly Mistake[]): string {
  const rest = others.length === 0 ? "" : ` (and ${others.length} more)`;
  const place = mistake === undefined ? path : `${mistake.file}:${mistake.line}:${mistake.column}`;
  return `${printable(place, 300)}: ${printable(mistake?.message ?? "", 300)}${rest}`;
}

const sum = (loads: readonly Load[]): Load => ({
  targets: loads.reduce((all, { targets }) => all + targets, 0),
  weight: loads.reduce((all, { weight }) => all + weight, 0),
});

/** Whether a name consists of these parts with anything between them. */
function matches(name: string, parts: readonly string[]): boolean {
  const [head = "", ...rest] = parts;
  const tail = rest.pop() ?? "";
  if (!name.startsWith(head) || !name.endsWith(tail) || name.length < head.length + tail.length) return false;
  let at = head.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= name.length - tail.length;
}

/** Undefined where there is no such file. */
async function stampOf(path: string): Promise<string | undefined> {
  try {
    const { mtimeNs, size, ino, dev } = await stat(path, { bigint: true });
    return `${dev}:${ino}:${size}:${mtimeNs}`;
  } catch (error) {
    // Whatever else is wrong with it shows when it is read.
    return codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR" ? undefined : codeOf(error);
  }
}

const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException).code);
