import { Registry } from "prom-client";
import { describe, expect, test } from "vitest";
import { selfMetrics } from "../../src/telemetry/self-metrics.ts";
import { textOf } from "../house/sources.ts";
import { annotations, dashboard, labelsIn, type Panel, panels, queries, text, variables } from "./dashboard.ts";
import { selectorsOf } from "./expressions.ts";

const documented = new Map(
  [...textOf("docs/metrics.md").matchAll(/^\| `(triton_sentinel_\w+)` \| (\w+) \|/gm)].map(([, name, type]) => [
    name!,
    type!,
  ]),
);

/** The data source that the dashboard's user chose. */
const CHOSEN = `$${"{datasource}"}`;

/** Where the value of a counter itself is shown, and why that is right. */
const COUNTERS_AS_THEY_ARE = new Map([
  ["Model events, B", "a table of the present: how often since the monitor began"],
]);

test("the file is written as a machine would: two blanks, a line end at the end, nothing of an export in it", () => {
  expect(text.endsWith("}\n")).toBe(true);
  expect(dashboard).not.toHaveProperty("id");
  expect(dashboard).not.toHaveProperty("__inputs");
  expect(text).not.toMatch(/\$\{DS_/);
});

test("it keeps its identity and its form over releases", () => {
  const { uid, schemaVersion, editable } = dashboard;
  expect({ uid, schemaVersion, editable }).toEqual({ uid: "triton-sentinel", schemaVersion: 39, editable: false });
});

test("no two panels share an id, and every panel has a title of its own", () => {
  const ids = dashboard.panels.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const titles = dashboard.panels.map(({ title }) => title);
  expect(new Set(titles).size).toBe(titles.length);
});

test("panels stay within the 24 columns and do not lie on each other", () => {
  const taken = new Map<string, string>();
  const clashes: string[] = [];
  for (const { title, gridPos } of dashboard.panels) {
    expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        const cell = `${x},${y}`;
        if (taken.has(cell)) clashes.push(`${title} on ${taken.get(cell)}`);
        taken.set(cell, title);
      }
    }
  }
  expect(clashes).toEqual([]);
});

describe.each(panels.map((panel) => [panel.title, panel] as const))("%s", (_, panel) => {
  test("says what it shows, in what unit, and what an empty panel means", () => {
    expect(panel.description?.length).toBeGreaterThan(30);
    expect(panel.fieldConfig?.defaults.unit).toMatch(/^[a-zA-Z]+$/);
    expect(panel.fieldConfig?.defaults.noValue?.length).toBeGreaterThan(10);
  });

  test("asks the data source chosen, each query under a letter of its own", () => {
    const sources = [panel.datasource, ...panel.targets!.map(({ datasource }) => datasource)];
    for (const source of sources) expect(source).toEqual({ type: "prometheus", uid: CHOSEN });
    const refs = panel.targets!.map(({ refId }) => refId);
    expect(refs.length).toBeGreaterThan(0);
    expect(new Set(refs).size).toBe(refs.length);
  });

  test("shows a legend where it draws lines", () => {
    if (panel.type === "timeseries") expect(panel.options?.legend?.showLegend).toBe(true);
  });

  test("overrides fields that it has", () => {
    const unknown = panel
      .fieldConfig!.overrides.filter(({ matcher }) => !fieldsOf(panel, matcher.id).has(matcher.options))
      .map(({ matcher }) => matcher.options);
    expect(unknown).toEqual([]);
  });
});

/** The names an override of a panel can mean: the queries' letters, their constant legends, or the columns of a table. */
function fieldsOf(panel: Panel, matcher: string): ReadonlySet<string> {
  const targets = panel.targets ?? [];
  if (matcher === "byFrameRefID") return new Set(targets.map(({ refId }) => refId));
  const legends = targets.map(({ legendFormat }) => legendFormat);
  const grouped = targets.flatMap(({ expr }) => /\bby \(([^)]*)\)/.exec(expr)?.[1]?.split(/,\s*/) ?? []);
  const renamed = (panel.transformations ?? []).flatMap(({ options }) => Object.values(options["renameByName"] ?? {}));
  // A legend that is a severity alone is a line for each of them.
  const severities = legends.includes("{{severity}}") ? ["critical", "warning", "info"] : [];
  return new Set([...legends, ...grouped, ...renamed, ...severities]);
}

test("it has the variables people look for, chained and reloaded as time goes on", () => {
  expect(dashboard.templating.list.map(({ name }) => name)).toEqual([
    "datasource",
    "sentinel",
    "job",
    "target",
    "model",
    "rule",
  ]);
  for (const { name, label, datasource, refresh, multi, includeAll, allValue } of variables.slice(1)) {
    expect({ label, datasource, refresh, multi, includeAll, allValue }, name).toEqual({
      label: name,
      datasource: { type: "prometheus", uid: CHOSEN },
      refresh: 2,
      multi: true,
      includeAll: true,
      // Alerts of the monitor itself have no target and no model; ".+" would hide them.
      allValue: ".*",
    });
  }
});

