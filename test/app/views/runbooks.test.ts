import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readRunbooks } from "../../../src/app/views/runbooks.ts";

test("every packaged runbook is read under its alert's name; no folder, no runbooks", async () => {
  const books = await readRunbooks(fileURLToPath(new URL("../../../docs/runbooks", import.meta.url)));
  expect(books.get("TritonModelReloaded")).toMatch(/^# TritonModelReloaded\n/);
  expect(books.size).toBeGreaterThan(15);
  expect(await readRunbooks("/nowhere")).toEqual(new Map());
});
