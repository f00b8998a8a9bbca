import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/load-config.ts";
import { loadRules } from "../../src/rules/load.ts";
import { filesUnder, textOf } from "./sources.ts";

interface Example {
  readonly name: string;
  readonly text: string;
}

const examples: readonly Example[] = ["README.md", ...filesUnder("docs", "**/*.md")].flatMap((path) =>
  [...textOf(path).matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text], i) => ({
    name: `${path}, example ${i + 1}`,
    text: text!,
  })),
);
const isConfig = ({ text }: Example): boolean =>
  /^(global|scrape_configs|alerting|outputs|sensitivity|web):/m.test(text);

/** Where a document shows less than a file, the rest of one around it. */
function asRuleFile(text: string): string {
  if (/^(groups|overrides):/m.test(text)) return text;
  const indented = (by: string): string => text.replace(/^(?=.)/gm, by);
  if (text.startsWith("- ")) return `groups:\n  - name: example\n    rules:\n${indented("      ")}`;
  return `groups:\n  - name: example\n    rules:\n      - alert: Example\n        expr: up == 0\n${indented("      ")}`;
}

test.each(examples.filter(isConfig))("$name is a configuration without mistakes", ({ text }) => {
  expect(loadConfig("example.yml", text, new Map())).toMatchObject({ kind: "ok" });
});

test.each(examples.filter((example) => !isConfig(example)))("$name is a rule file without mistakes", ({ text }) => {
  const packaged = { file: "rules/triton.yml", text: textOf("rules/triton.yml") };
  expect(loadRules([packaged, { file: "example.yml", text: asRuleFile(text) }]).mistakes).toEqual([]);
});

test("there are examples of both", () => {
  expect(examples.filter(isConfig).length).toBeGreaterThan(1);
  expect(examples.length).toBeGreaterThan(10);
});
