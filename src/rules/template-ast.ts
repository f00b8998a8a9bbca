import type { Labels } from "../series/labels.ts";

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

/**
 * What a template computes with. As in Go an integer is not a float: `bigint` stands for `int`, `number` for `float64`, and
 * comparing one with the other is an error.
 */
export type Value = string | number | bigint | boolean | Labels;

/** The four things a template is told, in the order of the variables that name them. */
export const DATA_FIELDS = ["Labels", "ExternalLabels", "ExternalURL", "Value"] as const;
export const DATA_VARIABLES = ["$labels", "$externalLabels", "$externalURL", "$value"] as const;

/** A pipeline `a | f x` is the call `f x a`, so there is no node for it. Variables are numbered, the data first. */
export type TemplateExpr =
  | { readonly kind: "literal"; readonly value: Value }
  | { readonly kind: "dot" }
  | { readonly kind: "data"; readonly index: number }
  | { readonly kind: "variable"; readonly slot: number }
  | { readonly kind: "field"; readonly of: TemplateExpr; readonly name: string }
  | { readonly kind: "logic"; readonly stopsAt: boolean; readonly args: readonly TemplateExpr[] }
  | { readonly kind: "call"; readonly call: TemplateFunction["call"]; readonly args: readonly TemplateExpr[] };

/** An expression and, where it is declared or assigned, the variable it goes to. */
export interface Pipeline {
  readonly slot: number | undefined;
  readonly expr: TemplateExpr;
}

export type TemplateNode =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "output"; readonly pipeline: Pipeline }
  | ({ readonly kind: "if" } & Branches)
  | ({ readonly kind: "with" } & Branches)
  | ({ readonly kind: "range"; readonly key: number | undefined; readonly value: number | undefined } & Branches);

export interface Branches {
  readonly pipeline: Pipeline;
  readonly body: readonly TemplateNode[];
  readonly otherwise: readonly TemplateNode[];
}

/** A function of the template language; `call` throws RangeError where Go's would return an error. */
export interface TemplateFunction {
  readonly min: number;
  readonly max: number;
  readonly call: (args: readonly Value[]) => Value;
}
