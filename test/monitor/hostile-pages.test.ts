import { describe, expect, test } from "vitest";
import { Views } from "../../src/app/views.ts";
import { renderExporterPage } from "../../src/outputs/exporter.ts";
import { Bench } from "./bench.ts";
import { SimulatedTriton, type Traffic } from "./simulated-triton.ts";

const BUSY: Traffic = { requests: 20 };

/** A bench that watches one server with models bert and resnet, `seconds` of quiet traffic in. */
function watched(seconds: number, every = 5, options: ConstructorParameters<typeof Bench>[0] = {}) {
  const bench = new Bench({ ...options, every });
  const triton = new SimulatedTriton("bert", "resnet");
  const pass = (
    scrapes: number,
    bert: Traffic = BUSY,
    page: (text: string, i: number) => string | undefined = (t) => t,
  ) => {
    for (let i = 0; i < scrapes; i++) {
      triton.serve("bert", bert);
      triton.serve("resnet", BUSY);
      bench.tick({ a: page(triton.page(), i) });
    }
  };
  pass(seconds / every);
  return { bench, triton, pass };
}

/** In which ways a page was tampered with, by the alerts that fired. */
const kinds = (bench: Bench) =>
  bench.transitions
    .filter(({ labels, state }) => labels.get("alertname") === "TritonMetricsTampered" && state === "firing")
    .map(({ labels }) => labels.get("kind"))
    .sort();

describe("a page cannot silence the alerts about itself", () => {
  test("a line in our own name is refused, and trying is tampering", () => {
    const { bench, triton, pass } = watched(60);
    triton.extra = 'triton_sentinel_scrape_problems{kind="x"} -100\nnv_inference_count{model="bert",version="1"} 1\n';
    pass(1);
    expect(kinds(bench)).toEqual(["duplicate", "forged", "outside-family"]);
  });

  test("a line in our own name that stays is tampering for as long as it is there, and told as such", () => {
    const { bench, triton, pass } = watched(60);
    triton.extra = 'ALERTS{alertname="x"} 1\n';
    pass(240);
    expect(bench.story("TritonMetricsTampered")).toEqual(["firing"]);
    const [alert] = bench.transitions.filter(({ labels }) => labels.get("alertname") === "TritonMetricsTampered");
    expect(alert?.annotations["summary"]).toMatch(/: 1 forged$/);
    expect(alert?.annotations["description"]).toMatch(
      /^Lines of kind forged on the page: 1\. They are in a name that only this monitor writes/,
    );
    expect(bench.events.at(-1)).toMatchObject({ kind: "scraped", problems: [{ text: 'ALERTS{alertname="x"}' }] });
    triton.extra = "";
    pass(80);
    expect(bench.story("TritonMetricsTampered")).toEqual(["firing", "resolved"]);
  });

  test("many lines of one kind do not hide another kind from those who tell only a few", () => {
    const { bench, triton, pass } = watched(60);
    triton.extra = `${"}\n".repeat(15)}ALERTS{alertname="x"} 1\n`;
    Object.assign(triton.model("bert"), { inferences: 1 });
    pass(1, { requests: 0 });
    const [scraped] = bench.events.filter(({ kind }) => kind === "scraped").slice(-1);
    const told = scraped?.kind === "scraped" ? scraped.problems.map(({ kind }) => kind) : [];
    expect(told.slice(0, 4)).toEqual(["malformed", "forged", "regression", "malformed"]);
    expect(kinds(bench)).toEqual(["forged", "malformed", "regression"]);
  });

  test("a line in the name of ALERTS does not reach a rule", () => {
    const { bench, triton, pass } = watched(60);
    triton.extra = 'ALERTS_FOR_STATE{alertname="TritonLatencyShift",model="bert",version="1"} 1\n';
    pass(3);
    expect(bench.events.filter(({ kind }) => kind === "rule-failed")).toEqual([]);
    expect(bench.story("TritonModelSwapSuspected")).toEqual([]);
    expect(bench.story("TritonMetricsTampered")).toEqual(["firing"]);
  });

  test("two lines cannot share one series under a renamed label", () => {
    const { bench, triton, pass } = watched(60);
    const line = (label: string) => `nv_cpu_memory_used_bytes{${label}="x"} 1\n`;
    triton.extra = line("instance") + line("exported_instance");
    pass(1);
    expect(bench.story("TritonMetricsTampered")).toEqual(["firing"]);
  });

  test("failures that show NaN are tampering, not no failures", () => {
    const { bench, pass } = watched(120);
    pass(3, { requests: 10, failures: 10 }, (text) => text.replace(/(reason="BACKEND".*\}) \d+/g, "$1 NaN"));
    expect(bench.story("TritonMetricsTampered")).toEqual(["firing"]);
  });

  test("a success counter that hides on every other page is tampering and makes no surge", () => {
    const { bench, pass } = watched(300);
    const hide = (text: string, i: number) =>
      i % 2 === 0 ? text.replace(/nv_inference_request_success\{model="bert".*\n/, "") : text;
    pass(20, BUSY, hide);
    expect(bench.story("TritonMetricsTampered")).toEqual(["firing"]);
    expect(bench.story("TritonRequestRateSurge")).toEqual([]);
  });

  test("a server that fails every other scrape is as good as down", () => {
    const { bench, pass } = watched(60);
    pass(8, BUSY, (text, i) => (i % 2 === 0 ? undefined : text));
    expect(bench.story("TritonTargetDown")).toEqual(["firing"]);
    const [down] = bench.transitions.filter(({ labels }) => labels.get("alertname") === "TritonTargetDown");
    expect(down?.labels.get("how")).toBe("flapping");
    expect(down?.annotations["description"]).toContain("6 times within ten minutes they began to fail or to succeed");
  });

  test("a server that comes back for a moment again and again is told as such once", () => {
    const { bench, pass } = watched(60);
    const story = () =>
      bench.transitions
        .filter(({ labels }) => labels.get("alertname") === "TritonTargetDown")
        .map(({ labels, state }) => `${labels.get("how") ?? "down"} ${state}`);
    pass(2, BUSY, () => undefined);
    expect(story()).toEqual(["down firing"]);
    pass(40, BUSY, (text, i) => (i % 4 === 0 ? text : undefined));
    const begun = story().indexOf("flapping firing");
    expect(begun).toBeLessThan(8);
    expect(
      story()
        .slice(begun + 1)
        .filter((one) => one !== "down resolved"),
    ).toEqual([]);
    pass(200, BUSY, () => undefined);
    expect(bench.firing()).toContain("TritonTargetDown a");
    expect(story().at(-1)).toBe("down firing");
    pass(1);
    expect(bench.firing()).not.toContain("TritonTargetDown a");
  });

  test("counters that stand still are frozen also where a model was unloaded before", () => {
    const { bench, triton } = watched(60);
    triton.unload("resnet");
    const alone = (scrapes: number, bert: Traffic) => {
      for (let i = 0; i < scrapes; i++) {
        triton.serve("bert", bert);
        triton.model("bert").pending = i % 2 === 0 ? 5 : 1;
        bench.tick({ a: triton.page() });
      }
    };
    alone(10, BUSY);
    alone(20, { requests: 0 });
    expect(bench.story("TritonMetricsFrozen")).toEqual(["firing"]);
  });
});