test("only variables that exist are spoken of", () => {
  const own = new Set(dashboard.templating.list.map(({ name }) => name));
  const grafana = new Set(["__rate_interval", "__range", "__url_time_range", "__value", "__all"]);
  const spoken = [...text.matchAll(/\$\{?(\w+)/g)].map(([, name]) => name!);
  expect(spoken.filter((name) => !own.has(name) && !grafana.has(name))).toEqual([]);
});

const expressions = [
  ...queries.map(({ name, expr }) => ({ name, expr })),
  ...annotations.map(({ name, expr }) => ({ name: `annotation ${name}`, expr })),
  ...variables.map(({ name, query }) => ({
    name: `variable ${name}`,
    expr: /^label_values\((.*), \w+\)$/.exec(typeof query === "string" ? query : query.query)![1]!,
  })),
];

describe.each(expressions)("$name", ({ name, expr }) => {
  const selectors = selectorsOf(expr);

  test("is PromQL over metrics that docs/metrics.md describes", () => {
    const unknown = selectors.map(({ metric }) => metric).filter((metric) => !isKnown(metric));
    expect(unknown).toEqual([]);
  });

  test("asks for the rate of counters, over the interval Grafana chooses", () => {
    const bare = selectors.filter(
      ({ metric, within }) => isCounter(metric) && !within.some((fn) => fn === "rate" || fn === "increase"),
    );
    if (!COUNTERS_AS_THEY_ARE.has(name)) expect(bare).toEqual([]);
    expect(expr).not.toMatch(/\[\d/);
  });

  test("believes triton-sentinel alone, for a Triton can write our names on its own page", () => {
    if (name === "variable sentinel") return;
    expect(selectors.some(({ matchers }) => matchers.get("job") === 'job="triton-sentinel"')).toBe(true);
    const believed = selectors.filter(({ metric }) => metric.startsWith("triton_sentinel_"));
    expect(believed.filter(({ matchers }) => matchers.get("job") !== 'job="triton-sentinel"')).toEqual([]);
  });

  test("matches variables as regular expressions, each against its own label", () => {
    for (const { matchers } of selectors) {
      for (const [label, written] of matchers) {
        const variable = { target_job: "job", target: "target", model: "model", rule: "rule" }[label];
        if (variable !== undefined) expect(written).toBe(`${label}=~".*"`);
      }
    }
    for (const [, label, op, variable] of expr.matchAll(/(\w+)(=~|=)"\$(\w+)"/g)) {
      const named = { target_job: "job", job: "sentinel" }[label!] ?? label;
      expect([named, op]).toEqual([variable, label === "job" ? "=" : "=~"]);
    }
  });
});

function isKnown(metric: string): boolean {
  const base = metric.replace(/_(bucket|sum|count)$/, "");
  return documented.has(metric) || documented.get(base) === "histogram" || ofTheProcess.has(metric);
}

function isCounter(metric: string): boolean {
  return documented.get(metric) === "counter" || /_(total|bucket|count|sum)$/.test(metric);
}

test("what is asked of a scrape or an alert can be narrowed by the variables", () => {
  const narrowed = ["alert_state", "anomaly_score", "observed", "model_info", "target_up", "scrape_failures_total"];
  // The variable "job" is what the others hang on.
  const shown = expressions.filter(({ name }) => name !== "variable job");
  for (const { metric, matchers } of shown.flatMap(({ expr }) => selectorsOf(expr))) {
    if (narrowed.includes(metric.replace("triton_sentinel_", ""))) {
      expect([...matchers.keys()], metric).toContain("target_job");
    }
  }
});

test("nothing is told by red against green alone", () => {
  expect(text).not.toMatch(/green/i);
  const values = [...text.matchAll(/"text": "(\w+)",\s*"color"/g)].map(([, word]) => word);
  expect(values).toEqual(
    expect.arrayContaining(["inactive", "pending", "firing", "critical", "warning", "up", "down"]),
  );
});

test("a band is drawn between lines of constant names, and of one subject only", () => {
  const { targets, fieldConfig } = panels.find(({ title }) => title === "Observed against expected")!;
  const upper = fieldConfig!.overrides.find(({ matcher }) => matcher.options === "upper")!;
  const below = upper.properties.find(({ id }) => id === "custom.fillBelowTo")?.value;
  const legends = targets!.map(({ legendFormat }) => legendFormat);
  expect(legends).toContain(below);
  expect(legends.slice(1)).toEqual(["expected", "upper", "lower"]);
  for (const { expr } of targets!) expect(expr).toContain("topk(1, ");
});

test("links carry what a server wrote only as percent-encoded text", () => {
  const links = [...text.matchAll(/"url": "([^"]*)"/g)].map(([, url]) => url!);
  expect(links.length).toBeGreaterThan(3);
  for (const link of links) {
    expect(link).toMatch(/^\/d\/triton-sentinel\?/);
    expect(link.match(/\$\{__value[^}]*\}/g)).toEqual([`$${"{__value.raw:percentencode}"}`]);
  }
});

test("annotations name their events by labels", () => {
  for (const { titleFormat, textFormat } of annotations) {
    expect(labelsIn(`${titleFormat} ${textFormat}`).length).toBeGreaterThan(1);
  }
});

const ofTheProcess: ReadonlySet<string> = processMetrics();

/** The names of prom-client's metrics of the process, as we register them. */
function processMetrics(): ReadonlySet<string> {
  const registry = new Registry();
  selfMetrics(registry);
  const names = registry.getMetricsAsArray().map((metric) => (metric as unknown as { readonly name: string }).name);
  return new Set(names.filter((name) => /^(process|nodejs)_/.test(name)));
}
