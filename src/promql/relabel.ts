import { RE2JS } from "re2js";
import type { Labels } from "../series/labels.ts";
import type { Call, Expr } from "./ast.ts";
import { PromqlError } from "./error.ts";
import { type LabelMap, remembered } from "./label-map.ts";

/**
 * What a call of `label_replace` or `label_join` does to a label set.
 * @throws PromqlError on a label without a name and on a regular expression RE2 refuses
 */
export function relabelOf({ fn, args }: Call): LabelMap {
  const [, ...texts] = args;
  return remembered(fn.name === "label_join" ? joining(texts) : replacing(texts));
}

const textOf = (arg: Expr): string => (arg.kind === "string" ? arg.value : "");

function joining([target, separator, ...sources]: readonly Expr[]): LabelMap {
  const name = labelName(target!);
  const names = sources.map(labelName);
  return (labels) => labels.with({ [name]: names.map((source) => labels.get(source) ?? "").join(textOf(separator!)) });
}

function replacing([target, replacement, source, pattern]: readonly Expr[]): LabelMap {
  const name = labelName(target!);
  const from = textOf(source!);
  const regex = compile(pattern!);
  const parts = template(textOf(replacement!), regex);
  return (labels: Labels): Labels => {
    const found = regex.matcher(labels.get(from) ?? "");
    if (!found.matches()) return labels;
    return labels.with({
      [name]: parts.map((part) => (typeof part === "string" ? part : group(found, part))).join(""),
    });
  };
}

function labelName(arg: Expr): string {
  const name = textOf(arg);
  if (name !== "") return name;
  throw new PromqlError('Cannot relabel: expected the name of a label, for example "model"', arg);
}

/** The pattern has to match the whole value; its own anchors and alternatives stay inside. */
function compile(arg: Expr): RE2JS {
  const pattern = textOf(arg);
  try {
    RE2JS.compile(pattern);
    return RE2JS.compile(`^(?s:${pattern})$`);
  } catch (error) {
    throw new PromqlError(
      `Cannot compile regular expression ${JSON.stringify(pattern)}: ${(error as Error).message}`,
      arg,
    );
  }
}

const group = (found: ReturnType<RE2JS["matcher"]>, number: number): string =>
  number <= found.groupCount() ? (found.group(number) ?? "") : "";

/** A replacement cut into texts and group numbers, as Go's `Expand` reads it: `$1`, `${1}`, `$name`, `$$` for a dollar. */
function template(text: string, regex: RE2JS): readonly (string | number)[] {
  const parts: (string | number)[] = [];
  let last = 0;
  for (const found of text.matchAll(/\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu)) {
    const name = found[1] ?? found[2];
    parts.push(text.slice(last, found.index), name === undefined ? "$" : groupNumber(name, regex));
    last = found.index + found[0].length;
  }
  parts.push(text.slice(last));
  return parts;
}

/** The group a name stands for; what there is not, however high its number, is empty. */
function groupNumber(name: string, regex: RE2JS): number | string {
  if (/^\d+$/.test(name)) return Number(name) <= regex.groupCount() ? Number(name) : "";
  const groups = new Map(Object.entries(regex.namedGroups()));
  return groups.get(name) ?? "";
}
