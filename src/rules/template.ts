import type { Labels } from "../series/labels.ts";
import { TemplateError, type TemplateNode } from "./template-ast.ts";
import { Expansion } from "./template-evaluate.ts";
import { parseTemplateText } from "./template-parse.ts";

export { formatFloat } from "./template-format.ts";
export { TemplateError };

/** A longer template is refused. */
const MAX_TEMPLATE = 65_536;

/** A label or annotation of a rule: Go's text/template as Prometheus uses it, checked and ready to expand. */
export interface Template {
  readonly text: string;
  /** It reads the value, which a label should not: the alert would become another one whenever the value changes. */
  readonly uses: { readonly value: boolean };
  /** Undefined where the text has no actions and stands for itself. */
  readonly program: { readonly nodes: readonly TemplateNode[]; readonly slots: number } | undefined;
}

export interface TemplateData {
  /** What `$labels` is; a label that is not there expands to nothing. */
  readonly labels: Labels;
  readonly externalLabels: Labels;
  readonly externalURL: string;
  readonly value: number;
}

/**
 * Reads a template.
 * @throws TemplateError with the place of the first mistake; functions that Prometheus has and this program has not, `query`
 * among them, are mistakes too.
 */
export function parseTemplate(text: string): Template {
  if (!text.includes("{{")) return { text, uses: { value: false }, program: undefined };
  if (text.length > MAX_TEMPLATE) {
    throw new TemplateError(`Cannot parse template: it is longer than ${MAX_TEMPLATE} characters`, 0, text.length);
  }
  const { nodes, slots, usesValue } = parseTemplateText(text);
  return { text, uses: { value: usesValue }, program: { nodes, slots } };
}

/**
 * What a template says of one alert. Never throws: where Go's template would fail, or the text or the work grows beyond a
 * bound, the result is `<error expanding template: …>`, as in Prometheus.
 */
export function expand(template: Template, data: TemplateData): string {
  if (template.program === undefined) return template.text;
  const { nodes, slots } = template.program;
  try {
    return new Expansion([data.labels, data.externalLabels, data.externalURL, data.value], slots).run(nodes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return `<error expanding template: ${error.message}>`;
  }
}
