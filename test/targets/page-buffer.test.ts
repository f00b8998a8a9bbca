import { expect, test } from "vitest";
import { PageBuffer } from "../../src/targets/page-buffer.ts";

const chunk = (size: number) => new Uint8Array(size).fill(7);

test("what is appended stands in order, over any growth", () => {
  const buffer = new PageBuffer();
  buffer.append(Uint8Array.of(1, 2));
  buffer.append(chunk(100_000));
  buffer.append(Uint8Array.of(3));
  expect(buffer.length).toBe(100_003);
  expect([buffer.bytes[0], buffer.bytes[1], buffer.bytes[2], buffer.bytes[100_002]]).toEqual([1, 2, 7, 3]);
});

test("pages of like size share one memory", () => {
  const buffer = new PageBuffer();
  buffer.append(chunk(2_000_000));
  const { bytes } = buffer;
  buffer.clear();
  buffer.append(chunk(1_900_000));
  expect(buffer.bytes).toBe(bytes);
});

test("the memory of one huge page is given back once pages are small again", () => {
  const buffer = new PageBuffer();
  for (const size of [30_000_000, 30_000, 30_000]) {
    buffer.clear();
    buffer.append(chunk(size));
  }
  expect(buffer.bytes.length).toBeLessThan(100_000);
});
