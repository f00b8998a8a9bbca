import { didYouMean } from "../../documents/suggest.ts";
import type { AlertRule } from "../../rules/types.ts";
import { printable } from "../../telemetry/printable.ts";
import { UserMistake } from "../user-mistake.ts";
import { seriesDetectOf } from "./verdict.ts";

/**
 * The rules of a name that weigh statistics of subjects.
 * @throws UserMistake where no rule has the name, or none of those that have it weighs anything
 */
export function statisticsNamed(rules: readonly AlertRule[], name: string): readonly AlertRule[] {
  const named = rules.filter((rule) => rule.name === name);
  const found = named.filter((rule) => seriesDetectOf(rule) !== undefined);
  if (found.length > 0) return found;
  if (named.length === 0) throw new UserMistake(noSuchRule(name, new Set(rules.map((rule) => rule.name))));
  const events = named.some(({ condition }) => condition.kind === "detect");
  const why = events
    ? "events of models are facts, nothing is learned of them"
    : "it is an expression, which `triton-sentinel query` evaluates";
  throw new UserMistake(`Cannot explain rule ${printable(name)}: ${why}`);
}

/** What to say where no rule has a name. */
export const noSuchRule = (name: string, names: Iterable<string>): string =>
  `Cannot explain rule ${JSON.stringify(printable(name))}: no rule has that name${didYouMean(name, names)}`;
