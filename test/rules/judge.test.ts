import { describe, expect, test } from "vitest";
import { fireAt, ratioRule, Watching } from "./watched.ts";

const HOUR = 240;
const DAY = 24 * HOUR;

describe("a judge", () => {
  test("finds a burst, says since when, and lets go when it is over", () => {
    const watching = new Watching(ratioRule());
    watching.pagesOf(HOUR, 300, 0);
    expect(watching.states()).toEqual(["normal"]);
    const [found] = watching.page(150, 150);
    const since = new Date(watching.pages.at).toISOString();
    expect(found).toMatchObject([{ value: 0.5, evidence: { test: "one scrape", since, observed: 0.5 } }]);
    expect(found![0]!.labels.get("model")).toBe("a");
    expect(watching.pagesOf(4, 150, 150)[0]![0]!.evidence).toMatchObject({ since });
    expect(watching.pagesOf(8, 300, 0)).toEqual([[]]);
    expect(watching.states()).toEqual(["normal"]);
  });

  test("is learning first, and then asks for twice the evidence and more than a tenth", () => {
    const watching = new Watching(ratioRule());
    watching.page(0, 0);
    watching.page(10, 0);
    expect(watching.states()).toEqual(["learning"]);
    expect(watching.page(95, 9)).toEqual([[]]);
    expect(watching.page(0, 100)[0]).toHaveLength(1);
  });

  test("holds an alarm while nothing is known, and drops it with the last series", () => {
    const watching = new Watching(ratioRule());
    watching.pagesOf(HOUR, 300, 0);
    watching.pagesOf(3, 150, 150);
    expect(watching.page(150, 150, true)[0]).toHaveLength(1);
    expect(watching.states()).toEqual(["unknown"]);
    // One page without its series may be a gap; the second is the end of it.
    expect(watching.empty()[0]).toHaveLength(1);
    expect(watching.empty()).toEqual([[]]);
    expect(watching.judges.map((judge) => [...judge.judged()])).toEqual([[]]);
    // Nothing of it is left when the model comes back.
    expect(watching.pagesOf(2, 300, 0)).toEqual([[]]);
  });

  test("has hysteresis: what would not begin an alarm need not end one", () => {
    const rule = ratioRule({ fire: fireAt({ score: 1, min_bad: 5, above: 0.1, times: 2.5 }) });
    const [fresh, alarmed] = [new Watching(rule), new Watching(rule)];
    for (const watching of [fresh, alarmed]) watching.pagesOf(HOUR, 300, 0);
    alarmed.pagesOf(2, 200, 100);
    expect(alarmed.states()).toEqual(["anomalous"]);
    // Eight of a hundred: less than a tenth, more than half of it.
    for (let i = 0; i < 4; i++) {
      expect(fresh.page(276, 24)).toEqual([[]]);
      expect(alarmed.page(276, 24)[0]).toHaveLength(1);
    }
  });

  test("takes for normal what lasted a day", () => {
    const watching = new Watching(ratioRule());
    watching.pagesOf(HOUR, 300, 0);
    expect(watching.pagesOf(DAY, 270, 30)[0]).toHaveLength(1);
    expect(watching.pagesOf(2, 270, 30)).toEqual([[]]);
    expect(watching.pagesOf(HOUR, 270, 30)).toEqual([[]]);
    expect([...watching.judges[0]!.judged()][0]!.explanation.expected).toBeCloseTo(0.1, 2);
  });
});

describe("two rules over one watch", () => {
  const strict = ratioRule({ fire: fireAt({ score: 1, min_bad: 5, above: 0.4, times: 2.5 }) });

  test("the end of one's alarm takes nothing from the other's", () => {
    const watching = new Watching(ratioRule(), strict);
    watching.pagesOf(HOUR, 300, 0);
    expect(watching.pagesOf(4, 150, 150).map((found) => found.length)).toEqual([1, 1]);
    for (let i = 0; i < 20; i++) {
      const [lenient, severe] = watching.page(270, 30);
      expect(lenient).toHaveLength(1);
      if (i > 8) expect(severe).toEqual([]);
    }
  });

  test("what one of them accuses teaches neither", () => {
    const watching = new Watching(strict, ratioRule());
    watching.pagesOf(HOUR, 300, 0);
    const before = [...watching.judges[0]!.judged()][0]!.explanation.expected;
    watching.pagesOf(HOUR, 270, 30);
    expect(watching.states()).toEqual(["normal", "anomalous"]);
    expect([...watching.judges[0]!.judged()][0]!.explanation.expected).toBe(before);
  });
});
