import { QueryViews } from "../../../src/app/views/query-views.ts";
import { epochMs } from "../../../src/series/time.ts";
import { Bench, rulesOf } from "../../monitor/bench.ts";

const RULES = `
groups:
  - name: all
    rules:
      - record: job:up:sum
        expr: sum by (job) (up)
      - alert: Never
        expr: absent_over_time({__name__=~"x.*|y"}[1h])
`;

/** A world with 60 seconds of x and of y, which ends half way. @param passing ms that go by at each look at the clock */
export function views(passing = 0) {
  const bench = new Bench({ rules: rulesOf(RULES) });
  const start = bench.now + 1_000;
  for (let i = 0; i < 60; i++) {
    const y = i < 30 ? "y 1\n" : "";
    bench.tick({ "a:1": `x{model="m"} ${i}\nx{model="n"} NaN\n${y}`, "b:1": `x{model="<b>"} ${i * 2}\n` });
  }
  let now = bench.now;
  return {
    start,
    bench,
    views: new QueryViews({
      world: bench.world,
      now: () => {
        now += passing;
        return epochMs(now);
      },
    }),
  };
}

/** A series as the API shows it. */
export const metric = (name: string, instance: string, more: Record<string, string> = {}) => ({
  __name__: name,
  instance,
  job: "triton",
  ...more,
});
