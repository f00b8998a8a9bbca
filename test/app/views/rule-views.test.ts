import { expect, test } from "vitest";
import { showRules } from "../../../src/app/views/rule-views.ts";
import { Views } from "../../../src/app/views.ts";
import { Bench, rulesOf } from "../../monitor/bench.ts";
import { SimulatedTriton } from "../../monitor/simulated-triton.ts";

test("exceptions are shown with what they match, since when they are over, and how often they were needed", () => {
  const rules = rulesOf(`
groups:
- name: g
  rules:
  - alert: Loaded
    detect: { models: [loaded] }
    except:
    - { match: 'model=~"bench.*"', reason: load test }
    - { match: { model: old }, until: 2020-01-31, reason: long ago }
`);
  const bench = new Bench({ rules });
  const triton = new SimulatedTriton("bert");
  for (const load of [undefined, "bench-1", "old"]) {
    if (load !== undefined) triton.load(load);
    bench.tick({ "gpu:8002": triton.page() });
  }
  const [rule] = showRules(bench.world).groups[0]!.rules;
  expect(rule).toMatchObject({
    exceptions: [
      { match: ['model=~"bench.*"'], reason: "load test", position: "test.yml:8:7", hits: 1, expired: false },
      {
        match: ['model="old"'],
        until: "2020-02-01T00:00:00.000Z",
        reason: "long ago",
        position: "test.yml:9:7",
        hits: 0,
        expired: true,
      },
    ],
    alerts: [{ labels: { model: "old" } }],
  });
  expect([...new Views(bench.world).exceptions()]).toEqual([
    { alertname: "Loaded", position: "test.yml:8", hits: 1 },
    { alertname: "Loaded", position: "test.yml:9", hits: 0 },
  ]);
});
