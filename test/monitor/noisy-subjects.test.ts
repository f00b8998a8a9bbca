import { describe, expect, test } from "vitest";
import { describeEvent } from "../../src/app/event-text.ts";
import { showSensitivity } from "../../src/app/views/sensitivity-views.ts";
import { showSubjects } from "../../src/app/views/subject-views.ts";
import { Views } from "../../src/app/views.ts";
import { sentenceOf } from "../../src/rules/sentence.ts";
import { Bench, rulesOf } from "./bench.ts";
import { SimulatedTriton } from "./simulated-triton.ts";

const HOUR = 60;

const ERRORS = `
groups:
  - name: g
    rules:
      - alert: Errors
        detect:
          ratio: { bad: nv_inference_request_failure, total: [nv_inference_request_success, nv_inference_request_failure] }
`;

/** A server scraped every minute; `bert` has bursts of failures, `resnet` never. */
class Noisy {
  readonly bench = new Bench({ rules: rulesOf(ERRORS), every: 60 });
  readonly triton = new SimulatedTriton("bert", "resnet");

  pass(minutes: number, failures = 0): this {
    for (let i = 0; i < minutes; i++) {
      this.triton.serve("bert", { requests: 1_000 - failures, failures });
      this.triton.serve("resnet", { requests: 1_000 });
      this.bench.tick({ "gpu:8002": this.triton.page() });
    }
    return this;
  }

  /** An alarm of some minutes, and quiet for the rest of some hours. */
  burst(failures = 700, hours = 6): this {
    return this.pass(3, failures).pass(hours * HOUR - 3);
  }

  get changes() {
    return this.bench.events.filter((event) => event.kind === "noise");
  }

  subject(model: string) {
    return [...showSubjects(this.bench.world)].find(({ labels }) => labels["model"] === model);
  }
}

describe("a subject with more than two alarms in a week", () => {
  const noisy = new Noisy()
    .pass(2 * HOUR)
    .burst()
    .burst();

  test("is told of once, as an event that says what of and why", () => {
    expect(noisy.changes).toEqual([]);
    noisy.burst().burst();
    expect(noisy.changes).toMatchObject([{ raise: 2, alarms: 3 }]);
    expect(describeEvent(noisy.changes[0]!)).toMatchObject({
      kind: "alert",
      what: "noisy",
      labels: { alertname: "Errors", model: "bert", instance: "gpu:8002" },
      text: "Errors of bert on gpu:8002 is noisy: 3 alarms in 7 days, so its threshold is 2 nats higher",
    });
  });

  test("is listed as noisy, and no other", () => {
    expect(noisy.subject("bert")).toMatchObject({
      noisy: true,
      raised: { nats: 4, byBudget: 0, byNoise: 4, alarms: 4 },
    });
    expect(noisy.subject("resnet")).not.toHaveProperty("noisy");
    expect(showSensitivity(noisy.bench.world)).toMatchObject({
      falseAlarmsPerWeek: null,
      rules: [{ rule: "Errors", subjects: 2, noisySubjects: 1, raiseNats: 0 }],
      noisy: [{ rule: "Errors", labels: { model: "bert" }, raiseNats: 4, alarms: 4 }],
    });
    expect([...new Views(noisy.bench.world).rules()]).toMatchObject([{ subjects: 2, noisy: 1, raise: 0 }]);
  });

  test("fires with evidence that says by how much its threshold was raised", () => {
    noisy.pass(1, 900);
    const last = noisy.bench.transitions.filter(({ state }) => state === "firing").at(-1)!;
    expect(last.evidence).toMatchObject({ raised_nats: 4, raised: "raised by 4 nats: 4 alarms in 7 days" });
    expect(sentenceOf(last.evidence)).toContain("; the threshold is raised by 4 nats: 4 alarms in 7 days; since ");
    noisy.pass(30);
  });

  test("stays noisy over a reload that changes its rule's conditions", () => {
    noisy.bench.reload({ rules: rulesOf(ERRORS.replace("ratio:", "fire: { min_bad: 8 }\n          ratio:")) });
    noisy.pass(1);
    expect(noisy.subject("bert")).toMatchObject({ noisy: true, raised: { byNoise: 6 } });
  });

  test("is told to be quiet again after quiet weeks, and nothing is remembered of it", () => {
    const minutes = 7 * 24 * HOUR;
    noisy.pass(minutes);
    expect(noisy.subject("bert")).toMatchObject({ raised: { byNoise: 3 } });
    noisy.pass(3 * minutes);
    expect(noisy.changes).toMatchObject([{ raise: 2 }, { raise: 0 }]);
    expect(describeEvent(noisy.changes[1]!)).toMatchObject({ what: "quiet" });
    expect(noisy.subject("bert")).not.toHaveProperty("raised");
  });
});

test("whoever alarms as often as he likes on purpose does not hide a strong attack", () => {
  const noisy = new Noisy().pass(2 * HOUR);
  for (let i = 0; i < 12; i++) noisy.burst(400);
  expect(noisy.subject("bert")).toMatchObject({ raised: { byNoise: 8 } });
  const before = noisy.bench.transitions.filter(({ state }) => state === "firing").length;
  noisy.pass(1, 100);
  expect(noisy.bench.transitions.filter(({ state }) => state === "firing")).toHaveLength(before + 1);
});
