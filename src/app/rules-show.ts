import { hasErrors } from "../documents/mistakes.ts";
import { didYouMean } from "../documents/suggest.ts";
import { loadRules, type PlacedRule } from "../rules/load.ts";
import { fieldsOf, type RuleField } from "../rules/provenance.ts";
import type { Position } from "../rules/types.ts";
import { mistakesOf, readRuleFiles } from "./rule-files.ts";
import { readSettings } from "./settings.ts";
import { UserMistake } from "./user-mistake.ts";

/** A rule as it runs, for people and programs. */
export interface ShownRule {
  readonly kind: "alert" | "record";
  readonly name: string;
  readonly group: string;
  readonly position: Position;
  /** Where it was switched off; it does not run then. */
  readonly disabled?: Position;
  readonly fields: readonly RuleField[];
}

/** Which rules to show. */
export interface RulesAsked {
  readonly config?: string;
  /** Replaces the packaged pack and the config's rule files. */
  readonly rules?: readonly string[];
  /** Only those of these names; all where there are none. */
  readonly names: readonly string[];
  /** With the defaults that nobody wrote. */
  readonly effective: boolean;
}

/**
 * The rules a configuration runs with, overrides applied, and where each of their fields was written.
 * @throws UserMistake with everything that is wrong with the files, or where no rule has a name asked for
 */
export async function showRules({ config, rules, names, effective }: RulesAsked): Promise<readonly ShownRule[]> {
  const given = { urls: [], ...(config !== undefined && { config }), ...(rules !== undefined && { rules }) };
  const settings = await readSettings(given);
  const { placed, mistakes } = loadRules(await readRuleFiles(settings.rules));
  if (hasErrors(mistakes)) throw mistakesOf(mistakes);
  const known = new Set(placed.map(({ rule }) => rule.name));
  for (const name of names) {
    if (known.has(name)) continue;
    throw new UserMistake(`Cannot show rule ${JSON.stringify(name)}: no rule has that name${didYouMean(name, known)}`);
  }
  const asked = placed.filter(({ rule }) => names.length === 0 || names.includes(rule.name));
  return asked.map((one) => shownRule(one, effective));
}

function shownRule(placed: PlacedRule, effective: boolean): ShownRule {
  const { rule, disabled } = placed;
  const fields = fieldsOf(placed).filter(({ from }) => effective || from !== undefined);
  const { kind, name, group, position } = rule;
  return { kind, name, group, position, ...(disabled !== undefined && { disabled }), fields };
}
