import { describe, expect, test } from "vitest";
import { Bench } from "./bench.ts";
import { SimulatedTriton } from "./simulated-triton.ts";

/** The evidence with which an alert of a model began. */
const evidenceOf = (bench: Bench, alertname: string, version: string) =>
  bench.transitions.find(
    ({ labels, state }) =>
      state === "firing" && labels.get("alertname") === alertname && labels.get("version") === version,
  );

describe("an alert of failing requests", () => {
  /** A server whose version 1 was well for some minutes, and whose version 2, just loaded, is not. */
  function failing() {
    const bench = new Bench();
    const triton = new SimulatedTriton("bert");
    const pass = (seconds: number, failures: number, ...versions: readonly string[]) => {
      for (let i = 0; i < seconds; i++) {
        for (const version of versions) triton.serve("bert", { requests: 50, failures }, version);
        bench.tick({ "gpu:8002": triton.page() });
      }
    };
    pass(200, 0, "1");
    triton.load("bert", "2");
    pass(5, 0, "1", "2");
    pass(5, 40, "2");
    return bench;
  }

  test("says of what kind the failures were, and whose normal they are held against", () => {
    const found = evidenceOf(failing(), "TritonErrorRatioAnomaly", "2");
    const { split, prior, numerator } = found!.evidence as { [name: string]: { counts: { BACKEND: number } } };
    expect(split).toEqual({ label: "reason", counts: { BACKEND: numerator } });
    expect(prior).toEqual({ instance: "gpu:8002", job: "triton", model: "bert", version: "1" });
    expect(found!.annotations["description"]).toMatch(/Seen: (\d+) of \d+ \([\d.]+ %\) in [^:]+: \1 BACKEND; expected/);
  });
});
