import { Unprepared } from "../http/unprepared.ts";

/** What a secret or certificate file holds, or why it cannot be used; `why` names the file and shows nothing of it. */
export type Prepared<T> =
  | { readonly kind: "read"; readonly value: T }
  | { readonly kind: "unprepared"; readonly why: string };

/** Makes an outcome of a file that cannot be used: somebody may set it right while the message waits. */
export async function tryToRead<T>(reading: Promise<T>): Promise<Prepared<T>> {
  try {
    return { kind: "read", value: await reading };
  } catch (error) {
    if (error instanceof Unprepared) return { kind: "unprepared", why: error.message };
    throw error;
  }
}
