import { createHash, timingSafeEqual } from "node:crypto";
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { printable } from "../telemetry/printable.ts";
import type { AuthPort } from "../web/ports.ts";

const MAX_BYTES = 65_536;
const MAX_TOKENS = 500;
const LEAST_CHARACTERS = 20;
const LINE = /^([A-Za-z0-9][A-Za-z0-9._@-]{0,63}):(\S+)$/;
const OTHERS_READ = 0o004;

/** A token, as its hash: what is compared has one length and tells nothing of the text. */
interface ApiToken {
  readonly name: string;
  readonly hash: Buffer;
}

export type TokensRead =
  | { readonly kind: "tokens"; readonly tokens: readonly ApiToken[]; readonly warnings: readonly string[] }
  /** Each names the file and the line, never what stands there. */
  | { readonly kind: "mistakes"; readonly mistakes: readonly string[] };

/** Nobody may change anything: no tokens file is configured. */
export const NO_TOKENS: AuthPort = { check: async () => ({ kind: "disabled" }) };

/**
 * Accepts the tokens of a file, which is read anew for each check, so that a rotated one is taken up at once. While it cannot be
 * used no token is accepted.
 * @param unusable hears why it cannot be used, once until that changes
 */
export function tokensOf(path: string, unusable: (mistakes: readonly string[]) => void): AuthPort {
  let told = "";
  return {
    async check(bearer) {
      if (bearer === undefined) return { kind: "refused" };
      const read = await readApiTokens(path);
      const mistakes = read.kind === "mistakes" ? read.mistakes : [];
      const telling = mistakes.join("\n");
      if (telling !== told && telling !== "") unusable(mistakes);
      told = telling;
      if (read.kind === "mistakes") return { kind: "refused" };
      const who = ownerOf(bearer, read.tokens);
      return who === undefined ? { kind: "refused" } : { kind: "ok", who };
    },
  };
}

/** Reads a file of API tokens: lines of `name:token`, `#` begins a comment. */
export async function readApiTokens(path: string): Promise<TokensRead> {
  const file = JSON.stringify(printable(path, 300));
  try {
    const { text, mode } = await readBounded(path);
    const { tokens, mistakes } = parseTokens(text, file);
    if (mistakes.length > 0) return { kind: "mistakes", mistakes };
    const open = (mode & OTHERS_READ) !== 0;
    return {
      kind: "tokens",
      tokens,
      warnings: open ? [`Everybody on this machine can read the tokens in ${file}`] : [],
    };
  } catch (error) {
    const why = error instanceof RangeError ? error.message : ((error as NodeJS.ErrnoException).code ?? "an error");
    return { kind: "mistakes", mistakes: [`Cannot read API tokens from ${file}: ${why}`] };
  }
}

function parseTokens(
  text: string,
  file: string,
): { readonly tokens: readonly ApiToken[]; readonly mistakes: readonly string[] } {
  const tokens: ApiToken[] = [];
  const mistakes: string[] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    const written = line.trim();
    if (written === "" || written.startsWith("#")) continue;
    const why = take(written, tokens);
    if (why !== undefined) mistakes.push(`Cannot use line ${i + 1} of ${file}: ${why}`);
  }
  if (tokens.length === 0 && mistakes.length === 0) {
    mistakes.push(`Cannot use ${file}: expected lines of name:token, it has none`);
  }
  return { tokens, mistakes };
}

/** Adds a line's token; says what is wrong with it where it cannot be used. Nothing of the line is repeated: all of it may be secret. */
function take(line: string, tokens: ApiToken[]): string | undefined {
  const [, name, token] = LINE.exec(line) ?? [];
  if (name === undefined || token === undefined)
    return 'expected name:token, for example "ci:" and 40 random characters';
  if (token.length < LEAST_CHARACTERS) return `expected a token of at least ${LEAST_CHARACTERS} characters`;
  if (tokens.length >= MAX_TOKENS) return `expected ${MAX_TOKENS} tokens at most`;
  const hash = hashOf(token);
  if (tokens.some((known) => known.name === name)) return "expected another name, this one is taken";
  if (tokens.some((known) => known.hash.equals(hash))) return "expected another token, somebody has this one";
  tokens.push({ name, hash });
  return undefined;
}

/** Compares with every token in constant time, so that the time it takes says nothing of any. */
function ownerOf(bearer: string, tokens: readonly ApiToken[]): string | undefined {
  const hash = hashOf(bearer);
  let who: string | undefined;
  for (const token of tokens) if (timingSafeEqual(token.hash, hash)) who = token.name;
  return who;
}

const hashOf = (token: string): Buffer => createHash("sha256").update(token).digest();

/** @throws RangeError where the file is too big, or what reading throws */
async function readBounded(path: string): Promise<{ readonly text: string; readonly mode: number }> {
  // Without waiting for a writer: a pipe in its place must not hold up whoever asks.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const { mode } = await handle.stat();
    const buffer = Buffer.alloc(MAX_BYTES + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
      length += bytesRead;
      if (bytesRead === 0 || length > MAX_BYTES) break;
    }
    if (length > MAX_BYTES) throw new RangeError(`expected ${MAX_BYTES} bytes at most`);
    return { text: buffer.toString("utf8", 0, length), mode };
  } finally {
    await handle.close();
  }
}
