import { RE2JS } from "re2js";
import { describe, expect, test, vi } from "vitest";
import type { MonitorEvent } from "../../src/monitor/events.ts";
import { DEFAULT_PAGE_RULES, type PageRules } from "../../src/monitor/options.ts";
import type { Labels } from "../../src/series/labels.ts";
import { matcher } from "../../src/series/matchers.ts";
import type { RelabelRule } from "../../src/series/relabel-rule.ts";
import { Bench, rulesOf, scrapeOf } from "./bench.ts";
import { SimulatedTriton } from "./simulated-triton.ts";

/** A relabelling rule with Prometheus' defaults. */
function relabelling(fields: Partial<Omit<RelabelRule, "regex">> & { readonly regex?: string }): RelabelRule {
  const { regex = "(.*)", ...others } = fields;
  return {
    ...{ action: "replace", sourceLabels: [], separator: ";", replacement: "$1", targetLabel: "", modulus: 0 },
    ...others,
    regex: RE2JS.compile(`^(?s:${regex})$`),
  };
}

const RULES = rulesOf(`groups:
- name: g
  rules:
  - { alert: Any, expr: '{__name__=~"nv_x|wanted|zone"} > 0' }
  - { alert: Forged, expr: 'sum by (instance) (triton_sentinel_scrape_problems{kind="forged"}) > 0' }
  - { record: recorded, expr: vector(1) }
  - { alert: Tampered, expr: triton_sentinel_counter_regressions > 0 }
`);

/** A bench whose targets' pages are read by these rules; each target carries a zone. */
function benchOf(page: Partial<PageRules>) {
  const bench = new Bench({ rules: RULES, page: () => ({ ...DEFAULT_PAGE_RULES, ...page }) });
  const tick = (text: string, instance = "a") => {
    bench.now += 1_000;
    const scrape = scrapeOf(instance, text, bench.time);
    return bench.give([{ ...scrape, target: scrape.target.with({ zone: "eu" }) }]);
  };
  const held = (name: string) =>
    bench.world.store.select([matcher("__name__", "=", name)]).map(({ labels }) => String(labels.without("__name__")));
  return { bench, tick, held };
}

describe("a label that page and target both have", () => {
  test("is the target's, and the page's is exported", () => {
    const { tick, held } = benchOf({});
    tick('nv_x{zone="us",instance="b"} 1\n');
    expect(held("nv_x")).toEqual([
      '{exported_instance="b", exported_zone="us", instance="a", job="triton", zone="eu"}',
    ]);
  });

  test("is the page's where labels are honoured, but never job and instance", () => {
    const { tick, held } = benchOf({ honorLabels: true });
    tick('nv_x{zone="us",instance="b",job="other"} 1\nnv_x 2\n');
    expect(held("nv_x")).toEqual([
      '{exported_instance="b", exported_job="other", instance="a", job="triton", zone="us"}',
      '{instance="a", job="triton", zone="eu"}',
    ]);
  });

  test("gives a page that honours labels no voice in another server's alerts", () => {
    const { bench, tick } = benchOf({ honorLabels: true });
    tick("nv_x 1\n", "victim");
    tick('nv_x{instance="victim"} 1\nALERTS{alertname="Any",instance="victim"} 1\n', "evil");
    expect(bench.firing().filter((name) => name === "Any victim")).toHaveLength(1);
    expect(bench.events.filter(({ kind }) => kind === "rule-failed")).toEqual([]);
  });
});

describe("a line in our own name", () => {
  const LINE = 'ALERTS{alertname="x"} 1\n';
  const problemsOf = (events: readonly MonitorEvent[]) =>
    events.flatMap((event) => (event.kind === "scraped" ? event.problems.map(({ text }) => text) : []));

  test.each(["ALERTS", "recorded", "triton_sentinel_alert_state", "triton_sentinel_of_tomorrow"])(
    "is refused whether or not anybody reads it: %s",
    (name) => {
      const { bench, tick } = benchOf({});
      expect(problemsOf(tick(`nv_x 1\n${name}{a="b"} 0\n`))).toEqual([`${name}{a="b"}`]);
      expect(bench.firing()).toContain("Forged a");
    },
  );

  test.each([
    ["without relabelling", []],
    ["where labels are relabelled", [relabelling({ sourceLabels: ["a"], targetLabel: "b" })]],
  ])("counts on every page that it is on, and only there: %s", (_, metricRelabel) => {
    const { bench, tick } = benchOf({ metricRelabel });
    const forged = (text: string) => {
      const told = problemsOf(tick(text));
      return [told.length, bench.firing().includes("Forged a")];
    };
    const pages = ["nv_x 1\n", `nv_x 2\n${LINE}`, `nv_x 3\n${LINE}`, `nv_x 4\n${LINE}`, `${LINE}nv_x 5\n`, "nv_x 6\n"];
    expect(pages.map(forged)).toEqual([
      [0, false],
      [1, true],
      [1, true],
      [1, true],
      [1, true],
      [0, false],
    ]);
    expect(forged(`nv_x 7\n${LINE}`)).toEqual([1, true]);
  });

  test("counts after scrapes that failed, too", () => {
    const { tick } = benchOf({});
    const page = `nv_x 1\n${LINE}`;
    expect(problemsOf([page, "<html>", page].flatMap((text) => [...tick(text)]))).toHaveLength(2);
  });

  test("is told with at most nineteen others, and counted with all", () => {
    const { bench, tick } = benchOf({});
    const page = Array.from({ length: 500 }, (_, i) => `ALERTS{alertname="${i}"} 1\n`).join("");
    for (let i = 0; i < 3; i++) expect(problemsOf(tick(`nv_x 1\n${page}`))).toHaveLength(20);
    const [forged] = bench.transitions.filter(({ labels }) => labels.get("alertname") === "Forged");
    expect(forged?.value).toBe(500);
  });

  test("costs nothing where there is none: a series is asked about once in its life", () => {
    const { bench, tick } = benchOf({});
    const asked = vi.spyOn(bench.world.rules, "wants");
    for (let i = 0; i < 10; i++) tick(`nv_x ${i}\n`);
    expect(asked.mock.calls.filter(([name]) => name === "nv_x")).toHaveLength(1);
    for (let i = 0; i < 3; i++) tick(`nv_x ${i}\n${LINE}`);
    for (let i = 0; i < 10; i++) tick(`nv_x ${i}\n`);
    expect(asked.mock.calls.filter(([name]) => name === "nv_x").length).toBeLessThanOrEqual(4);
  });
});

