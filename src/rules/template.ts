import type { Labels } from "../series/labels.ts";
import type { EpochMs } from "../series/time.ts";
import { TemplateError } from "./template/ast.ts";
import { Expansion } from "./template/evaluate.ts";
import { type ParsedTemplate, parseTemplateText } from "./template/parse.ts";
import type { TemplateQuery } from "./template/run-context.ts";
import type { QueryUse } from "./template/uses.ts";
import { Struct } from "./template/values.ts";

export { formatFloat } from "./template-format.ts";
export { TemplateError };

/** A longer template is refused. */
const MAX_TEMPLATE = 65_536;

const DATA_TYPE =
  "struct { Labels map[string]string; ExternalLabels map[string]string; ExternalURL string; Value float64 }";

/** A label or annotation of a rule: Go's text/template as Prometheus uses it, checked and ready to expand. */
export interface Template {
  readonly text: string;
  readonly uses: {
    /** It reads the value, which a label should not: the alert would become another one whenever the value changes. */
    readonly value: boolean;
    /** What it asks of the store. */
    readonly queries: readonly QueryUse[];
  };
  /** Undefined where the text has no actions and stands for itself. */
  readonly program: Omit<ParsedTemplate, "uses"> | undefined;
}

export interface TemplateData {
  /** What `$labels` is; a label that is not there expands to nothing. */
  readonly labels: Labels;
  readonly externalLabels: Labels;
  readonly externalURL: string;
  readonly value: number;
  /** The moment of the evaluation; without it `now` and `query` fail. */
  readonly at?: EpochMs;
  /** What `query` asks; without it `query` fails. */
  readonly query?: TemplateQuery;
}

/**
 * Reads a template.
 * @throws TemplateError with the place of the first mistake
 */
export function parseTemplate(text: string): Template {
  if (!text.includes("{{")) return { text, uses: { value: false, queries: [] }, program: undefined };
  if (text.length > MAX_TEMPLATE) {
    throw new TemplateError(`Cannot parse template: it is longer than ${MAX_TEMPLATE} characters`, 0, text.length);
  }
  const { main, templates, uses } = parseTemplateText(text);
  return { text, uses: { value: uses.value, queries: uses.queries }, program: { main, templates } };
}

/**
 * What a template says of one alert. Never throws: where Go's template would fail, or the text or the work grows beyond a
 * bound, the result is `<error expanding template: …>`, as in Prometheus.
 */
export function expand(template: Template, data: TemplateData): string {
  if (template.program === undefined) return template.text;
  const { main, templates } = template.program;
  const { labels, externalLabels, externalURL, value, at, query } = data;
  const all = new Struct(DATA_TYPE, false, [
    ["Labels", labels],
    ["ExternalLabels", externalLabels],
    ["ExternalURL", externalURL],
    ["Value", value],
  ]);
  try {
    const variables = [all, labels, externalLabels, externalURL, value];
    return new Expansion(templates, { externalURL, at, query }).text(main, variables, all);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return `<error expanding template: ${error.message}>`;
  }
}
