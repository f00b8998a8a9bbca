import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { annotations, labelsIn, type Query, queries, variables } from "./dashboard.ts";
import { selectorsOf, substituted } from "./expressions.ts";
import { type History, historyOf, PAGE_EVERY } from "./history.ts";
import { HistoryServer, prometheusPresent, type Series } from "./history-server.ts";

const asked = [...queries, ...annotations].flatMap(({ expr }) => selectorsOf(expr).map(({ metric }) => metric));
const METRICS: ReadonlySet<string> = new Set(asked);

/** Queries that are right to find nothing where nothing is wrong. */
const OF_TROUBLES =
  /^(Active alerts|What alerts did|Alerts fired most|Model events|Failed scrapes|Page problems|Troubles|Evaluations, B|annotation)/;

const SEVERITIES = ["critical", "warning", "info"];

/** A Prometheus over a story, and the time Grafana shows of it. */
class Board {
  readonly history: History;
  readonly #server: HistoryServer;

  private constructor(history: History, server: HistoryServer) {
    this.history = history;
    this.#server = server;
  }

  static async of(story: Parameters<typeof historyOf>[0], metrics = METRICS): Promise<Board> {
    const history = await historyOf(story, metrics);
    return new Board(history, await HistoryServer.start(history.openMetrics));
  }

  /** What a query of a panel finds, with some variables chosen. */
  async ask({ expr, instant }: Pick<Query, "expr" | "instant">, values: Readonly<Record<string, string>> = {}) {
    const { first, last } = this.history;
    const text = substituted(
      expr,
      { range: `${Math.ceil(last - first)}s`, rateInterval: `${4 * PAGE_EVERY}s` },
      values,
    );
    return instant ? this.#server.instant(text, last) : this.#server.range(text, first, last, PAGE_EVERY);
  }

  offers(query: string): Promise<readonly string[]> {
    const [, selector, label] = /^label_values\((.*), (\w+)\)$/.exec(query)!;
    const { first, last } = this.history;
    return this.#server.labelValues(substituted(selector!, { range: "", rateInterval: "" }), label!, first, last);
  }

  /** What a query finds long before there was a monitor. */
  before(expr: string): Promise<readonly Series[]> {
    const text = substituted(expr, { range: "1h", rateInterval: "1m" });
    return this.#server.instant(text, this.history.first - 86_400);
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }
}

const some = (found: readonly Series[]): number[] => found.flatMap(({ values }) => values.filter(Number.isFinite));

const byTitle = (title: string, refId = "A"): Query =>
  queries.find(({ panel, refId: ref }) => panel.title === title && ref === refId)!;

