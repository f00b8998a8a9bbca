import fc from "fast-check";
import { expect, test } from "vitest";
import { source } from "../../../src/documents/source.ts";
import { lintComments } from "../../../src/rules/lint/comments.ts";
import { linted } from "./lint.ts";

const RULE = "- alert: A\n  expr: up == 0\n  labels: { severity: critical }\n  annotations: { summary: x }\n";
const of = (text: string): readonly string[] => linted(text).map((line) => line.replace(/^(\S+) \w+ /, "$1 "));
const RUNBOOK = expect.stringMatching(/^\d+:\d+ missing-runbook: /);

test.each([
  ["before the rule", `# lint:ignore missing-runbook: none is needed\n${RULE}`],
  ["in the rule", RULE.replace("labels", "# lint:ignore missing-runbook: none is needed\n  labels")],
  ["at the end of a line of the rule", RULE.replace("== 0", "== 0 # lint:ignore missing-runbook: none is needed")],
  ["without spaces", `#lint:ignore missing-runbook:none\n${RULE}`],
  ["with other comments around it", `# one\n# lint:ignore missing-runbook: none is needed\n# two\n${RULE}`],
])("a comment %s switches a lint off for the rule", (_where, text) => {
  expect(of(text)).toEqual([]);
});

test("a comment is for the rule it stands in, or else for the next one", () => {
  const second = RULE.replace("alert: A", "alert: B").replace("== 0", "== 1");
  const [first, ...rest] = of(`${RULE}# lint:ignore missing-runbook: none is needed\n${second}`);
  expect(first).toMatch(/^4:12 missing-runbook: .*"A"/);
  expect(rest).toEqual([]);
});

test("a comment at the top of a file is for all its rules, further down it is told", () => {
  const second = RULE.replace("alert: A", "alert: B").replace("== 0", "== 1");
  const groups = `groups:\n- name: g\n  rules:\n${(RULE + second).replace(/^(?=.)/gm, "  ")}`;
  const comment = "# lint:ignore-file missing-runbook: written in our wiki\n";
  expect(of(`# what this file is\n${comment}${groups}`)).toEqual([]);
  expect(of(groups.replace("- name", `${comment}- name`))).toEqual([
    expect.stringMatching(/^2:1 ignore-comment: .*expected the comment at the top$/),
    RUNBOOK,
    RUNBOOK,
  ]);
});

test("a comment beside an override is for the rules it changes", () => {
  const pack = `groups:\n- name: g\n  rules:\n${RULE.replace(/^(?=.)/gm, "  ")}`;
  const override = (comment: string) => `overrides:\n${comment}- alert: A\n  set: { for: 1s }\n`;
  const told = (comment: string) => linted(override(comment), {}, pack).map((line) => line.replace(/: .*/, ""));
  expect(told("")).toEqual(["3:15 warning short-for"]);
  expect(told("# lint:ignore short-for: jitter is welcome\n")).toEqual([]);
});

test.each([
  ["# lint:ignore missing-runbook", /^4:3 ignore-comment: Cannot ignore missing-runbook without a reason/],
  ["# lint:ignore", /^4:3 ignore-comment: Cannot ignore a lint without its id/],
  ["# lint:ignore missing-runbok: x", /no such lint, did you mean "missing-runbook"\?$/],
  ["# lint:ignore ignore-comment: x", /no such lint/],
])("%s is told and ignores nothing", (comment, message) => {
  expect(of(`${comment}\n${RULE}`)).toEqual([expect.stringMatching(message), RUNBOOK]);
});

test("a comment that ignores nothing is told", () => {
  expect(of(`# lint:ignore missing-runbook: x\n# lint:ignore short-for: x\n${RULE}`)).toEqual([
    "5:3 ignore-comment: this comment ignores nothing: short-for has nothing to say here",
  ]);
  expect(of(`${RULE}# lint:ignore missing-runbook: x\n`)).toEqual([RUNBOOK, expect.stringMatching(/ignores nothing/)]);
});

test("an ignored lint that has not run is not held against the comment", () => {
  expect(of(`# lint:ignore missing-runbook: x\n# lint:ignore unused-exception: x\n${RULE}`)).toEqual([]);
});

test("what looks like a comment within a text is a text", () => {
  const text = RULE.replace("summary: x", "summary: '# lint:ignore missing-runbook: x'");
  expect(of(text)).toEqual([RUNBOOK]);
  const block = RULE.replace("up == 0", "|\n    # lint:ignore missing-runbook: x\n    up == 0");
  expect(of(block)).toEqual([RUNBOOK]);
});

test("comments are found where they stand, whatever is around them", () => {
  const piece = fc.constantFrom(
    "a: b\n",
    "- 'x # y'\n",
    "# z\n",
    "|\n # q\n",
    '"\\n"\n',
    "{a: [1, 2]}\n",
    "\t",
    "é😀: 1\n",
    "---\n",
    "%",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (before) => {
      const text = `${before.join("")}\n# lint:ignore x: y\n`;
      for (const { from, to } of lintComments(source("a.yml", text))) {
        expect(text.slice(from, to)).toMatch(/^# lint:ignore x: y$/);
      }
    }),
  );
});