describe("metric relabelling", () => {
  const dropped = (bench: Bench) => [...bench.world.targets.values()].map((target) => target.droppedSeries);

  test("drops series, which are counted once and skipped", () => {
    const { bench, tick, held } = benchOf({
      metricRelabel: [relabelling({ action: "drop", sourceLabels: ["model"], regex: "test.*" })],
    });
    for (let i = 0; i < 3; i++) tick('nv_x{model="test-1"} 1\nnv_x{model="bert"} 1\n');
    expect(held("nv_x")).toHaveLength(1);
    expect(dropped(bench)).toEqual([1]);
  });

  test("renames metrics and labels, and what counts is the name in the end", () => {
    const rename = relabelling({ sourceLabels: ["__name__"], regex: "theirs_(.*)", targetLabel: "__name__" });
    const { tick, held } = benchOf({ metricRelabel: [rename] });
    tick("theirs_wanted 1\nnv_x 2\n");
    expect([held("wanted"), held("nv_x")].map(({ length }) => length)).toEqual([1, 1]);
  });

  test.each(["ALERTS", "up", "triton_sentinel_scrape_problems", "recorded"])(
    "cannot make a page speak in the name %s",
    (name) => {
      const rename = relabelling({ sourceLabels: ["name"], regex: "(.+)", targetLabel: "__name__" });
      const { bench, tick } = benchOf({ metricRelabel: [rename] });
      const [scraped] = tick(`x{name="${name}"} 1\n`);
      expect(scraped).toMatchObject({ problems: [{ kind: "forged", why: "the name belongs to the monitor" }] });
      expect(bench.firing()).toEqual(["Forged a"]);
    },
  );

  test("of two lines that become one series the second is refused", () => {
    const { tick, held } = benchOf({ metricRelabel: [relabelling({ action: "labeldrop", regex: "gpu" })] });
    const [scraped] = tick('nv_x{gpu="1"} 1\nnv_x{gpu="2"} 2\n');
    expect(held("nv_x")).toHaveLength(1);
    expect(scraped).toMatchObject({ problems: [{ kind: "forged", why: "another line stands for the same series" }] });
  });

  test.each([
    ["labeldrop", { action: "labeldrop", regex: "instance|job" } as const],
    ["replace", { targetLabel: "instance", replacement: "victim" } as const],
  ])("leaves the target's identity alone: %s", (_, fields) => {
    const { tick, held } = benchOf({ metricRelabel: [relabelling(fields)] });
    tick("nv_x 1\n");
    expect(held("nv_x")).toEqual(['{instance="a", job="triton", zone="eu"}']);
  });

  test("that is another after a reload begins anew and makes no event and no alert", () => {
    const { bench, held } = benchOf({});
    const triton = new SimulatedTriton("bert");
    triton.extra = "nv_x 0\n";
    const pass = (times: number) => {
      for (let i = 0; i < times; i++) {
        triton.serve("bert", { requests: 9 });
        bench.tick({ a: triton.page() });
      }
    };
    pass(5);
    const rename = relabelling({ sourceLabels: ["model"], targetLabel: "model", regex: "(.+)", replacement: "eu-$1" });
    bench.reload({ page: () => ({ ...DEFAULT_PAGE_RULES, metricRelabel: [rename] }) });
    pass(5);
    expect(held("nv_inference_request_success")).toEqual([
      '{instance="a", job="triton", model="eu-bert", version="1"}',
    ]);
    expect(bench.events.filter(({ kind }) => kind === "model")).toEqual([]);
    expect(bench.firing()).toEqual([]);
    triton.load("bert");
    pass(1);
    expect(bench.events.filter(({ kind }) => kind === "model")).toHaveLength(1);
  });
});

test("a page's limits are replaced by a reload", () => {
  const { bench, tick } = benchOf({});
  tick("nv_x 1\nwanted 1\n");
  const limits = { ...DEFAULT_PAGE_RULES.limits, samples: 1 };
  bench.reload({
    page: (target: Labels) => ({ ...DEFAULT_PAGE_RULES, ...(target.get("zone") === "eu" && { limits }) }),
  });
  expect(tick("nv_x 1\nwanted 1\n")).toContainEqual(
    expect.objectContaining({ kind: "scraped", outcome: "not-metrics" }),
  );
});
