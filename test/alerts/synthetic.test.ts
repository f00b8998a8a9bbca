import { expect, test } from "vitest";
import { syntheticSeries } from "../../src/alerts/synthetic.ts";
import type { Alert, AlertState } from "../../src/alerts/types.ts";
import { Labels } from "../../src/series/labels.ts";
import { epochMs } from "../../src/series/time.ts";

const activeAt = epochMs(1_500);
const alert = (name: string, is: AlertState): Alert => ({
  labels: Labels.of({ alertname: name, model: "bert", alertstate: "mine", __name__: "theirs" }),
  annotations: {},
  value: 7,
  evidence: {},
  is,
});
const text = (alerts: Alert[]) => [...syntheticSeries(alerts)].map(({ labels, value }) => `${labels} ${value}`);

test("a pending and a firing alert have ALERTS and ALERTS_FOR_STATE in whole seconds, a resolved one has neither", () => {
  expect(
    text([
      alert("P", { state: "pending", activeAt }),
      alert("F", { state: "firing", activeAt, firedAt: epochMs(2_000) }),
      alert("R", { state: "resolved", activeAt, firedAt: epochMs(2_000), resolvedAt: epochMs(3_000) }),
    ]),
  ).toEqual([
    'ALERTS{alertname="P", alertstate="pending", model="bert"} 1',
    'ALERTS_FOR_STATE{alertname="P", alertstate="mine", model="bert"} 1',
    'ALERTS{alertname="F", alertstate="firing", model="bert"} 1',
    'ALERTS_FOR_STATE{alertname="F", alertstate="mine", model="bert"} 1',
  ]);
});

test("an alert has the same label sets in every tick", () => {
  const pending = alert("P", { state: "pending", activeAt });
  const first = [...syntheticSeries([pending])].map(({ labels }) => labels);
  const second = [...syntheticSeries([{ ...pending, value: 8 }])].map(({ labels }) => labels);
  expect(second.every((labels, i) => labels === first[i])).toBe(true);
});
