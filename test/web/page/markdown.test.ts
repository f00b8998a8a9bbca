import fc from "fast-check";
import { expect, test } from "vitest";
import { markdown } from "../../../src/web/page/markdown.ts";

const rendered = (text: string): string =>
  markdown(text)
    .map((block) => block.text)
    .join("");

test.each([
  ["# Title", "<h1>Title</h1>\n"],
  ["## `code` **strong** *em*", "<h2><code>code</code> <strong>strong</strong> <em>em</em></h2>\n"],
  ["one\ntwo\n\nthree", "<p>one two</p>\n<p>three</p>\n"],
  ["- a\n  b\n- c", "<ul><li>a b</li>\n<li>c</li>\n</ul>\n"],
  ["1. a\n2. b", "<ol><li>a</li>\n<li>b</li>\n</ol>\n"],
  ["```sh\na <b>\n  c\n```\n", '<pre tabindex="0"><code>a &lt;b&gt;\n  c\n</code></pre>\n'],
  ["[x](Other.md)", '<p><a href="Other">x</a></p>\n'],
  ["[x](https://a.example/?a&b)", '<p><a href="https://a.example/?a&amp;b" rel="noreferrer noopener">x</a></p>\n'],
  ["[x](javascript:alert)", "<p>x</p>\n"],
  ["[x](../secret.md)", "<p>x</p>\n"],
  [
    "| a | b |\n|---|---|\n| `c` | d |",
    '<table class="plain"><thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead>\n<tbody>\n<tr><td><code>c</code></td><td>d</td></tr>\n</tbody></table>\n',
  ],
])("%j", (text, html) => {
  expect(rendered(text)).toBe(html);
});

test("no text makes HTML of its own", () => {
  const pieces = fc.constantFrom(
    "<",
    ">",
    '"',
    "'",
    "`",
    "**",
    "*",
    "[x](",
    ")",
    "# ",
    "- ",
    "```\n",
    "\n\n",
    "|",
    "|---|",
    "a",
    "https://",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
      const left = rendered(parts.join("")).replace(
        /<\/?(?:h1|h2|p|ul|ol|li|pre tabindex="0"|pre|code|strong|em|table class="plain"|table|thead|tbody|tr|th scope="col"|th|td|a href="[^"<>]*"(?: rel="noreferrer noopener")?|a)>/g,
        "",
      );
      return !/[<>"]/.test(left);
    }),
  );
});
