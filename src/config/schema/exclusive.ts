import type { z } from "zod";

/** The fields of a map that say something, in the order asked for; of anything else none. */
export function fieldsSet(written: unknown, fields: readonly string[]): readonly string[] {
  if (typeof written !== "object" || written === null) return [];
  const map = written as Readonly<Record<string, unknown>>;
  return fields.filter((field) => map[field] !== undefined);
}

/** Adds a mistake for each field of a set but the first: they say the same thing in different ways. */
export function atMostOne(written: unknown, fields: readonly string[], ctx: z.core.$RefinementCtx): void {
  const names = fields.map((field) => `'${field}'`).join(" and ");
  for (const key of fieldsSet(written, fields).slice(1)) {
    ctx.addIssue({ code: "custom", message: `only one of ${names} must be set`, params: { key } });
  }
}

/** The same, and a mistake where none of them is set. */
export function exactlyOne(written: unknown, fields: readonly string[], ctx: z.core.$RefinementCtx): void {
  atMostOne(written, fields, ctx);
  if (fieldsSet(written, fields).length > 0) return;
  ctx.addIssue({ code: "custom", message: `one of ${fields.map((field) => `'${field}'`).join(" or ")} must be set` });
}
