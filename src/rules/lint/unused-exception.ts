import type { Lint, LintFinding, LintWorld } from "./lint.ts";

/** An exception that nothing needs waits for the one finding that matters. */
export const unusedException: Lint = {
  id: "unused-exception",
  severity: "warning",
  about: "An exception kept nothing from alerting in the recording given.",
  needs: "recording",
  *check({ rules, hits }: LintWorld): Iterable<LintFinding> {
    for (const placed of rules) {
      const { rule } = placed;
      if (rule.kind !== "alert" || hits === undefined) continue;
      for (const [i, exception] of rule.except.entries()) {
        if (hits(exception) > 0) continue;
        yield { rule: placed, at: ["except", i], message: "this exception matched nothing in the recording" };
      }
    }
  },
};
