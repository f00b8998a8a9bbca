import fc from "fast-check";
import { expect, test } from "vitest";
import { printable } from "../../src/telemetry/printable.ts";

/** Any code point, also a lone surrogate, and often one that controls; fast-check's own take seconds to build. */
const anyChar = fc
  .oneof(fc.nat(0xa0), fc.constantFrom(0x2028, 0x2029, 0x202e), fc.nat(0x10ffff))
  .map((code) => String.fromCodePoint(code));

test.each([
  ["plain text, ünïcode, 模型", "plain text, ünïcode, 模型"],
  ["evil\n<!channel>", "evil\\n<!channel>"],
  ["\u001b[31mred\r\t", "\\u001b[31mred\\r\\t"],
  ["\u202egnp.exe\ufeff", "\\u202egnp.exe\\ufeff"],
])("%j becomes %j", (text, expected) => {
  expect(printable(text)).toBe(expected);
});

test("any text becomes one bounded line", () => {
  fc.assert(
    fc.property(fc.string({ unit: anyChar, maxLength: 50 }), (text) => {
      expect(printable(text, 20)).toMatch(/^[^\p{Cc}\u2028\u2029]{0,121}$/u);
    }),
  );
});
