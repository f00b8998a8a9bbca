import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NO_TOKENS, readApiTokens, tokensOf } from "../../src/app/api-tokens.ts";

const CI = "ci-0123456789abcdefghij";
const OPS = "ops-0123456789abcdefghij";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tokens-"));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
async function fileOf(text: string | Buffer, mode = 0o600): Promise<string> {
  const path = join(folder, `tokens-${files++}`);
  await writeFile(path, text);
  await chmod(path, mode);
  return path;
}

describe("a tokens file", () => {
  test("names who may change something", async () => {
    const path = await fileOf(`# people\r\n\nops:${OPS}\r\n  ci:${CI}  \n`);
    const auth = tokensOf(path, () => {});
    expect(await auth.check(CI)).toEqual({ kind: "ok", who: "ci" });
    expect(await auth.check(OPS)).toEqual({ kind: "ok", who: "ops" });
    for (const wrong of [`${CI}x`, CI.slice(1), "", "ops", undefined]) {
      expect(await auth.check(wrong)).toEqual({ kind: "refused" });
    }
  });

  test("may have colons in its tokens", async () => {
    const auth = tokensOf(await fileOf("ci:a:b:0123456789abcdefghij\n"), () => {});
    expect(await auth.check("a:b:0123456789abcdefghij")).toEqual({ kind: "ok", who: "ci" });
  });

  test("is read anew when it changes", async () => {
    const path = await fileOf(`ci:${CI}\n`);
    const auth = tokensOf(path, () => {});
    expect(await auth.check(OPS)).toEqual({ kind: "refused" });
    await writeFile(path, `ci:${OPS}\n`);
    expect(await auth.check(OPS)).toEqual({ kind: "ok", who: "ci" });
    expect(await auth.check(CI)).toEqual({ kind: "refused" });
  });

  test("that cannot be used lets nobody in, and that is told once", async () => {
    const path = await fileOf(`ci:${CI}\n`);
    const told: (readonly string[])[] = [];
    const auth = tokensOf(path, (mistakes) => void told.push(mistakes));
    await rm(path);
    for (let i = 0; i < 3; i++) expect(await auth.check(CI)).toEqual({ kind: "refused" });
    expect(told).toEqual([[`Cannot read API tokens from "${path}": ENOENT`]]);
    await writeFile(path, `ci:${CI}\n`);
    expect(await auth.check(CI)).toEqual({ kind: "ok", who: "ci" });
    await rm(path);
    await auth.check(CI);
    expect(told.length).toBe(2);
  });

  test("has all its mistakes told by line, and nothing of what stands there", async () => {
    const path = await fileOf(`${CI}\nci:short\nci:${CI}\nci:${OPS}\nops:${CI}\na b:${OPS}\nx:${OPS} y\n`);
    const read = await readApiTokens(path);
    const line = (n: number, why: string) => `Cannot use line ${n} of "${path}": ${why}`;
    const shape = 'expected name:token, for example "ci:" and 40 random characters';
    expect(read).toEqual({
      kind: "mistakes",
      mistakes: [
        line(1, shape),
        line(2, "expected a token of at least 20 characters"),
        line(4, "expected another name, this one is taken"),
        line(5, "expected another token, somebody has this one"),
        line(6, shape),
        line(7, shape),
      ],
    });
    expect(JSON.stringify(read)).not.toMatch(/0123456789|short/);
  });

  test.each([
    ["", "expected lines of name:token, it has none"],
    ["# nobody\n", "expected lines of name:token, it has none"],
    ["x".repeat(70_000), "expected 65536 bytes at most"],
  ])("with %.20j is refused", async (text, why) => {
    const read = await readApiTokens(await fileOf(text));
    expect(read).toMatchObject({ kind: "mistakes", mistakes: [expect.stringContaining(why)] });
  });

  test("may have five hundred tokens", async () => {
    const text = Array.from({ length: 501 }, (_, i) => `n${i}:${OPS}${i}\n`).join("");
    expect(await readApiTokens(await fileOf(text))).toMatchObject({
      mistakes: [expect.stringContaining("line 501")],
    });
  });

  test("that everybody can read is warned of", async () => {
    const path = await fileOf(`ci:${CI}\n`, 0o644);
    expect(await readApiTokens(path)).toMatchObject({
      warnings: [`Everybody on this machine can read the tokens in "${path}"`],
    });
    expect(await readApiTokens(await fileOf(`ci:${CI}\n`))).toMatchObject({ warnings: [] });
  });
});

test("without a tokens file nothing may be changed", async () => {
  expect(await NO_TOKENS.check(CI)).toEqual({ kind: "disabled" });
});