describe("what is known of a server's past stays what it was", () => {
  test("an attack before a long outage is not taken for normal after it", () => {
    const { bench, pass } = watched(600);
    pass(10, { requests: 20, failures: 20 });
    expect(bench.firing()).toContain("TritonErrorRatioAnomaly a");
    bench.now += 25 * 3_600_000;
    pass(60, { requests: 20, failures: 20 });
    expect(bench.firing()).toContain("TritonErrorRatioAnomaly a");
  });

  test("what was seen before an outage does not fire again after it where alerts are not held", () => {
    const { bench, pass } = watched(600, 5, { evaluation: { onUnknown: "resolve" } });
    pass(10, { requests: 20, us: 20_000 });
    pass(5, BUSY, () => undefined);
    pass(10);
    expect(bench.story("TritonLatencyShift")).toEqual(["firing", "resolved"]);
  });

  test("an announced load gives no grace to what is of no model", () => {
    const { bench, triton, pass } = watched(60);
    triton.gauges.set("nv_cpu_memory_total_bytes", [100]);
    triton.gauges.set("nv_cpu_memory_used_bytes", [30]);
    pass(500);
    const from = bench.time;
    bench.world.deployments.announce(
      { model: "bert", by: "pipeline", reason: "release", from, until: (from + 60_000) as typeof from },
      from,
    );
    triton.load("bert");
    pass(5);
    triton.gauges.set("nv_cpu_memory_used_bytes", [99]);
    pass(5);
    expect(bench.story("TritonModelReloaded")).toEqual([]);
    expect(bench.story("TritonResourceExhaustion")).toEqual(["firing"]);
  });
});

test("rules of one name do not write the same series twice on our own page", async () => {
  const { bench, triton, pass } = watched(10);
  for (const [name, value] of [
    ["nv_cpu_memory_total_bytes", 100],
    ["nv_cpu_memory_used_bytes", 30],
    ["nv_pinned_memory_pool_total_bytes", 100],
    ["nv_pinned_memory_pool_used_bytes", 1],
  ] as const) {
    triton.gauges.set(name, [value]);
  }
  pass(5);
  const page = renderExporterPage("", new Views(bench.world), 10_000);
  const keys = page
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.slice(0, line.lastIndexOf(" ")));
  expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
  expect(keys.filter((key) => key.includes("TritonResourceExhaustion")).length).toBeGreaterThan(3);
});
