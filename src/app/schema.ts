import { forEditors, type JsonSchema, jsonSchemaOf } from "../config/json-schema.ts";
import { configSchema } from "../config/schema/index.ts";
import { schemaReference } from "../config/schema-reference.ts";
import { ruleFileSchema } from "../rules/schema.ts";
import { ruleTestFileSchema } from "../rules/tests/schema.ts";

/** The files that people write and that have a schema. */
export const SCHEMAS = ["config", "rules", "rule-tests"] as const;

export type SchemaName = (typeof SCHEMAS)[number];

const ABOUT = {
  config: {
    title: "Configuration reference",
    description: "The configuration of triton-sentinel",
    schema: configSchema,
    // Values of a config may come from the environment, those of rules may not.
    references: true,
    intro:
      "Every field of the configuration file. How to begin, and examples: [config.md](config.md). Durations are Prometheus' " +
      "(`1h30m`), sizes `B KB MB GB` and `KiB MiB GiB`, all in steps of 1024. This page is made from the schema by " +
      "`triton-sentinel schema config --format markdown`.",
  },
  rules: {
    title: "Rule file reference",
    description: "A rule file of triton-sentinel: Prometheus' format, and streaming detectors on top of it",
    schema: ruleFileSchema,
    references: false,
    intro: "Every field of a rule file. Durations are Prometheus' (`1h30m`).",
  },
  "rule-tests": {
    title: "Rule test reference",
    description: "Tests of rules for triton-sentinel: promtool's format, and ours on top of it",
    schema: ruleTestFileSchema,
    references: false,
    intro: "Every field of a file of rule tests. Durations are Prometheus' (`1h30m`).",
  },
} as const;

/** The JSON Schema by which an editor checks and completes such a file, as text. */
export function schemaJson(name: SchemaName): string {
  const { description, schema, references } = ABOUT[name];
  const { $schema, ...rest } = forEditors(jsonSchemaOf(schema), references);
  const whole: JsonSchema = { ...($schema !== undefined && { $schema }), title: description, ...rest };
  return `${JSON.stringify(whole, undefined, 2)}\n`;
}

/** The same for people, as Markdown. */
export function schemaMarkdown(name: SchemaName): string {
  const { title, intro, schema } = ABOUT[name];
  return schemaReference(title, intro, jsonSchemaOf(schema));
}
