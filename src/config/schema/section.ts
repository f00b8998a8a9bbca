import { z } from "zod";

type Camel<S extends string> = S extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : S;

/** The fields of a section by the names the program uses: `scrape_interval` becomes `scrapeInterval`. */
export type CamelKeys<T> = { readonly [K in keyof T as K extends string ? Camel<K> : K]: T[K] };

/** The fields of a section without those of which nothing was said. */
type Said<T> = { readonly [K in keyof T]: Exclude<T[K], undefined> };

/** A section of the config: people write its fields in snake case, the program reads them in camel case. */
export function section<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape).transform(camelKeys);
}

/** Renames the fields of an object, not those of objects in it. */
export function camelKeys<T extends object>(written: T): CamelKeys<T> {
  const renamed = Object.entries(written).map(([name, value]) => {
    return [name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), value] as const;
  });
  return Object.fromEntries(renamed) as CamelKeys<T>;
}

/** Leaves out fields that are undefined: the program tells "not said" by a field's absence. */
export function said<T extends object>(fields: T): Said<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Said<T>;
}
