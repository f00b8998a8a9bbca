import { expect, test } from "vitest";
import { Labels } from "../../src/series/labels.ts";
import { Secret } from "../../src/series/secret.ts";
import { stableText } from "../../src/targets/stable-text.ts";
import { jobOf, ruleOf } from "./job-of.ts";

const secret = (text: string) => ({ password: new Secret(text) });

test("options that say the same have the same text, in whatever order", () => {
  expect(stableText({ a: 1, b: { c: [2, undefined] } })).toBe(
    stableText({ b: { c: [2, undefined] }, a: 1, d: undefined }),
  );
  const job = () => jobOf({ relabel: [ruleOf({ regex: "a" })] });
  expect(stableText(job())).toBe(stableText(job()));
});

test.each<[unknown, unknown]>([
  [{ a: 1 }, { a: "1" }],
  [["a,b"], ["a", "b"]],
  [Labels.of({ a: "b" }), { a: "b" }],
  [secret("one"), secret("two")],
  [jobOf({ relabel: [ruleOf({ regex: "a" })] }), jobOf({ relabel: [ruleOf({ regex: "b" })] })],
])("options that differ differ in their texts", (a, b) => {
  expect(stableText(a)).not.toBe(stableText(b));
});

test("a secret is not shown", () => {
  expect(stableText(secret("hunter2"))).not.toContain("hunter2");
});
