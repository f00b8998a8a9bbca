import { isAlias, isMap, isSeq, type ParsedNode, type Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import { type Mistake, mistakeAt, quote } from "./mistakes.ts";
import type { Entry, Node, ScalarStyle } from "./nodes.ts";
import { resolvePlain } from "./scalars.ts";
import type { Source, Span } from "./source.ts";

/** Values a file may hold, each use of an anchor counted in full: a few kilobytes of aliases can stand for billions. */
const MAX_VALUES = 100_000;

/** Nobody reads on after so many. */
const MAX_MISTAKES = 200;

const STYLES: ReadonlyMap<string | undefined, ScalarStyle> = new Map([
  ["PLAIN", "plain"],
  ["QUOTE_SINGLE", "single"],
  ["QUOTE_DOUBLE", "double"],
  ["BLOCK_LITERAL", "literal"],
  ["BLOCK_FOLDED", "folded"],
]);

const STRING_TAG = "tag:yaml.org,2002:str";

/** Turns the YAML parser's tree of one document into nodes, collecting what does not belong into a configuration file. */
export class TreeReader {
  readonly mistakes: Mistake[] = [];
  readonly #source: Source;
  readonly #anchors = new Map<string, Node>();
  readonly #sizes = new Map<Node, number>();
  #values = 0;

  constructor(source: Source) {
    this.#source = source;
  }

  /** The node, or undefined where the file is too large to go on. */
  read(yaml: ParsedNode): Node | undefined {
    const before = this.#values;
    if (isAlias(yaml)) return this.#alias(yaml.source, yaml.range);
    if (!this.#count(1, this.#span(yaml.range))) return undefined;
    const node = isMap(yaml) ? this.#map(yaml) : isSeq(yaml) ? this.#list(yaml) : this.#scalar(yaml as Scalar.Parsed);
    if (node !== undefined && yaml.anchor !== undefined) {
      this.#anchors.set(yaml.anchor, node);
      this.#sizes.set(node, this.#values - before);
    }
    return node;
  }

  #span(range: readonly [number, number, number] | null | undefined): Span {
    const [from, to] = range ?? [0, 0];
    return { source: this.#source, from, to };
  }

  #add(at: Span, message: string): void {
    if (this.mistakes.length < MAX_MISTAKES) this.mistakes.push(mistakeAt(at, message));
  }

  #count(values: number, at: Span): boolean {
    const before = this.#values;
    this.#values += values;
    if (this.#values <= MAX_VALUES) return true;
    if (before <= MAX_VALUES)
      this.#add(at, `Cannot read file: expected at most ${MAX_VALUES} values, aliases followed`);
    return false;
  }

  #alias(name: string, range: readonly [number, number, number]): Node | undefined {
    const at = this.#span(range);
    const node = this.#anchors.get(name);
    if (node !== undefined) return this.#count(this.#sizes.get(node) ?? 1, at) ? node : undefined;
    // An anchor is known once its value is complete, so a value that contains itself ends here as well.
    this.#add(at, `Cannot follow alias ${quote(name)}: expected an anchor with that name before it`);
    return { ...at, kind: "scalar", style: "plain", text: "", value: undefined, unknown: true };
  }

  #scalar(yaml: Scalar.Parsed): Node {
    const at = this.#span(yaml.range);
    const text = String(yaml.value ?? "");
    const style = STYLES.get(yaml.type) ?? "plain";
    const tag = yaml.tag;
    if (tag !== undefined && tag !== STRING_TAG && tag !== "!") this.#refuseTag(tag, at);
    const value = style === "plain" && tag === undefined ? resolvePlain(text) : text;
    return { ...at, kind: "scalar", style, text, value };
  }

  #refuseTag(tag: string, at: Span): void {
    this.#add(at, `Cannot use tag ${quote(tag)}: expected a value without a tag`);
  }

  #list(yaml: YAMLSeq.Parsed): Node | undefined {
    const at = this.#span(yaml.range);
    const items: Node[] = [];
    if (yaml.tag !== undefined) this.#refuseTag(yaml.tag, at);
    for (const item of yaml.items) {
      const node = this.read(item);
      if (node === undefined) return undefined;
      items.push(node);
    }
    return { ...at, kind: "list", items };
  }

  #map(yaml: YAMLMap.Parsed): Node | undefined {
    const at = this.#span(yaml.range);
    const entries = new Map<string, Entry>();
    const merged: Node[] = [];
    if (yaml.tag !== undefined) this.#refuseTag(yaml.tag, at);
    for (const { key: yamlKey, value: yamlValue } of yaml.items) {
      const key = this.read(yamlKey);
      if (key === undefined) return undefined;
      const value = yamlValue ? this.read(yamlValue) : this.#nothingAfter(key);
      if (value === undefined) return undefined;
      if (key.kind === "scalar" && key.style === "plain" && key.text === "<<") merged.push(value);
      else if (this.#isKey(key, entries)) entries.set(key.text, { key, value });
    }
    for (const value of merged) this.#merge(entries, value);
    return { ...at, kind: "map", entries };
  }

  #nothingAfter(key: Span): Node {
    return { kind: "scalar", style: "plain", text: "", value: undefined, source: key.source, from: key.to, to: key.to };
  }

  /** Whether a key can be used; says so where it cannot. */
  #isKey(key: Node, entries: ReadonlyMap<string, Entry>): key is Node & { readonly kind: "scalar" } {
    if (key.kind !== "scalar" || key.text === "")
      this.#add(key, 'Cannot read YAML: expected a key, as in "key: value"');
    else if (key.text === "__proto__") this.#add(key, 'Cannot use key "__proto__": it is reserved');
    else if (entries.has(key.text)) this.#add(key, `Cannot use key ${quote(key.text)} twice in one map`);
    else return true;
    return false;
  }

  /** YAML's merge key: entries of other maps where there are none of that name (yaml.org/type/merge.html). */
  #merge(entries: Map<string, Entry>, value: Node): void {
    const maps = value.kind === "list" ? value.items : [value];
    for (const map of maps) {
      if (map.kind !== "map") this.#add(map, 'Cannot merge with "<<": expected a map or a list of maps');
      else for (const [key, entry] of map.entries) if (!entries.has(key)) entries.set(key, entry);
    }
  }
}
