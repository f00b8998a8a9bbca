import { expect, test } from "vitest";
import { Turns } from "../../../src/app/query/turns.ts";

/** What happened so far, once everything that can go on has. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("as many as are allowed go at a time, the others in the order in which they came", async () => {
  const turns = new Turns(2, 10);
  const log: string[] = [];
  const ends: (() => void)[] = [];
  for (const name of ["a", "b", "c", "d"]) {
    void turns.take().then((end) => {
      log.push(name);
      ends.push(end!);
    });
  }
  await settled();
  expect(log).toEqual(["a", "b"]);
  ends[1]!();
  await settled();
  expect(log).toEqual(["a", "b", "c"]);
  ends[0]!();
  ends[2]!();
  await settled();
  expect(log).toEqual(["a", "b", "c", "d"]);
  ends[3]!();
  expect([await turns.take(), await turns.take()]).toEqual([expect.any(Function), expect.any(Function)]);
});

test("who finds the line full is told at once", async () => {
  const turns = new Turns(1, 1);
  const end = await turns.take();
  const waiting = turns.take();
  expect(await turns.take()).toBeUndefined();
  end!();
  expect(await waiting).toBeDefined();
});
