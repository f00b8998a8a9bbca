import { describe, expect, test } from "vitest";
import { Views } from "../../src/app/views.ts";
import { renderExporterPage } from "../../src/outputs/exporter.ts";
import { Bench, rulesOf } from "./bench.ts";
import { SimulatedTriton } from "./simulated-triton.ts";

const FAMILIES = ["nv_inference_request_success", "nv_inference_count", "nv_inference_request_duration_us"];

/** A page of models that no page had before. */
function invented(scrape: number, models: number, name: number): string {
  const names = Array.from({ length: models }, (_, i) => `m${scrape}-${i}-`.padEnd(name, "x"));
  return FAMILIES.flatMap((family) => names.map((model) => `${family}{model="${model}",version="1"} 1\n`)).join("");
}

const TOLD = `
groups:
  - name: g
    rules:
      - { alert: Loaded, detect: { models: [loaded] }, keep_firing_for: 1h }
      - { alert: Churn, expr: "sum by (job, instance) (triton_sentinel_left_out) > 0", keep_firing_for: 15m }
`;

describe("a server that shows other models at each scrape", () => {
  test("is bounded in alerts, models, series and on our page, and hides nothing of another server", () => {
    const bench = new Bench();
    const views = new Views(bench.world);
    const honest = new SimulatedTriton("bert");
    for (let i = 0; i < 12; i++) {
      if (i === 11) honest.load("evil");
      for (const event of bench.tick({ a: invented(i, 300, 900), honest: honest.page() })) views.tell(event);
    }
    expect(bench.firing()).toContain("TritonModelLoaded honest");
    expect(bench.events.filter(({ kind }) => kind === "bug" || kind === "rule-failed")).toEqual([]);
    const [evil] = bench.world.targets.values();
    for (const state of bench.world.ruleStates.values()) {
      const active = [...state.alerts()].filter(({ is, labels }) => {
        return is.state !== "resolved" && labels.get("instance") === "a";
      });
      expect(active.length).toBeLessThanOrEqual(200);
    }
    expect([...evil!.inventory.known()].length).toBeLessThanOrEqual(1_000);
    expect(evil!.table.size).toBeLessThanOrEqual(5_000 + 2 * 300 * FAMILIES.length);
    expect([...views.modelEvents()].filter(({ labels }) => labels.get("instance") === "a").length).toBe(500);
    expect(renderExporterPage("", views, 10_000).length).toBeLessThan(5_000_000);
  });

  test("is told of, once it shows more than can be watched, by name and once a rule", () => {
    const bench = new Bench({ rules: rulesOf(TOLD) });
    const honest = new SimulatedTriton("bert");
    for (let i = 0; i < 3; i++) bench.tick({ a: invented(i, 300, 20), honest: honest.page() });
    expect(bench.firing().filter((name) => name.startsWith("Churn"))).toEqual(["Churn a"]);
    const cut = bench.events.filter(({ kind }) => kind === "alerts-cut");
    expect(cut).toEqual([expect.objectContaining({ rule: "Loaded", cut: 100 })]);
    expect(cut[0]).toHaveProperty("target", bench.world.targets.values().next().value?.labels);
  });

  test("is no longer told of once it shows what it showed before", () => {
    const bench = new Bench({ rules: rulesOf(TOLD.replace(", keep_firing_for: 15m", "")) });
    for (let i = 0; i < 4; i++) bench.tick({ a: invented(Math.min(i, 2), 300, 20) });
    expect(bench.story("Churn")).toEqual(["firing", "resolved"]);
  });

  test("is told of also where no rule alerts on models, because models it showed had to be forgotten", () => {
    const rules = rulesOf(TOLD.replace(/.*alert: Loaded.*\n/, ""));
    const bench = new Bench({ rules });
    for (let i = 0; i < 5; i++) bench.tick({ a: invented(i, 300, 20) });
    expect(bench.story("Churn")).toEqual(["firing"]);
  });
});
