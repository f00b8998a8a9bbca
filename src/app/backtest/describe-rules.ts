import { relative } from "node:path";
import type { RuleSources } from "../rule-files.ts";

/** What people call a set of rule files. */
export function describeRules({ packaged, patterns, base }: RuleSources): string {
  const names = patterns.map((pattern) => {
    const folder = relative(process.cwd(), base);
    return folder === "" || pattern.startsWith("/") ? pattern : `${folder}/${pattern}`;
  });
  return [...(packaged ? ["packaged rules"] : []), ...names].join(", ") || "no rules";
}
