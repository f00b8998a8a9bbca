import { describe, expect, test } from "vitest";
import { chooseSubject, parseSubject } from "../../../src/app/explain/choose-subject.ts";
import { UserMistake } from "../../../src/app/user-mistake.ts";
import { Labels } from "../../../src/series/labels.ts";
import { formatMatcher } from "../../../src/series/matchers.ts";

const SUBJECTS = [
  { labels: Labels.of({ instance: "a:1", model: "bert", version: "1" }) },
  { labels: Labels.of({ instance: "a:1", model: "bert", version: "2" }) },
  { labels: Labels.of({ instance: "a:1", model: "x\u001b[31m,y", version: "1" }) },
];

const choose = (subject: string, subjects = SUBJECTS) =>
  chooseSubject(subjects, { rule: "R", subject, matchers: parseSubject(subject) });

describe("which subject is meant", () => {
  test.each([
    ["model=bert", ['model="bert"']],
    [" model = bert , version=1", ['model="bert"', 'version="1"']],
    ["model=a=b", ['model="a=b"']],
    ['model="bert"', ['model="\\"bert\\""']],
    ["model=a,version=", ['model="a"', 'version=""']],
    ['{model=~"be.*", version!="2"}', ['model=~"be.*"', 'version!="2"']],
  ])("can be written as %s", (text, matchers) => {
    expect(parseSubject(text).map(formatMatcher)).toEqual(matchers);
  });

  test.each(["", "bert", "model=", "model=a,", "mo del=a", "{model=}", "{model", "=a", '{model="a"} or x'])(
    "cannot be written as %j",
    (text) => {
      expect(() => parseSubject(text)).toThrow(UserMistake);
      expect(() => parseSubject(text)).toThrow(
        `Cannot read subject ${JSON.stringify(text)}: expected labels, for example "model=bert,version=1"`,
      );
    },
  );

  test("must be one: of several they are listed", () => {
    expect(choose("model=bert,version=2")).toBe(SUBJECTS[1]);
    expect(choose('{model="x\\u001b[31m,y"}')).toBe(SUBJECTS[2]);
    expect(() => choose("model=bert")).toThrow(
      `Cannot explain subject "model=bert" of R: expected one subject, it matches 2:
  {instance="a:1", model="bert", version="1"}
  {instance="a:1", model="bert", version="2"}`,
    );
  });

  test("must be there: where it is not, some that are there are listed, harmlessly", () => {
    expect(() => choose("model=none")).toThrow('  {instance="a:1", model="x\\u001b[31m,y", version="1"}');
    const many = Array.from({ length: 30 }, (_, i) => ({ labels: Labels.of({ model: `m${i}` }) }));
    expect(() => choose("model=none", many)).toThrow(
      /the rule watches 30:\n(?: {2}\{model="m\d+"\}\n){8} {2}… 22 more$/,
    );
    expect(() => choose("model=none", [])).toThrow(
      'Cannot explain subject "model=none" of R: the rule has watched nothing',
    );
  });
});
