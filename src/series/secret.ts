/** A text that must not be seen: wherever it is printed, logged or serialised it reads `<secret>`. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself, for whoever sends it. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return HIDDEN;
  }
}

/** What stands where a secret would. */
export const HIDDEN = "<secret>";

/** A secret as a configuration gives it: written out (from the environment, say), or in a file that is read anew each time. */
export type SecretSource =
  | { readonly kind: "inline"; readonly secret: Secret }
  /** An absolute path. */
  | { readonly kind: "file"; readonly path: string };
