import { check } from "../documents/check.ts";
import { hasErrors, type Mistake, sortMistakes } from "../documents/mistakes.ts";
import { type Document, type Node, nodeAt, type Path } from "../documents/nodes.ts";
import { readDocument } from "../documents/read-document.ts";
import { durationMs } from "../series/time.ts";
import { describePath } from "./describe-path.ts";
import { buildRule } from "./load-rule.ts";
import { applyOverrides } from "./overrides.ts";
import { ruleFileSchema, type WrittenGroup } from "./schema.ts";
import type { Position, Rule, RuleGroup } from "./types.ts";

/** A rule, and where in which document it stands: what lints and `rules show` read beside what runs. */
export interface PlacedRule {
  readonly rule: Rule;
  readonly group: RuleGroup;
  /** With the overrides applied; their nodes keep the places of their own files. */
  readonly document: Document;
  readonly path: Path;
  /** Where it was switched off. */
  readonly disabled?: Position;
}

/** The groups of rule files, and everything that is wrong with the files. */
export interface LoadedRules {
  /** Empty where a mistake is an error. */
  readonly groups: readonly RuleGroup[];
  /** In reading order, of all files. */
  readonly mistakes: readonly Mistake[];
  /** The rules of every file that has no error, those that are switched off among them. */
  readonly placed: readonly PlacedRule[];
  /** The files, overrides applied, in the order given. */
  readonly documents: readonly Document[];
}

/**
 * Loads rule files: Prometheus' format and, on top of it, `detect:`, `except:`, `missing:` and `overrides:`. Never throws;
 * every mistake of every file is reported at once, errors as well as warnings. Files come in the order given.
 */
export function loadRules(files: readonly { readonly file: string; readonly text: string }[]): LoadedRules {
  const overridden = applyOverrides(files.map(({ file, text }) => readDocument(file, text)));
  const loaded = overridden.documents.map((document) => loadFile(document, overridden.disabled));
  const mistakes = [...loaded.flatMap((l) => l.mistakes), ...overridden.mistakes];
  return {
    groups: hasErrors(mistakes) ? [] : loaded.flatMap((l) => l.groups),
    mistakes: sortMistakes(
      mistakes,
      files.map(({ file }) => file),
    ),
    placed: loaded.flatMap((l) => l.placed),
    documents: overridden.documents,
  };
}

type LoadedFile = Omit<LoadedRules, "documents">;

function loadFile(document: Document, disabled: ReadonlyMap<Node, Position>): LoadedFile {
  const describe = (path: Path): string => describePath(document, path);
  const checked = check(document, ruleFileSchema, describe);
  if (checked.kind === "mistakes") return { groups: [], mistakes: checked.mistakes, placed: [] };
  const groups: RuleGroup[] = [];
  const placed: PlacedRule[] = [];
  for (const [i, group] of (checked.value.groups ?? []).entries()) {
    const built = (group.rules ?? []).map((rule, j) => {
      const path = ["groups", i, "rules", j];
      return { rule: buildRule(rule, group, document, path), path, off: disabled.get(nodeAt(document.root, path)!) };
    });
    const running = built.flatMap(({ rule, off }) => (off === undefined ? [rule] : []));
    const whole = buildGroup(group, document.source.file, running);
    groups.push(whole);
    for (const { rule, path, off } of built) {
      placed.push({ rule, group: whole, document, path, ...(off !== undefined && { disabled: off }) });
    }
  }
  return { groups, mistakes: [], placed };
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
