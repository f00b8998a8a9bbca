import fc from "fast-check";
import { expect, test } from "vitest";
import { formatSize, parseSize } from "../../src/config/size.ts";

test("a size is written so that it reads back the same", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999_999_999_999 }), (bytes) => parseSize(formatSize(bytes)) === bytes),
  );
  expect([1, 1024, 1500, 32 * 1024 ** 2, 1024 ** 3].map(formatSize)).toEqual(["1B", "1KiB", "1500B", "32MiB", "1GiB"]);
});
