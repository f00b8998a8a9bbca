import type { MetricType, PageProblemKind } from "./page.ts";

/** What is wrong with a line's place on the page. */
export interface Misplacement {
  readonly kind: PageProblemKind & ("conflicting-type" | "outside-family");
  readonly why: string;
}

const OTHER_TYPE: Misplacement = { kind: "conflicting-type", why: "the family was declared with another type before" };
const REOPENED: Misplacement = { kind: "outside-family", why: "the family's block was closed before" };
const OUTSIDE: Misplacement = { kind: "outside-family", why: "the sample stands outside its family's block" };

/**
 * Which family a page's lines belong to. Triton escapes no HELP text, so a backend that describes its metric in several
 * lines can write samples of other families; they show as samples outside their block.
 *
 * HELP and TYPE open a family's block; it lasts to the next HELP or TYPE. Samples are judged only by a TYPE that stands
 * above them: a page without declarations has no misplaced samples. `x_sum` and `x_count` belong to a histogram or summary
 * `x`, `x_bucket` to a histogram, unless a family of just that name is declared (as `nv_inference_count` is) and `x` is not
 * the open block.
 */
export class Families {
  readonly #types = new Map<string, MetricType>();
  #open = "";
  /** The sample name judged last, with what came of it: most samples have the name of the one above. */
  #lastName = "";
  #lastType: MetricType | undefined;
  #lastVerdict: Misplacement | undefined;

  /** Families declared by TYPE so far. */
  get size(): number {
    return this.#types.size;
  }

  /** The declared type of the family of the sample judged last. */
  get type(): MetricType | undefined {
    return this.#lastType;
  }

  /** Forgets the page. */
  clear(): void {
    this.#types.clear();
    this.#enter("");
  }

  help(family: string): Misplacement | undefined {
    const reopened = family !== this.#open && this.#types.has(family);
    this.#enter(family);
    return reopened ? REOPENED : undefined;
  }

  declare(family: string, type: MetricType): Misplacement | undefined {
    const before = this.#types.get(family);
    const reopened = before !== undefined && family !== this.#open;
    if (before === undefined) this.#types.set(family, type);
    this.#enter(family);
    if (before !== undefined && before !== type) return OTHER_TYPE;
    return reopened ? REOPENED : undefined;
  }

  /** Judges a sample by its metric name. */
  sample(name: string): Misplacement | undefined {
    if (name === this.#lastName) return this.#lastVerdict;
    const family = this.#familyOf(name);
    this.#lastName = name;
    this.#lastType = family === undefined ? undefined : this.#types.get(family);
    this.#lastVerdict = family === undefined || family === this.#open ? undefined : OUTSIDE;
    return this.#lastVerdict;
  }

  #enter(family: string): void {
    this.#open = family;
    this.#lastName = "";
    this.#lastType = undefined;
    this.#lastVerdict = undefined;
  }

  /** The declared family a sample name belongs to: the open one if it can, else the one of that name, else of its stem. */
  #familyOf(name: string): string | undefined {
    const stem = this.#stemOf(name);
    if (stem !== undefined && stem === this.#open) return stem;
    return this.#types.has(name) ? name : stem;
  }

  /** The declared histogram or summary of which a sample of this name is a part. */
  #stemOf(name: string): string | undefined {
    const cut = name.lastIndexOf("_");
    if (cut <= 0) return undefined;
    const suffix = name.slice(cut);
    if (suffix !== "_bucket" && suffix !== "_sum" && suffix !== "_count") return undefined;
    const stem = name.slice(0, cut);
    const type = this.#types.get(stem);
    return type === "histogram" || (type === "summary" && suffix !== "_bucket") ? stem : undefined;
  }
}
