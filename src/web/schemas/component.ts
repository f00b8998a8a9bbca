import { z } from "zod";

const registry = z.registry<{ readonly id: string }>();

/** Gives a schema the name under which the description of the API lists it; where it is part of another, that one refers to it. */
export function component<Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  registry.add(schema, { id });
  return schema;
}

/** Every named schema as JSON Schema, by name, in alphabetical order. */
export function componentSchemas(): Readonly<Record<string, unknown>> {
  const { schemas } = z.toJSONSchema(registry, { uri: schemaPath, unrepresentable: "any" });
  const named = Object.entries(schemas).map(
    ([id, { $schema: _dialect, $id: _id, ...schema }]) => [id, schema] as const,
  );
  return Object.fromEntries(named.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** How a description refers to a schema that has a name. @throws Error where it has none */
export function refTo(schema: z.ZodType): { readonly $ref: string } {
  const id = registry.get(schema)?.id;
  if (id === undefined) throw new Error("Cannot refer to a schema without a name: expected one made by component()");
  return { $ref: schemaPath(id) };
}

const schemaPath = (id: string): string => `#/components/schemas/${id}`;
