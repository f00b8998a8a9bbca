import { check } from "../documents/check.ts";
import { hasErrors, type Mistake, sortMistakes } from "../documents/mistakes.ts";
import { type Document, type Node, nodeAt, type Path, textAt } from "../documents/nodes.ts";
import { readDocument } from "../documents/read-document.ts";
import { durationMs } from "../series/time.ts";
import { buildRule } from "./load-rule.ts";
import { warningsOf } from "./load-warnings.ts";
import { applyOverrides } from "./overrides.ts";
import { ruleFileSchema, type WrittenGroup } from "./schema.ts";
import type { Rule, RuleGroup } from "./types.ts";

/** The groups of rule files, and everything that is wrong with the files. */
export interface LoadedRules {
  /** To be used only where no mistake is an error. */
  readonly groups: readonly RuleGroup[];
  /** In reading order, of all files. */
  readonly mistakes: readonly Mistake[];
}

/**
 * Loads rule files: Prometheus' format and, on top of it, `detect:`, `except:`, `missing:` and `overrides:`. Never throws;
 * every mistake of every file is reported at once, errors as well as warnings. Files come in the order given.
 */
export function loadRules(files: readonly { readonly file: string; readonly text: string }[]): LoadedRules {
  const overridden = applyOverrides(files.map(({ file, text }) => readDocument(file, text)));
  const loaded = overridden.documents.map((document) => loadFile(document, overridden.disabled));
  const mistakes = [...loaded.flatMap((l) => l.mistakes), ...overridden.mistakes];
  const groups = hasErrors(mistakes) ? [] : loaded.flatMap((l) => l.groups);
  return {
    groups,
    mistakes: sortMistakes(
      mistakes,
      files.map(({ file }) => file),
    ),
  };
}

function loadFile(document: Document, disabled: ReadonlySet<Node>): LoadedRules {
  const describe = (path: Path): string => describePath(document, path);
  const checked = check(document, ruleFileSchema, describe);
  if (checked.kind === "mistakes") return { groups: [], mistakes: checked.mistakes };
  const groups: RuleGroup[] = [];
  const mistakes: Mistake[] = [];
  for (const [i, group] of (checked.value.groups ?? []).entries()) {
    const built = (group.rules ?? []).flatMap((rule, j) => {
      const path = ["groups", i, "rules", j];
      const off = disabled.has(nodeAt(document.root, path) as Node);
      return off ? [] : [{ path, rule: buildRule(rule, group, document, path) }];
    });
    mistakes.push(...warningsOf(built, document, describe));
    groups.push(
      buildGroup(
        group,
        document.source.file,
        built.map(({ rule }) => rule),
      ),
    );
  }
  return { groups, mistakes };
}

function buildGroup(group: WrittenGroup, file: string, rules: readonly Rule[]): RuleGroup {
  return {
    name: group.name,
    file,
    // Prometheus takes "0s" for none as well.
    ...(group.interval ? { interval: group.interval } : {}),
    queryOffset: group.query_offset ?? durationMs(0),
    limit: Math.max(0, group.limit ?? 0),
    rules,
  };
}

/** Names a place in a rule file as Prometheus does, `group "g", rule 1, "name"`, so that people find what they grep for. */
function describePath(document: Document, path: Path): string {
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
