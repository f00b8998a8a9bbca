import { createHash } from "node:crypto";
import { RE2JS } from "re2js";
import { Labels } from "../series/labels.ts";
import { Secret } from "../series/secret.ts";

/**
 * A text that is equal for options that say the same and for no others, in whatever order their fields stand; it tells secrets
 * apart without showing them.
 */
export function stableText(value: unknown): string {
  if (value instanceof Secret) return `secret:${createHash("sha256").update(value.reveal()).digest("base64")}`;
  if (value instanceof RE2JS) return `regex:${JSON.stringify(value.pattern())}`;
  if (value instanceof Labels) return `labels:${JSON.stringify(value.pairs)}`;
  if (Array.isArray(value)) return `[${value.map(stableText).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "undefined";
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${stableText(field)}`).join()}}`;
}
