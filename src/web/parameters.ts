import { printable } from "../telemetry/printable.ts";

/** Characters of one parameter, and how often one that may be repeated is read. */
const LONGEST = 2_000;
const MOST = 100;

/** One query parameter: how it is described and how it is read. */
export interface Parameter<T> {
  readonly about: string;
  /** JSON Schema of one value. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly repeated: boolean;
  /** Characters, where it may have more than others. */
  readonly longest?: number;
  /** What its absence means. */
  readonly absent: T;
  /** @throws RangeError saying what is expected */
  read(texts: readonly [string, ...string[]]): T;
}

export type Parameters = Readonly<Record<string, Parameter<unknown>>>;

/** The values of a set of parameters. */
export type Values<P extends Parameters> = {
  readonly [Name in keyof P]: P[Name] extends Parameter<infer T> ? T : never;
};

/** A text as it is. */
export const text = (about: string): Parameter<string | undefined> => ({
  about,
  schema: { type: "string" },
  repeated: false,
  absent: undefined,
  read: ([written]) => written,
});

/** Texts as they are; the parameter may be repeated. */
export const texts = (about: string): Parameter<readonly string[]> => ({
  about,
  schema: { type: "string" },
  repeated: true,
  absent: [],
  read: (written) => written,
});

/** `true` or `false`, or 1 or 0. */
export const flag = (about: string): Parameter<boolean> => ({
  about,
  schema: { type: "boolean", default: false },
  repeated: false,
  absent: false,
  read: ([written]) => {
    if (written === "true" || written === "1") return true;
    if (written === "false" || written === "0") return false;
    throw new RangeError('expected "true" or "false"');
  },
});

/** One of a few words. */
export const choice = <W extends string>(about: string, words: readonly W[], absent: W): Parameter<W> => ({
  about,
  schema: { type: "string", enum: words, default: absent },
  repeated: false,
  absent,
  read: ([written]) => {
    const found = words.find((word) => word === written);
    if (found === undefined) throw new RangeError(`expected ${words.map((word) => `"${word}"`).join(", ")}`);
    return found;
  },
});

/** A whole number in [least, most]. */
export function count<T extends number | undefined>(
  about: string,
  { least, most, absent }: { readonly least: number; readonly most: number; readonly absent: T },
): Parameter<number | T> {
  return {
    about,
    schema: { type: "integer", minimum: least, maximum: most, ...(absent !== undefined && { default: absent }) },
    repeated: false,
    absent,
    read: ([written]) => {
      const found = Number(written);
      if (/^\d{1,16}$/.test(written) && found >= least && found <= most) return found;
      throw new RangeError(`expected a whole number from ${least} to ${most}`);
    },
  };
}

/**
 * Reads a request's query; what nobody asks for is ignored, as in Prometheus.
 * @throws RangeError naming the parameter and what is expected of it
 */
export function readQuery<P extends Parameters>(parameters: P, query: Readonly<Record<string, unknown>>): Values<P> {
  const values = Object.entries(parameters).map(([name, parameter]) => {
    const written = textsOf(query[name]);
    const [first, ...more] = written;
    if (first === undefined) return [name, parameter.absent] as const;
    const refuse = (why: string, value = first) =>
      new RangeError(`Cannot use parameter ${name}=${JSON.stringify(printable(value, 100))}: ${why}`);
    if (more.length > 0 && !parameter.repeated) throw refuse("expected it once");
    if (written.length > MOST) throw refuse(`expected it ${MOST} times at most`);
    const { longest = LONGEST } = parameter;
    const long = written.find((value) => value.length > longest);
    if (long !== undefined) throw refuse(`expected ${longest} characters at most`, long);
    try {
      return [name, parameter.read([first, ...more])] as const;
    } catch (error) {
      if (error instanceof RangeError) throw refuse(error.message);
      throw error;
    }
  });
  return Object.fromEntries(values) as Values<P>;
}

const textsOf = (found: unknown): readonly string[] =>
  typeof found === "string" ? [found] : Array.isArray(found) ? (found as readonly string[]) : [];
