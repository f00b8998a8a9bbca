import { describe, expect, test, vi } from "vitest";
import { Judge } from "../../src/rules/judge.ts";
import { Siblings } from "../../src/rules/siblings.ts";
import { Watch, type Watched } from "../../src/rules/watch.ts";
import { lastInterval } from "../../src/signals/interval.ts";
import { Pages } from "../signals/page.ts";
import { ratioRule } from "./watched.ts";

const BY = ["instance", "model", "version"];

/** A target of some whose models a rule watches; `job` tells targets apart here. */
class Target {
  readonly pages = new Pages();
  readonly watch: Watch;
  readonly judge: Judge;
  readonly #counts = new Map<string, [good: number, bad: number]>();

  constructor(siblings: Siblings, job = "one", by = [...BY, "job", "namespace"]) {
    const rule = ratioRule({ by });
    this.watch = new Watch(rule, this.pages.table, undefined, siblings);
    this.judge = new Judge(rule, this.watch);
    this.job = job;
  }

  readonly job: string;

  /** A page on which models ("model=a,version=1") answered 300 requests each, so many of them badly. @returns who is anomalous */
  page(bad: Readonly<Record<string, number>>): readonly string[] {
    const series: Record<string, number> = { up: 1 };
    for (const [id, failed] of Object.entries(bad)) {
      const [good, all] = this.#counts.get(id) ?? [0, 0];
      this.#counts.set(id, [good + 300 - failed, all + failed]);
      series[`good{job=${this.job},${id}}`] = good + 300 - failed;
      series[`bad{job=${this.job},${id}}`] = all + failed;
    }
    this.pages.page(series);
    this.watch.advance(lastInterval(this.pages.table, false), () => false);
    const found = this.judge.judge(this.pages.at);
    this.watch.learn();
    return found.map(({ labels }) => labels.get("version") ?? "");
  }

  pagesOf(count: number, bad: Readonly<Record<string, number>>): ReadonlySet<string> {
    const fired = new Set<string>();
    for (let i = 0; i < count; i++) for (const version of this.page(bad)) fired.add(version);
    return fired;
  }

  subject(version: string): Watched {
    return [...this.watch.subjects()].find(({ labels }) => labels.get("version") === version)!;
  }
}

const V1 = "model=a,version=1";
const V2 = "model=a,version=2";

describe("a version just born", () => {
  test("is not alarmed about the failures its model normally has, but about many more", () => {
    const target = new Target(new Siblings());
    target.pagesOf(400, { [V1]: 15 });
    expect([...target.pagesOf(20, { [V1]: 15, [V2]: 15 })]).toEqual([]);
    const other = new Target(new Siblings());
    other.pagesOf(400, { [V1]: 15 });
    other.page({ [V1]: 15, [V2]: 15 });
    expect([...other.pagesOf(3, { [V1]: 15, [V2]: 120 })]).toEqual(["2"]);
  });

  test("is alarmed all the same where its sibling was poisoned while it learned", () => {
    const target = new Target(new Siblings());
    target.pagesOf(400, { [V1]: 15 });
    // An attack on version 1 that nobody ended, and then the same on version 2.
    target.pagesOf(200, { [V1]: 240 });
    target.page({ [V1]: 240, [V2]: 0 });
    expect([...target.pagesOf(5, { [V1]: 240, [V2]: 240 })]).toContain("2");
  });

  test("begins with the other version on its target, that was read last", () => {
    const target = new Target(new Siblings());
    const inherit = vi.spyOn(target.watch.detector, "inherit");
    target.pagesOf(10, { [V1]: 0, [V2]: 0 });
    target.pagesOf(10, { [V2]: 0 });
    expect(inherit).not.toHaveBeenCalled();
    target.page({ "model=a,version=3": 0 });
    const { row, labels } = target.subject("2");
    const newborn = target.subject("3");
    expect(newborn.prior).toBe(labels);
    expect(inherit).toHaveBeenCalledExactlyOnceWith(newborn.row, target.watch.detector.save(row));
  });

  test("does not say that it began with a sibling of which its detector takes nothing", () => {
    const target = new Target(new Siblings());
    vi.spyOn(target.watch.detector, "inherit").mockImplementation(() => {});
    target.pagesOf(20, { [V1]: 0 });
    target.page({ [V1]: 0, [V2]: 0 });
    expect(target.watch.detector.inherit).toHaveBeenCalledOnce();
    expect(target.subject("2").prior).toBeUndefined();
  });

  test("begins with nothing where its siblings still learn, or are none", () => {
    const target = new Target(new Siblings());
    target.pagesOf(2, { [V1]: 0 });
    target.page({ [V1]: 0, [V2]: 0, "model=b,version=1": 0 });
    expect(target.subject("2").prior).toBeUndefined();
    target.pagesOf(20, { [V1]: 0, [V2]: 0 });
    target.page({ "model=other,version=9": 0 });
    expect(target.subject("9").prior).toBeUndefined();
    target.page({ "model=a,namespace=tenant,version=8": 0 });
    expect(target.subject("8").prior).toBeUndefined();
  });

  test("of no model in particular has no siblings", () => {
    const siblings = new Siblings();
    const one = new Target(siblings, "one", ["job"]);
    one.pagesOf(20, { [V1]: 0 });
    const two = new Target(siblings, "two", ["job"]);
    two.page({ [V1]: 0 });
    expect([...two.watch.subjects()][0]!.prior).toBeUndefined();
  });
});

describe("a model on another target", () => {
  test("begins with the same version elsewhere, else with another one", () => {
    const siblings = new Siblings();
    const one = new Target(siblings, "one");
    one.pagesOf(20, { [V1]: 0, [V2]: 0 });
    const two = new Target(siblings, "two");
    two.page({ [V1]: 0, "model=a,version=7": 0 });
    expect(two.subject("1").prior).toBe(one.subject("1").labels);
    expect(two.subject("7").prior?.get("job")).toBe("one");
  });

  test("rather begins with its own target's other version", () => {
    const siblings = new Siblings();
    const one = new Target(siblings, "one");
    one.pagesOf(20, { [V2]: 0 });
    const two = new Target(siblings, "two");
    two.pagesOf(20, { [V1]: 0 });
    two.page({ [V2]: 0 });
    expect(two.subject("2").prior).toBe(two.subject("1").labels);
  });

  test("does not begin with a target that is gone", () => {
    const siblings = new Siblings();
    const one = new Target(siblings, "one");
    one.pagesOf(20, { [V1]: 0 });
    one.watch.close();
    const two = new Target(siblings, "two");
    two.page({ [V1]: 0 });
    expect(two.subject("1").prior).toBeUndefined();
  });
});

test("of a target that renames its versions for ever only the last few are remembered", () => {
  const siblings = new Siblings();
  const target = new Target(siblings);
  const labelsOf = (i: number) => ({ labels: target.pages.table.labels.with({ model: "a", version: `${i}` }), row: 0 });
  const ripe = Array.from({ length: 100 }, (_, i) => ({
    ...labelsOf(i),
    reading: { at: i, seconds: 1, numerator: 0, denominator: 0 },
  }));
  target.watch.detector.add();
  for (const one of ripe) siblings.add(target.watch, one);
  const asked = target.pages.table.labels.with({ model: "a", version: "new" });
  for (let i = 99; i >= 92; i--) {
    expect(siblings.of(target.watch, asked)?.labels.get("version")).toBe(`${i}`);
    siblings.remove(target.watch, ripe[i]!);
  }
  expect(siblings.of(target.watch, asked)).toBeUndefined();
});
