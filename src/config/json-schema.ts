import { z } from "zod";
import { duration, positiveDuration } from "../documents/fields.ts";
import { durationText } from "./schema/hints.ts";

/** A JSON Schema of draft 7, as far as it is used here. */
export interface JsonSchema {
  $schema?: string;
  $ref?: string;
  title?: string;
  description?: string;
  default?: unknown;
  type?: string | readonly string[];
  enum?: readonly unknown[];
  const?: unknown;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  properties?: Record<string, JsonSchema>;
  required?: readonly string[];
  additionalProperties?: boolean | JsonSchema;
  propertyNames?: JsonSchema;
  items?: JsonSchema;
  anyOf?: readonly JsonSchema[];
  allOf?: readonly JsonSchema[];
  definitions?: Record<string, JsonSchema>;
}

/** What stands in a value that comes from the environment. */
const REFERENCE = "\\$\\{";

/** What a schema takes, in JSON Schema's terms; refinements that look at several fields have none there. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const durations: ReadonlySet<unknown> = new Set([duration, positiveDuration]);
  const json = z.toJSONSchema(schema, {
    target: "draft-7",
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      if (family(zodSchema).some((one) => durations.has(one))) jsonSchema.pattern = durationText.pattern;
    },
  });
  return json as JsonSchema;
}

/** A schema, what it was made from by adding to it, and what it wraps. */
function family(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  const { parent, def } = schema._zod;
  const inner = (def as { readonly innerType?: z.core.$ZodType }).innerType;
  return [schema, ...(parent ? family(parent) : []), ...(inner ? family(inner) : [])];
}

/**
 * The same for editors of YAML: an unquoted number or truth value does where a text is wanted, and with `references` a
 * reference to the environment wherever a value stands.
 */
export function forEditors(schema: JsonSchema, references: boolean): JsonSchema {
  const deeper = (one: JsonSchema): JsonSchema => forEditors(one, references);
  const result: JsonSchema = { ...schema };
  if (schema.properties) result.properties = mapped(schema.properties, deeper);
  if (schema.definitions) result.definitions = mapped(schema.definitions, deeper);
  if (schema.items) result.items = deeper(schema.items);
  if (schema.anyOf) result.anyOf = schema.anyOf.map(deeper);
  if (schema.allOf) result.allOf = schema.allOf.map(deeper);
  if (typeof schema.additionalProperties === "object")
    result.additionalProperties = deeper(schema.additionalProperties);
  if (schema.$ref !== undefined && Object.keys(schema).length > 1) {
    // Beside a reference draft 7 reads nothing.
    const { $ref, ...rest } = result;
    return { ...rest, allOf: [{ $ref: $ref! }] };
  }
  return leaf(result, references);
}

function leaf(schema: JsonSchema, references: boolean): JsonSchema {
  const { type, pattern, ...rest } = schema;
  if (schema.enum) {
    if (!references) return schema;
    const { enum: values, ...about } = rest;
    return {
      ...about,
      anyOf: [
        { type: "string", enum: values! },
        { type: "string", pattern: REFERENCE },
      ],
    };
  }
  if (type === "string" && pattern === undefined) return { ...rest, type: ["string", "number", "boolean"] };
  if (type === "string") {
    const text = references ? `(${pattern})|${REFERENCE}` : pattern!;
    // Of durations alone zero needs no unit.
    const zero = pattern === durationText.pattern ? { type: ["string", "integer"], minimum: 0, maximum: 0 } : { type };
    return { ...rest, ...zero, pattern: text };
  }
  const isScalar = type === "integer" || type === "number" || type === "boolean";
  return isScalar && references ? { ...rest, type: [type, "string"], pattern: REFERENCE } : schema;
}

function mapped<T>(record: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
