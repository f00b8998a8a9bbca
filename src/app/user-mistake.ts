import type { Mistake } from "../documents/mistakes.ts";

/** Something the person at the keyboard can put right; shown without a stack, exit code 2. */
export class UserMistake extends Error {
  /** Each mistake with its place, where it is one of a file. */
  readonly mistakes: readonly Mistake[];

  constructor(message: string, mistakes: readonly Mistake[] = []) {
    super(message);
    this.mistakes = mistakes;
  }
}

/** What the work gives; where the user made a mistake its message goes on the list, and nothing is given. */
export async function kept<T>(work: Promise<T>, unreadable: string[]): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof UserMistake)) throw error;
    unreadable.push(error.message);
    return undefined;
  }
}
