import { Judge } from "../../src/rules/judge.ts";
import type { Detect, Finding, FireWhen } from "../../src/rules/types.ts";
import { type SeriesDetect, Watch, type Watched, watchesSeries } from "../../src/rules/watch.ts";
import { durationMs } from "../../src/series/time.ts";
import { lastInterval } from "../../src/signals/interval.ts";
import { Pages, select } from "../signals/page.ts";

/** Conditions that hold for what lasts as well. */
export const fireAt = (burst: Omit<FireWhen, "lasting">): FireWhen => ({
  ...burst,
  lasting: { above: burst.above, times: burst.times },
});

/** A rule over the error ratio of models. */
export function ratioRule(changes: Partial<Detect> = {}): SeriesDetect {
  const detect: Detect = {
    signal: { kind: "ratio", bad: [select("bad")], total: [select("good"), select("bad")] },
    detector: "counts",
    by: ["model"],
    direction: "up",
    against: "baseline",
    baseline: { season: "auto", half_life: durationMs(3 * 86_400_000) },
    fire: fireAt({ score: 1, min_bad: 5, above: 0.02, times: 2.5 }),
    clear: { score: 0.5 },
    learning: { widen: 2, above: 0.1 },
    missing: "hold",
    ...changes,
  };
  if (!watchesSeries(detect)) throw new TypeError("expected a signal of series");
  return detect;
}

/** A target under some rules that share one watch, driven as the monitor drives it. */
export class Watching {
  readonly pages = new Pages();
  readonly watch: Watch;
  readonly judges: readonly Judge[];
  mixed = false;
  #good = 0;
  #bad = 0;

  constructor(...rules: readonly SeriesDetect[]) {
    this.watch = new Watch(rules[0]!, this.pages.table);
    this.judges = rules.map((rule) => new Judge(rule, this.watch));
  }

  /** A page on which model "a" answered more requests. @returns what each rule found */
  page(good: number, bad: number, restarted = false): readonly Finding[][] {
    this.#good += good;
    this.#bad += bad;
    this.pages.page({ up: 1, "good{model=a}": this.#good, "bad{model=a}": this.#bad });
    return this.#look(restarted);
  }

  /** A page without model "a". */
  empty(): readonly Finding[][] {
    this.pages.page({ up: 1 });
    return this.#look(false);
  }

  /** The same page so many times. @returns what each rule found in the last of them */
  pagesOf(count: number, good: number, bad: number): readonly Finding[][] {
    let last: readonly Finding[][] = [];
    for (let i = 0; i < count; i++) last = this.page(good, bad);
    return last;
  }

  get subject(): Watched {
    return [...this.watch.subjects()][0]!;
  }

  states(): string[] {
    return this.judges.map((judge) => [...judge.judged()].map(({ state }) => state).join());
  }

  #look(restarted: boolean): readonly Finding[][] {
    this.watch.advance(lastInterval(this.pages.table, restarted), () => this.mixed);
    const found = this.judges.map((judge) => judge.judge(this.pages.at));
    this.watch.learn();
    return found;
  }
}
