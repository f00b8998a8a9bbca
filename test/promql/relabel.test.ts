import { expect, test } from "vitest";
import { ask, MemorySource } from "./memory-source.ts";

const source = new MemorySource().load(1, 'm{a="foo-bar", b="x\\ny"}', "1");
const LABELS = 'a="foo-bar", b="x\\ny"';

test.each([
  ['label_replace(m, "c", "$1", "a", "(.*)-.*")', `m{${LABELS}, c="foo"}`],
  [`label_replace(m, "c", "$2$$\${1}!", "a", "(.*)-(.*)")`, `m{${LABELS}, c="bar$foo!"}`],
  [`label_replace(m, "c", "\${first}", "a", "(?P<first>.*)-.*")`, `m{${LABELS}, c="foo"}`],
  ['label_replace(m, "c", "[$1x][$9][$first]", "a", "(.*)-.*")', `m{${LABELS}, c="[][][]"}`],
  ['label_replace(m, "c", "$", "a", ".*")', `m{${LABELS}, c="$"}`],
  ['label_replace(m, "c", "whole", "b", "x.y")', `m{${LABELS}, c="whole"}`],
  ['label_replace(m, "c", "part", "a", "foo")', `m{${LABELS}}`],
  ['label_replace(m, "c", "either", "a", "foo|.*bar")', `m{${LABELS}, c="either"}`],
  ['label_replace(m, "a", "", "a", ".*")', 'm{b="x\\ny"}'],
  ['label_replace(m, "__name__", "n", "missing", "")', `n{${LABELS}}`],
  ['label_replace(m, "__proto__", "p", "a", ".*")', `m{__proto__="p", ${LABELS}}`],
  [`label_replace(m, "c", "\${__proto__}\${constructor}", "a", ".*")`, `m{${LABELS}}`],
  ['label_join(m, "c", ", ", "a", "missing", "a")', `m{${LABELS}, c="foo-bar, , foo-bar"}`],
  ['label_join(m, "a", "-")', 'm{b="x\\ny"}'],
])("%s gives %s", (text, labels) => {
  expect(ask(source, text, 0)).toEqual([`${labels} 1`]);
});

test("two series that become one are a mistake", () => {
  const two = new MemorySource().load(1, 'm{a="1"}', "1").load(1, 'm{a="2"}', "2");
  expect(() => ask(two, 'label_replace(m, "a", "x", "a", ".*")', 0)).toThrow(/^Cannot build the result: two elements/);
  expect(() => ask(two, 'label_join(m, "a", "")', 0)).toThrow(/^Cannot build the result: two elements/);
});
