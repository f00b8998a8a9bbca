import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import type { Transition } from "../../src/alerts/types.ts";
import { replay } from "../../src/app/replay.ts";
import { readSettings } from "../../src/app/settings.ts";
import { expectations, judge } from "./expectations.ts";

const directory = mkdtempSync(join(tmpdir(), "recordings-"));
afterAll(() => rmSync(directory, { recursive: true }));

describe("the packaged rules on real recordings fire for what was done to the server, and for nothing else", () => {
  test.each([...expectations.keys()])("%s", async (key) => {
    const { file, start } = thinned(key);
    const transitions: Transition[] = [];
    await replay(await readSettings({ urls: [] }), [file], (event) => {
      expect(event.kind).not.toMatch(/^(bug|rule-failed|alerts-cut)$/);
      if (event.kind === "transition") transitions.push(event.transition);
    });
    expect(judge(expectations.get(key)!, transitions, start)).toEqual([]);
  });
});

/** A recording of which every n-th scrape is left, where the key says so. */
function thinned(key: string): { readonly file: string; readonly start: number } {
  const [name, every = "1"] = key.split("/");
  const packed = readFileSync(new URL(`../fixtures/recordings/${name}.jsonl.gz`, import.meta.url));
  const lines = gunzipSync(packed).toString().trimEnd().split("\n");
  const file = join(directory, `${name}-${every}.jsonl`);
  writeFileSync(file, `${lines.filter((_, i) => i % Number(every) === 0).join("\n")}\n`);
  return { file, start: JSON.parse(lines[0]!).t };
}
