import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { calibrated, learnExcess, uncalibrated } from "../../src/detectors/calibration.ts";
import { age, MATURITY_CELLS, mature } from "../../src/detectors/maturity.ts";
import { Rows } from "../../src/detectors/rows.ts";
import { SeasonRows } from "../../src/detectors/season.ts";
import { initShape, learnShape, SHAPE_CELLS, shapeOf } from "../../src/detectors/shape.ts";
import { firstLevel } from "../../src/detectors/warm-up.ts";
import { begins, completedScale, filled, isFull, spanOf } from "../../src/detectors/windows.ts";
import { MONDAY, poisson, randomFrom } from "./subject.ts";

const HOUR = 3_600_000;

describe("warm-up", () => {
  test("the first level is the median and the scaled median deviation", () => {
    expect(firstLevel(Float64Array.of(1, 2, 3, 4, 100))).toEqual({ level: 3, scale: 1.4826 });
  });

  test("one value is a level without a scale", () => {
    expect(firstLevel(Float64Array.of(7))).toEqual({ level: 7, scale: 0 });
  });
});

describe("maturity", () => {
  test.each([
    ["a minute at one scrape a second", 60, 1, true],
    ["a minute at four scrapes a minute", 4, 15, true],
    ["three scrapes, however long", 3, 60, false],
    ["ten scrapes in ten seconds", 10, 1, false],
  ])("%s: %d × %d s", (_, scrapes, seconds, armed) => {
    const data = new Float64Array(MATURITY_CELLS);
    for (let i = 0; i < scrapes; i++) age(data, 0, seconds, 10);
    expect(mature(data, 0, 30)).toBe(armed);
  });

  test("time without events teaches nothing", () => {
    const data = new Float64Array(MATURITY_CELLS);
    for (let i = 0; i < 1000; i++) age(data, 0, 15, 0);
    expect(mature(data, 0, 30)).toBe(false);
  });
});

describe("rows", () => {
  test("memory grows and rows keep what they hold", () => {
    const rows = new Rows(3, (data, base) => {
      data[base] = 7;
    });
    const all = Array.from({ length: 100 }, () => rows.add());
    for (const row of all) rows.data[row * 3 + 1] = row;
    expect(all.map((row) => [...rows.save(row)])).toEqual(all.map((row) => [7, row, 0]));
  });

  test("a row given back is the next one given out, fresh", () => {
    const rows = new Rows(2, () => {});
    const row = rows.add();
    rows.data[row * 2] = 5;
    rows.remove(row);
    expect(rows.add()).toBe(row);
    expect([...rows.save(row)]).toEqual([0, 0]);
  });
});

describe("shape", () => {
  const learned = (cv2: number, mean: number) => {
    const data = new Float64Array(SHAPE_CELLS);
    initShape(data, 0, 0.25);
    const random = randomFrom(7);
    // Two rates with the wanted coefficient of variation: mean × (1 ± cv).
    for (let i = 0; i < 4000; i++)
      learnShape(data, 0, poisson(mean * (1 + (random() < 0.5 ? -1 : 1) * Math.sqrt(cv2)), random), mean);
    return 1 / shapeOf(data, 0);
  };

  test.each([0.01, 0.1, 0.5])("a squared coefficient of variation of %d is found", (cv2) => {
    expect(learned(cv2, 50)).toBeGreaterThan(cv2 * 0.7);
    expect(learned(cv2, 50)).toBeLessThan(cv2 * 1.4);
  });

  test("windows that expect next to nothing say nothing", () => {
    const data = new Float64Array(SHAPE_CELLS);
    initShape(data, 0, 0.25);
    learnShape(data, 0, 50, 0.1);
    expect(shapeOf(data, 0)).toBe(4);
  });

  test("one outlier does not make everything ordinary", () => {
    const data = new Float64Array(SHAPE_CELLS);
    initShape(data, 0, 0.01);
    learnShape(data, 0, 1e15, 10);
    expect(1 / shapeOf(data, 0)).toBeLessThan(0.3);
  });
});

