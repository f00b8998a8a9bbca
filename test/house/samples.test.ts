import { expect, test } from "vitest";
import type { Transition } from "../../src/alerts/types.ts";
import { replay } from "../../src/app/replay.ts";
import { readSettings } from "../../src/app/settings.ts";
import { summaryText, transitionText } from "../../src/commands/lines.ts";
import { textOf } from "./sources.ts";

/** What the packaged rules say of a recording, and the lines that `replay` prints. */
async function replayed(name: string) {
  const transitions: Transition[] = [];
  const settings = await readSettings({ urls: [] });
  const summary = await replay(settings, [`test/fixtures/recordings/${name}.jsonl.gz`], (event) => {
    if (event.kind === "transition") transitions.push(event.transition);
  });
  return { transitions, lines: [...transitions.map(transitionText), summaryText(summary)] };
}

const fuzz = replayed("fuzz");

test("the replay that the README shows is what the program prints", async () => {
  const [, shown = ""] = /^\$ triton-sentinel replay slow\.jsonl\.gz\n([\s\S]*?)^```$/m.exec(textOf("README.md")) ?? [];
  expect(shown).toBe(`${(await replayed("slow")).lines.join("\n")}\n`);
});

test.each(["README.md", "docs/decisions/evidence-sentence.md"])(
  "the sentence that %s quotes was said of recorded traffic",
  async (path) => {
    const [, quoted = ""] = /^> (Seen: .*(?:\n> .*)*)$/m.exec(textOf(path)) ?? [];
    const sentence = quoted.replaceAll("\n> ", " ");
    const { transitions } = await fuzz;
    const said = transitions.flatMap(({ annotations }) => /Seen: .*$/.exec(annotations["description"] ?? "") ?? []);
    expect(said).toContain(sentence);
  },
);

test("the evidence that docs/detection.md shows was found in recorded traffic", async () => {
  const [, shown = "{}"] = /^## Evidence\n+```json\n([\s\S]*?)^```$/m.exec(textOf("docs/detection.md")) ?? [];
  const { transitions } = await fuzz;
  expect(transitions.map(({ evidence }) => evidence)).toContainEqual(JSON.parse(shown));
});
