import type { RunContext } from "./run-context.ts";
import type { Value } from "./values.ts";

/** A mistake in a template's text, at [from, to) of it. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
  readonly from: number;
  readonly to: number;

  constructor(message: string, from: number, to: number) {
    super(message);
    this.from = from;
    this.to = to;
  }
}

/** The variables a rule's template starts with, in the order of their slots: all the data, then its fields one by one. */
export const PRELUDE = ["$", "$labels", "$externalLabels", "$externalURL", "$value"] as const;

/** The fields of the data, in the order of the variables that hold them. */
export const DATA_FIELDS = ["Labels", "ExternalLabels", "ExternalURL", "Value"] as const;

/** A pipeline `a | f x` is the call `f x a`, so there is no node for it. Variables are numbered within their template. */
export type TemplateExpr =
  | { readonly kind: "literal"; readonly value: Value }
  | { readonly kind: "dot" }
  | { readonly kind: "variable"; readonly slot: number; readonly name: string }
  | {
      readonly kind: "set";
      readonly slot: number;
      readonly expr: TemplateExpr;
      /** In parentheses it is a value as any other; alone in its action it prints nothing. */
      readonly isShown: boolean;
    }
  | {
      readonly kind: "field";
      readonly of: TemplateExpr;
      /** `.a.b` is a chain of two. */
      readonly names: readonly string[];
      /** What the last is given where it is a method; a plain field is given nothing. */
      readonly args: readonly TemplateExpr[];
    }
  | { readonly kind: "logic"; readonly stopsAt: boolean; readonly args: readonly TemplateExpr[] }
  | { readonly kind: "call"; readonly call: TemplateFunction["call"]; readonly args: readonly TemplateExpr[] };

export type TemplateNode =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "output"; readonly expr: TemplateExpr }
  | ({ readonly kind: "if" } & Branches)
  | ({ readonly kind: "with" } & Branches)
  | ({ readonly kind: "range"; readonly key: number | undefined; readonly value: number | undefined } & Branches)
  | { readonly kind: "break" }
  | { readonly kind: "continue" }
  | { readonly kind: "template"; readonly name: string; readonly expr: TemplateExpr | undefined };

/** What `if`, `with` and `range` share. */
export interface Branches {
  readonly expr: TemplateExpr;
  readonly body: readonly TemplateNode[];
  readonly otherwise: readonly TemplateNode[];
}

/** The text of a rule, or what stands between `define` and its `end`. */
export interface TemplateBody {
  readonly nodes: readonly TemplateNode[];
  /** Variables to keep room for. */
  readonly slots: number;
}

/** A function of the template language; `call` throws RangeError where Go's would return an error. */
export interface TemplateFunction {
  readonly min: number;
  readonly max: number;
  readonly call: (args: readonly Value[], run: RunContext) => Value;
}
