import fc from "fast-check";
import { expect, test } from "vitest";
import { RushRows } from "../../src/detectors/rush.ts";
import { SeasonRows } from "../../src/detectors/season.ts";
import { MONDAY } from "./subject.ts";

const HOUR = 3_600_000;
const WEEK = 7 * 24 * HOUR;
/** Summer time begins in the middle of the week. */
const offset = (at: number): number => (at < MONDAY + WEEK / 2 ? HOUR : 2 * HOUR);
const instants = fc.array(fc.integer({ min: MONDAY, max: MONDAY + WEEK }), { minLength: 1, maxLength: 20 });

test("what a profile says of an instant does not depend on the instants it was asked for before", () => {
  const season = new SeasonRows(offset);
  season.reset(0);
  for (let hour = 0; hour < 5 * 24; hour++) season.update(0, MONDAY + hour * HOUR, 10 + (hour % 24), 3600);
  const saved = season.save(0);
  fc.assert(
    fc.property(instants, (asked) => {
      for (const at of [...asked, asked[0]!]) {
        const fresh = new SeasonRows(offset);
        fresh.load(0, saved);
        expect([season.at(0, at), season.owns(0, at)]).toEqual([fresh.at(0, at), fresh.owns(0, at)]);
      }
    }),
  );
});

test("the hour of an instant does not depend on the instants that were asked for before", () => {
  const rush = new RushRows(offset);
  fc.assert(
    fc.property(instants, (asked) => {
      for (const at of [...asked, asked[0]!]) expect(rush.hour(at)).toBe(Math.floor((at + offset(at)) / HOUR));
    }),
  );
});
