import { expect, test } from "vitest";
import { actionsOf } from "../../../src/app/actions.ts";
import type { Reloader } from "../../../src/app/reload.ts";
import { rulesOf } from "../../monitor/bench.ts";
import { watched } from "./watched.ts";

const RULES = rulesOf(`groups:
- name: mine
  rules:
  - alert: Errors
    detect:
      ratio:
        bad: nv_inference_request_failure
        total: [nv_inference_request_success, nv_inference_request_failure]
      baseline: { half_life: 3d }
`);

/** A world in which bert has begun to fail three requests in ten, and what the API may change of it. */
function failing() {
  const world = watched({}, { rules: RULES, every: 15 });
  const { bench, triton, tick, views } = world;
  const pass = (scrapes: number, failures: number) => {
    for (let i = 0; i < scrapes; i++) {
      triton.serve("bert", { requests: 100 - failures, failures });
      tick();
    }
  };
  pass(60, 0);
  pass(8, 30);
  const actions = actionsOf(
    (inputs) => bench.give(inputs),
    {} as Reloader,
    () => bench.time,
  );
  const alert = () => views.alerts(true).alerts.find(({ labels }) => labels["alertname"] === "Errors")!;
  const subject = () => views.subjects().subjects.find(({ labels }) => labels["model"] === "bert")!;
  return { ...world, pass, actions, alert, subject };
}

test("what was said stands on the alert, and what was called normal on its subject", async () => {
  const { bench, actions, alert, subject } = failing();
  const { fingerprint } = alert();
  const given = await actions.feedback(fingerprint, { verdict: "expected", note: "load test", by: "alice" }, "ci");
  const at = new Date(bench.now).toISOString();
  const said = { verdict: "expected", note: "load test", by: "alice (token ci)", at };
  expect(given).toMatchObject({
    ...said,
    did: expect.stringMatching(/^up to 33 % \(at most 4 bad\/s, 15m in a row\) was called normal by alice/),
  });
  expect(alert()).toMatchObject({ state: "resolved", resolvedAt: at, feedback: given });
  expect(subject().tolerated).toEqual([
    {
      ...{ side: "up", limit: expect.closeTo(0.33), verdict: "expected", by: said.by, note: "load test" },
      ...{ badPerSecond: 4, secondsInARow: 900 },
      from: at,
      until: new Date(bench.now + 12 * 86_400_000).toISOString(),
    },
  ]);
});

test("whoever does not say who they are is the token's owner, and booleans are words", async () => {
  const { actions, alert } = failing();
  expect(await actions.feedback(alert().fingerprint, { verdict: true }, "ci")).toMatchObject({
    ...{ verdict: "true", note: "", by: "ci" },
  });
  expect(alert()).toMatchObject({ state: "firing", feedback: { verdict: "true" } });
});

test("an alert that is not listed takes no feedback", async () => {
  const { actions } = failing();
  expect(await actions.feedback("0000000000000000", { verdict: "true" }, "ci")).toBeUndefined();
});

test("the next alert with the same labels has none of it", async () => {
  const { actions, alert, pass } = failing();
  await actions.feedback(alert().fingerprint, { verdict: "expected" }, "ci");
  pass(8, 80);
  expect(alert()).toMatchObject({ state: "firing" });
  expect(alert()).not.toHaveProperty("feedback");
});

test("subjects of which nobody said anything have no tolerances", () => {
  expect(failing().subject()).not.toHaveProperty("tolerated");
});
