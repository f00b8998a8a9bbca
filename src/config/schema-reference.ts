import type { JsonSchema } from "./json-schema.ts";
import { byteSize, durationText } from "./schema/hints.ts";

/** A part of a document that has a table of its own. */
interface Section {
  readonly heading: string;
  readonly schema: JsonSchema;
}

/**
 * What a file may hold, as Markdown: a table for every map, with type, default and meaning of each field.
 * @param intro what stands under the title
 */
export function schemaReference(title: string, intro: string, schema: JsonSchema): string {
  const sections: Section[] = [];
  const queue: Section[] = [{ heading: "", schema }];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    sections.push(next);
    queue.unshift(...partsOf(next));
  }
  for (const [name, definition] of Object.entries(schema.definitions ?? {}).sort()) {
    sections.push({ heading: name, schema: definition });
    sections.push(...partsOf({ heading: name, schema: definition }));
  }
  return [`# ${title}`, intro, ...sections.map(sectionText)].join("\n\n").concat("\n");
}

/** The maps among the fields of a section that are described in place. */
function partsOf({ heading, schema }: Section): Section[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
    mapsIn(field).map(({ schema: map, suffix }) => ({
      heading: `${heading === "" ? "" : `${heading}.`}${name}${suffix}`,
      schema:
        map.description === undefined && field.description !== undefined
          ? { ...map, description: field.description }
          : map,
    })),
  );
}

/** The maps with fields of their own that a field holds, by itself or in lists. */
function mapsIn(schema: JsonSchema, suffix = ""): { schema: JsonSchema; suffix: string }[] {
  if (schema.properties) return [{ schema, suffix }];
  if (schema.items) return mapsIn(schema.items, `${suffix}[]`);
  return (schema.anyOf ?? []).flatMap((one) => mapsIn(one, suffix));
}

function sectionText({ heading, schema }: Section): string {
  const required = new Set(schema.required);
  const rows = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const otherwise = required.has(name) ? "required" : defaultText(field);
    return `| \`${name}\` | ${typeText(field)} | ${otherwise} | ${escaped(field.description ?? "")} |`;
  });
  return [
    ...(heading === "" ? [] : [`## \`${heading}\``, ""]),
    ...(heading === "" || schema.description === undefined ? [] : [`${escaped(schema.description)}.`, ""]),
    "| field | type | default | meaning |",
    "|---|---|---|---|",
    ...rows,
  ].join("\n");
}

function defaultText({ default: value }: JsonSchema): string {
  if (value === undefined) return "";
  if (typeof value === "object" && value !== null && Object.keys(value).length === 0) return "";
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

function typeText(schema: JsonSchema): string {
  const { type } = schema;
  const reference = schema.$ref ?? schema.allOf?.[0]?.$ref;
  if (reference !== undefined) {
    const name = reference.slice(reference.lastIndexOf("/") + 1);
    return `[${name}](#${name})`;
  }
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(", ");
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeText))].join(" or ");
  if (type === "array") return `list of ${typeText(schema.items ?? {})}`;
  if (type === "object") {
    const { additionalProperties: values } = schema;
    return typeof values === "object" ? `map to ${typeText(values)}` : "map";
  }
  if (schema.pattern === durationText.pattern) return "duration";
  if (schema.pattern === byteSize.pattern) return "size";
  return (typeof type === "string" && TYPES.get(type)) || "any value";
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ["string", "text"],
  ["integer", "whole number"],
  ["number", "number"],
  ["boolean", "`true` or `false`"],
]);

/** Text in a cell of a table. */
const escaped = (text: string): string => text.replace(/[|<*[\]\\]/g, "\\$&");
