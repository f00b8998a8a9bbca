import { expect, test } from "vitest";
import { compareAlerts } from "../../../src/rules/tests/compare-alerts.ts";
import { alertsOf, seen, wanted } from "./expectations.ts";

test("nothing is said where all is as expected", () => {
  expect(compareAlerts(alertsOf([]), [], [])).toBeUndefined();
  expect(compareAlerts(alertsOf([wanted({ b: "2" })]), [seen({ alertname: "A", b: "2" })], [])).toBeUndefined();
});

test("a difference says what was expected, what came, and which label and annotation it is", () => {
  const came = seen({ alertname: "A", model: "bert", severity: "warn" }, { summary: "slow", extra: "x" });
  const expectation = alertsOf([wanted({ model: "bert", severity: "page" }, { summary: "slower" })]);
  expect(compareAlerts(expectation, [came], [])).toEqual({
    summary: "alert A at 5m: expected 1 firing alert, came 1",
    details: [
      'expected  {alertname="A", model="bert", severity="page"}',
      'came      {alertname="A", model="bert", severity="warn"}',
      '  label severity: expected "page", came "warn"',
      '  annotation extra: expected nothing, came "x"',
      '  annotation summary: expected "slower", came "slow"',
    ],
  });
});

test("one that is missing because it is in another state is told so", () => {
  const other = {
    ...seen({ alertname: "A", model: "bert" }, { summary: "s" }),
    state: "pending",
    told: "pending since 4m",
  };
  expect(compareAlerts(alertsOf([wanted({ model: "bert" })]), [], [other])).toEqual({
    summary: "alert A at 5m: expected 1 firing alert, came 0",
    details: ['missing   {alertname="A", model="bert"}', "  it is pending since 4m, not firing"],
  });
});

test("alerts nobody expected are listed, and counted when there are many", () => {
  const came = Array.from({ length: 13 }, (_, i) => seen({ alertname: "A", i: String(i) }));
  const difference = compareAlerts(alertsOf([]), came, []);
  expect(difference?.summary).toBe("alert A at 5m: expected no firing alert, came 13");
  expect(difference?.details).toHaveLength(11);
  expect(difference?.details[0]).toBe('unexpected {alertname="A", i="0"}');
  expect(difference?.details.at(-1)).toBe("and 3 more unexpected");
});

test("subjects that learn have no alertname", () => {
  const expectation = alertsOf([wanted({ model: "bert" })], { state: "learning" });
  expect(compareAlerts(expectation, [seen({ model: "bert" })], [])).toBeUndefined();
  expect(compareAlerts(expectation, [], [])?.summary).toBe("alert A at 5m: expected 1 learning subject, came 0");
});
