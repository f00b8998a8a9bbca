import { expect, test } from "vitest";
import { evaluation } from "../../../src/config/schema/evaluation.ts";

const mistake = (written: object): string | undefined => evaluation.safeParse(written).error?.issues[0]?.message;

test("a time zone is told in its usual spelling", () => {
  expect(evaluation.parse({ time_zone: "europe/berlin" }).timeZone).toBe("Europe/Berlin");
  expect(mistake({ time_zone: "Europe/Berln" })).toBe(
    'Cannot use time zone "Europe/Berln": expected an IANA name, did you mean "Europe/Berlin"?',
  );
});

test("a weekend is two days that follow one another", () => {
  expect(evaluation.parse({ weekend: ["fri", "sat"] }).weekend).toEqual(["fri", "sat"]);
  expect(mistake({ weekend: ["fri", "sun"] })).toBe(
    "Cannot use this weekend: expected two days that follow one another, for example [fri, sat]",
  );
  expect(mistake({ weekend: ["fri"] })).toBeDefined();
});
