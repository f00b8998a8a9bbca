import { expect, test } from "vitest";
import { Exceptions } from "../../src/monitor/exceptions.ts";
import { matchSchema } from "../../src/rules/schema-match.ts";
import type { Exception } from "../../src/rules/types.ts";
import { Labels } from "../../src/series/labels.ts";
import { epochMs } from "../../src/series/time.ts";
import { Bench, rulesOf } from "./bench.ts";
import { SimulatedTriton } from "./simulated-triton.ts";

const at = epochMs(1_000_000);
const exception = (match: Record<string, string>, rest: Partial<Exception> = {}): Exception => ({
  match: matchSchema.parse(match),
  reason: "known",
  position: { file: "a.yml", line: 3, column: 7 },
  ...rest,
});
const hitsOf = (exceptions: Exceptions): readonly number[] => [...exceptions].map(({ hits }) => hits);

test("every exception that matches is counted, and one is enough to cover", () => {
  const exceptions = new Exceptions([
    exception({ model: "bert" }),
    exception({ instance: "a" }),
    exception({ model: "x" }),
  ]);
  expect(exceptions.cover(Labels.of({ model: "bert", instance: "a" }), at)).toBe(true);
  expect(exceptions.cover(Labels.of({ model: "bert", instance: "b" }), at)).toBe(true);
  expect(exceptions.cover(Labels.of({ model: "gpt" }), at)).toBe(false);
  expect(hitsOf(exceptions)).toEqual([2, 1, 0]);
});

test("an exception covers until its end and is told to have ended once", () => {
  const exceptions = new Exceptions([exception({ model: "bert" }, { until: at })]);
  const bert = Labels.of({ model: "bert" });
  expect(exceptions.cover(bert, epochMs(at - 1))).toBe(true);
  expect(exceptions.end(epochMs(at - 1))).toEqual([]);
  expect(exceptions.cover(bert, at)).toBe(false);
  expect(exceptions.end(at)).toHaveLength(1);
  expect(exceptions.end(epochMs(at + 1))).toEqual([]);
  expect(hitsOf(exceptions)).toEqual([1]);
});

test("counts go on with exceptions that match the same for the same reason, wherever they stand now", () => {
  const exceptions = new Exceptions([exception({ model: "bert" }, { until: at })]);
  exceptions.cover(Labels.of({ model: "bert" }), epochMs(at - 1));
  exceptions.end(at);
  const elsewhere = { file: "b.yml", line: 9, column: 1 };
  exceptions.replace([exception({ model: "x" }), exception({ model: "bert" }, { until: at, position: elsewhere })]);
  expect(hitsOf(exceptions)).toEqual([0, 1]);
  expect(exceptions.end(epochMs(at + 1))).toEqual([]);
  exceptions.replace([exception({ model: "bert" }, { until: epochMs(at + 5) })]);
  expect(exceptions.end(epochMs(at + 5)).map(({ until }) => until)).toEqual([at + 5]);
  expect(hitsOf(exceptions)).toEqual([1]);
});

const RULES = (until: string) => `
groups:
- name: g
  rules:
  - alert: Loaded
    detect: { models: [loaded] }
    except:
    - { match: { model: bench }, ${until}reason: load test }
`;

/** A world in which models are loaded one after the other. */
function loading(until: string, ...models: string[]) {
  const bench = new Bench({ rules: rulesOf(RULES(until)) });
  const triton = new SimulatedTriton("bert");
  bench.tick({ "gpu:8002": triton.page() });
  for (const model of models) {
    triton.load(model);
    bench.tick({ "gpu:8002": triton.page() });
  }
  const fired = bench.events.flatMap((event) =>
    event.kind === "transition" ? [event.transition.labels.get("model")] : [],
  );
  const ended = bench.events.filter(({ kind }) => kind === "exception-ended");
  const [rule] = [...bench.world.ruleStates.values()];
  return { fired, ended, hits: hitsOf(rule!.exceptions) };
}

test("a rule counts what its exception kept quiet", () => {
  expect(loading("", "bench", "evil")).toEqual({ fired: ["evil"], ended: [], hits: [1] });
});

test("where the time of an exception is over, what it covered alerts, and that is told once", () => {
  const { fired, ended, hits } = loading("until: 2020-01-31, ", "bench", "evil");
  expect([fired, hits]).toEqual([["bench", "evil"], [0]]);
  expect(ended).toEqual([
    {
      kind: "exception-ended",
      rule: "Loaded",
      at: expect.any(Number),
      position: { file: "test.yml", line: 8, column: 7 },
      reason: "load test",
    },
  ]);
});
