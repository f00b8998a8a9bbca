import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { readRunbooks } from "./views/runbooks.ts";

/** The runbooks that ship with the program, beside `dist/`. */
const FOLDER = resolve(fileURLToPath(import.meta.url), "../../../docs/runbooks");

/** The packaged runbooks by the names of their alerts. */
export const readPackagedRunbooks = (): Promise<ReadonlyMap<string, string>> => readRunbooks(FOLDER);
