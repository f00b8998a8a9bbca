import fc from "fast-check";
import { expect, test } from "vitest";
import { age, bytes } from "../../../src/web/page/format.ts";
import { Html, html, lines } from "../../../src/web/page/html.ts";

test("texts are escaped, HTML is not, and nothing is nothing", () => {
  const parts = html`<p title="${`"'`}">${"<b>&"}${html`<i>${1}</i>`}${undefined}${false}${["x", ["<"]]}</p>`;
  expect(parts.text).toBe('<p title="&quot;&#39;">&lt;b&gt;&amp;<i>1</i>x&lt;</p>');
});

test("no text gets out of an attribute or makes a tag", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const [, inside] = /^<p title="([^"<>]*)">[^<>]*<\/p>$/su.exec(html`<p title="${text}">${text}</p>`.text) ?? [];
      return inside !== undefined;
    }),
  );
});

test("lines stay lines and nothing else gets through", () => {
  expect(html`${lines("\n a\nb\r<c>\n")}`.text).toBe("a\nb\\r&lt;c&gt;");
  expect(new Html("<b>").text).toBe("<b>");
});

test.each([
  ["2026-11-23T07:59:59.500Z", "0s"],
  ["2026-11-23T07:58:55.000Z", "1m 5s"],
  ["2026-11-20T05:00:00.000Z", "3d 3h"],
  ["2026-11-23T07:00:00.000Z", "1h"],
  ["2027-01-01T00:00:00.000Z", "0s"],
])("%s was %s ago", (at, text) => {
  expect(age(at, "2026-11-23T08:00:00.000Z")).toBe(text);
});

test.each([
  [0, "0 B"],
  [1_023, "1020 B"],
  [1_536, "1.5 KiB"],
  [80 * 2 ** 20, "80 MiB"],
])("%i bytes are %s", (n, text) => {
  expect(bytes(n)).toBe(text);
});
