import { PRELUDE } from "./ast.ts";

/** The variables of one template, the rule's text or a `define`, and what its dot is. */
export class Scope {
  /** The text of the rule itself, which has the prelude's variables and whose `$` is the data. */
  readonly isMain: boolean;
  /** Whether `.` is still what the template was given, and not what a `with` or `range` made of it. */
  dotIsGiven = true;
  /** How many `range` the parser stands within. */
  ranges = 0;
  /** Names in scope and their slots, innermost last. */
  readonly #names: [name: string, slot: number][];
  #slots: number;

  constructor(isMain: boolean) {
    this.isMain = isMain;
    this.#names = (isMain ? PRELUDE : ["$"]).map((name, slot) => [name, slot]);
    this.#slots = this.#names.length;
  }

  /** Variables to keep room for. */
  get slots(): number {
    return this.#slots;
  }

  declare(name: string): number {
    const slot = this.#slots++;
    this.#names.push([name, slot]);
    return slot;
  }

  /** The slot of the innermost variable of this name. */
  find(name: string): number | undefined {
    return this.#names.findLast(([known]) => known === name)?.[1];
  }

  /** What is declared within is forgotten afterwards. */
  within<T>(read: () => T): T {
    const count = this.#names.length;
    const result = read();
    this.#names.length = count;
    return result;
  }
}
