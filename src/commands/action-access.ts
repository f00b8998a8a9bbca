import { resolve } from "node:path";
import type { Command } from "commander";
import type { ActionAccess } from "../app/post-action.ts";
import { UserMistake } from "../app/user-mistake.ts";
import { VERSION } from "./version.ts";

const DEFAULT_URL = "http://127.0.0.1:9464";
/** Where a pipeline keeps the token: a variable does not show in the list of processes, as an argument would. */
const TOKEN_VARIABLE = "TRITON_SENTINEL_TOKEN";

/** The flags of every verb that changes something in a running monitor. */
export interface AccessFlags {
  readonly url: string;
  readonly tokenFile?: string;
  readonly caFile?: string;
}

/** Gives a verb these flags. */
export const withAccess = (command: Command): Command =>
  command
    .option("--url <url>", "where triton-sentinel serves", DEFAULT_URL)
    .option("--token-file <file>", `file with an API token (default: the environment variable ${TOKEN_VARIABLE})`)
    .option("--ca-file <file>", "certificate authority of an https URL");

/** Where to ask, and as whom. @param what the verb would do @throws UserMistake without a token */
export function accessOf({ url, tokenFile, caFile }: AccessFlags, what: string): ActionAccess {
  const token = process.env[TOKEN_VARIABLE];
  if (tokenFile === undefined && token === undefined) {
    throw new UserMistake(`Cannot ${what} without a token: expected --token-file or ${TOKEN_VARIABLE}`);
  }
  return {
    url,
    token: tokenFile === undefined ? { text: token! } : { file: resolve(tokenFile) },
    ...(caFile !== undefined && { caFile: resolve(caFile) }),
    userAgent: `triton-sentinel/${VERSION}`,
  };
}
