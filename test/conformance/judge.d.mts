import type { Case } from "./script.mjs";

type Verdict =
  | { readonly kind: "passed" }
  | { readonly kind: "failed"; readonly why: string }
  | { readonly kind: "unsupported"; readonly reason: string; readonly construct: string };

/** What comes of one evaluation; `engine` is what the evaluator's modules export. */
export function judge(item: Case, engine: object): Verdict;