describe.skipIf(!prometheusPresent)("on a real Prometheus, after a model was reloaded and a server went down", () => {
  let board: Board;
  beforeAll(async () => {
    board = await Board.of({ recording: "slow", seconds: 480, down: 460 });
  }, 120_000);
  afterAll(() => board?.stop());

  test.each(queries)("$name finds numbers, with the labels its legend speaks of", async (query) => {
    const found = await board.ask(query);
    expect(some(found).length).toBeGreaterThan(0);
    const labels = new Set(found.flatMap((series) => Object.keys(series.labels)));
    expect(labelsIn(query.legendFormat).filter((label) => !labels.has(label))).toEqual([]);
  });

  test.each(annotations)("annotation $name finds events, with the labels it tells", async ({ expr, ...annotation }) => {
    const found = await board.ask({ expr, instant: false });
    expect(some(found).length).toBeGreaterThan(0);
    const told = labelsIn(`${annotation.titleFormat} ${annotation.textFormat}`);
    const labels = new Set(found.flatMap((series) => Object.keys(series.labels)));
    expect([...told, ...annotation.tagKeys!.split(",")].filter((label) => !labels.has(label))).toEqual([]);
  });

  test("model events are marked at the time they happened, in milliseconds", async () => {
    const [events] = annotations.filter(({ useValueForTime }) => useValueForTime);
    const found = await board.ask({ expr: events!.expr, instant: false });
    const reloaded = found.find(({ labels }) => labels["event"] === "reloaded" && labels["model"] === "bert");
    const { first, last } = board.history;
    for (const at of reloaded!.values) {
      expect(at).toBeGreaterThan(first * 1000);
      expect(at).toBeLessThanOrEqual(last * 1000);
    }
  });

  test.each(variables)("variable $name offers values", async ({ name, query }) => {
    const offered = await board.offers(typeof query === "string" ? query : query.query);
    const expected = {
      job: "triton",
      target: "gpu-7:8002",
      model: "bert",
      sentinel: "triton-sentinel",
      rule: "TritonLatencyShift",
    }[name];
    expect(offered).toContain(expected);
  });

  test("the gravest of the active alerts come first, among them the server that went down", async () => {
    const rank = (await board.ask(byTitle("Active alerts", "C"))).toSorted((a, b) => b.values[0]! - a.values[0]!);
    const severities = rank.map(({ labels }) => labels["severity"]!);
    expect(severities).toEqual(severities.toSorted((a, b) => SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b)));
    const down = { alertname: "TritonTargetDown", severity: "critical", target: "gpu-8:8002" };
    expect(rank.map(({ labels }) => labels)).toContainEqual(expect.objectContaining(down));
  });

  test("an active alert is one row of the table: its state, since when, and its rank", async () => {
    const found = await Promise.all(["A", "B", "C"].map((refId) => board.ask(byTitle("Active alerts", refId))));
    const [state, since, rank] = found.map((rows) => rows.map(({ labels }) => JSON.stringify(labels)).sort());
    expect(state!.length).toBeGreaterThan(0);
    expect(since).toEqual(state);
    expect(rank).toEqual(state);
  });

  test("the numbers at the top are those of the present", async () => {
    const shown = async (title: string, refId?: string) => (await board.ask(byTitle(title, refId)))[0]!.values[0];
    const active = await board.ask(byTitle("Active alerts"));
    const critical = active.filter(({ labels, values }) => labels["severity"] === "critical" && values[0] === 2);
    expect(await shown("Firing: critical")).toBe(critical.length);
    expect([await shown("Targets up and down"), await shown("Targets up and down", "B")]).toEqual([1, 1]);
    expect(await shown("Models loaded")).toBeGreaterThanOrEqual(3);
  });

  test("the band shows one subject, and the same in all of its lines", async () => {
    const lines = ["A", "B", "C", "D"].map((refId) => board.ask(byTitle("Observed against expected", refId)));
    const found = (await Promise.all(lines)).flat();
    expect(found.length).toBe(4);
    expect(new Set(found.map(({ labels: { __name__: _, ...subject } }) => JSON.stringify(subject))).size).toBe(1);
  });

  test("an alert that a Triton wrote on its own page is not shown", async () => {
    const shown = [...(await board.ask(byTitle("Active alerts"))), ...(await board.ask(byTitle("What alerts did")))];
    expect(shown.filter(({ labels }) => labels["alertname"] === "Forged")).toEqual([]);
    expect((await board.ask({ expr: 'triton_sentinel_alert_state{alertname="Forged"}', instant: true })).length).toBe(
      1,
    );
  });

  test("variables narrow what is shown", async () => {
    const chosen = { rule: "TritonErrorRatioAnomaly", model: "resnet", target: "gpu-7:8002" };
    const [observed, ...others] = await board.ask(byTitle("Observed against expected"), chosen);
    expect(others).toEqual([]);
    expect(observed!.labels).toMatchObject(chosen);
    const alerts = await board.ask(byTitle("Active alerts"), { target: "gpu-7:8002" });
    expect(alerts.filter(({ labels }) => labels["target"] !== "gpu-7:8002")).toEqual([]);
  });

  test("a monitor that is gone is not shown as one that has nothing to tell", async () => {
    const found = await Promise.all(queries.map(({ expr }) => board.before(expr)));
    expect(found.flat()).toEqual([]);
  });
});

describe.skipIf(!prometheusPresent)("on a real Prometheus, where all is well", () => {
  let board: Board;
  beforeAll(async () => {
    const always = [...METRICS].filter((metric) =>
      /notification|discovered|dropped_targets|last_step|evaluation(s|_seconds)_total/.test(metric),
    );
    board = await Board.of({ recording: "steady", seconds: 240 }, new Set(always));
  }, 120_000);
  afterAll(() => board?.stop());

  test.each(queries)("$name has no error, and says what it means where it is empty", async (query) => {
    const found = await board.ask(query);
    if (!OF_TROUBLES.test(query.name)) expect(some(found).length).toBeGreaterThan(0);
  });

  test("zero alerts are shown as zero", async () => {
    for (const title of ["Firing: critical", "Firing: warning"]) {
      expect((await board.ask(byTitle(title))).map(({ values }) => values)).toEqual([[0]]);
    }
    expect(await board.ask(byTitle("Active alerts"))).toEqual([]);
  });

  test.each(annotations)("annotation $name has no error", async ({ expr }) => {
    expect(await board.ask({ expr, instant: false })).toEqual([]);
  });
});