describe("season", () => {
  const monday = (hour: number) => MONDAY + hour * HOUR;

  test("what was never seen is unknown", () => {
    const season = new SeasonRows();
    season.reset(0);
    expect(season.at(0, monday(12))).toBeNaN();
  });

  test("between the middles of two hours it is interpolated", () => {
    const season = new SeasonRows();
    season.reset(0);
    season.update(0, monday(9), 10, 3600);
    season.update(0, monday(10), 20, 3600);
    expect(season.at(0, monday(9.5))).toBeCloseTo(10, 5);
    expect(season.at(0, monday(10))).toBeCloseTo(15, 5);
    expect(season.at(0, monday(10.5))).toBeCloseTo(20, 5);
    expect(season.at(0, monday(10.9))).toBeCloseTo(20, 5);
  });

  test("a weekend never seen borrows from working days until it has data of its own", () => {
    const season = new SeasonRows();
    season.reset(0);
    for (const hour of [9, 10]) season.update(0, monday(hour), 10, 3600);
    const saturday = monday(5 * 24 + 9.5);
    expect(season.at(0, saturday)).toBeCloseTo(10, 5);
    for (const hour of [9, 10]) season.update(0, monday(5 * 24 + hour), 2, 3600);
    expect(season.at(0, saturday)).toBeCloseTo(2, 5);
    expect(season.at(0, monday(9.5))).toBeCloseTo(10, 5);
  });

  test("one hour of other traffic moves a known hour by an eighth of the way", () => {
    const season = new SeasonRows();
    season.reset(0);
    for (let day = 0; day < 20; day++) season.update(0, MONDAY + (day % 5) * 24 * HOUR + 9 * HOUR, 10, 3600);
    season.update(0, monday(9), 20, 3600);
    expect(season.at(0, monday(9.5))).toBeCloseTo(11.2, 4);
  });
});

describe("windows", () => {
  const reading = (at: number, seconds: number) => ({ at, seconds, numerator: 0, denominator: 0 });

  test.each([
    [1, 5, 5],
    [1, 60, 60],
    [5, 60, 12],
    [15, 5, 1],
    [15, 20, 1],
    [15, 60, 4],
    [60, 60, 1],
    [60, 300, 5],
    [25, 60, 2],
    [40, 60, 1],
  ])("at %d s scrapes a window of %d s is %d scrapes", (every, length, scrapes) => {
    const windows = windowsOf(Array<number>(600).fill(every), length);
    expect(new Set(windows.map((gaps) => gaps.length))).toEqual(new Set([scrapes]));
  });

  test("jitter of a tenth of a scrape changes no window's number of scrapes", () => {
    for (const last of [58.5, 59.9, 60.1, 61.5])
      expect(isFull(filled(0, 2, spanOf(0, reading(last * 1000, 15)), 60), 2)).toBe(true);
    for (const last of [43.5, 46.5])
      expect(isFull(filled(4, 2, spanOf(0, reading(last * 1000, 15)), 60), 2)).toBe(false);
  });

  test("however scrapes vary, each window is full once, and none is dropped before it is", () => {
    const gap = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 90 }));
    fc.assert(
      fc.property(fc.array(gap, { minLength: 30, maxLength: 200 }), fc.constantFrom(5, 20, 60, 300), (gaps, length) => {
        const windows = windowsOf(gaps, length);
        const taken = windows.flat();
        expect(taken).toEqual(gaps.slice(0, taken.length));
        expect(gaps.slice(taken.length).reduce((sum, seconds) => sum + seconds, 0)).toBeLessThan(length);
      }),
    );
  });

  test("after a gap longer than a window the next reading begins one", () => {
    expect(begins(0, 1, 1_000, reading(80_000, 15), 60)).toBe(true);
    expect(begins(0, 1, 10_000, reading(80_000, 15), 60)).toBe(false);
  });

  /** The scrapes of each window that got full, in seconds. */
  function windowsOf(gaps: readonly number[], length: number): readonly number[][] {
    const windows: number[][] = [];
    let [at, start, full] = [0, 0, 0];
    let held: number[] = [];
    for (const seconds of gaps) {
      at += seconds * 1000;
      const taken = reading(at, seconds);
      if (begins(full, 2, start, taken, length)) {
        start = at - seconds * 1000;
        held = [];
      }
      held.push(seconds);
      full = filled(full, 2, spanOf(start, taken), length);
      if (isFull(full, 2)) windows.push(held);
    }
    return windows;
  }

  test("a window not yet full is judged by the largest scale inside it", () => {
    const lengths = [0, 5, 20, 60];
    expect([1, 5, 19, 20, 59, 60].map((s) => completedScale(spanOf(0, reading(s * 1000, 1)), lengths, 3))).toEqual([
      0, 1, 1, 2, 2, 3,
    ]);
  });
});

describe("calibration", () => {
  test("calibrating and back is the identity", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.double({ min: 1, max: 4, noNaN: true }), (g, m) => {
        expect(uncalibrated(calibrated(g, m), m)).toBeCloseTo(g, 5);
      }),
    );
  });

  test("a right model keeps its evidence, a heavier tail is deflated", () => {
    const learned = (mean: number) => {
      const random = randomFrom(3);
      let excess = 1;
      for (let i = 0; i < 2000; i++) excess = learnExcess(excess, 3 - mean * Math.log(1 - random()));
      return excess;
    };
    expect(learned(1)).toBeLessThan(1.3);
    expect(learned(2.5)).toBeGreaterThan(1.8);
    expect(learned(50)).toBe(4);
  });
});
