// What the simulator of labelled traffic drives: the product's own signals, detectors and packaged rules, scrape by scrape.
// Each exported function makes the alerts of one kind of signal for one series; `step` says whether any of them fires now.
// The rules are those that ship, with nothing set otherwise; sample: { t: ms, success, failure, duration, mem, reset }.

import { loadRuleGroups } from "../../dist/app/rule-files.js";
import { Judge } from "../../dist/rules/judge.js";
import { Watch, watchesSeries } from "../../dist/rules/watch.js";
import { HistoryBudget } from "../../dist/series/budget.js";
import { Labels } from "../../dist/series/labels.js";
import { Table } from "../../dist/series/table.js";
import { lastInterval } from "../../dist/signals/interval.js";

/** The simulator's time 0 is a Monday. */
const MONDAY = Date.UTC(2026, 0, 5);
const MODEL = { instance: "sim:8002", job: "triton", model: "m", version: "1" };
const series = (name, labels = MODEL) => Labels.of({ __name__: name, ...labels });

/** The series each kind of signal is computed from, and what the simulator says of them. */
const SERIES = [
  [series("nv_inference_request_success"), (s) => s.success],
  [series("nv_inference_request_failure", { ...MODEL, reason: "BACKEND" }), (s) => s.failure],
  [series("nv_inference_compute_infer_duration_us"), (s) => s.duration],
  [series("nv_gpu_memory_used_bytes", { instance: "sim:8002", job: "triton", gpu_uuid: "g" }), (s) => s.mem],
  [series("nv_gpu_memory_total_bytes", { instance: "sim:8002", job: "triton", gpu_uuid: "g" }), () => 1],
];

/** Which packaged alerts are about attacks on which signal; a drop of traffic is none that the simulator labels. */
const ALERTS = {
  ratio: ["TritonErrorRatioAnomaly", "TritonErrorRatioCreep"],
  rate: ["TritonRequestRateSurge", "TritonRequestRateCreep"],
  latency: ["TritonLatencyShift"],
  gauge: ["TritonResourceExhaustion"],
};

const rules = (await loadRuleGroups({ packaged: true, patterns: [], base: process.cwd() }))
  .flatMap((group) => group.rules)
  .filter((rule) => rule.kind === "alert" && rule.condition.kind === "detect");

/** Packaged rules of a kind that read a series the simulator has. */
function rulesOf(kind) {
  return rules.filter(
    (rule) =>
      ALERTS[kind].includes(rule.name) &&
      watchesSeries(rule.condition.detect) &&
      (kind !== "gauge" || rule.condition.detect.signal.value.some(({ text }) => text.includes("nv_gpu_memory_used"))),
  );
}

/** One rule's alert on one series: its findings through `for` and `keep_firing_for`. */
class Alert {
  constructor(rule, watch) {
    this.rule = rule;
    this.judge = new Judge(rule.condition.detect, watch);
    this.since = undefined;
    this.last = undefined;
  }

  /** Whether it fires after the newest readings. */
  fires(at) {
    if (this.judge.judge(at).length > 0) {
      this.since ??= at;
      if (at - this.since >= this.rule.for) this.last = at;
    } else this.since = undefined;
    return this.last !== undefined && at - this.last <= this.rule.keepFiringFor;
  }
}

class Monitor {
  constructor(kind) {
    this.table = new Table(Labels.of({ instance: "sim:8002", job: "triton" }), new HistoryBudget(0), 0);
    this.watches = new Map();
    this.alerts = rulesOf(kind).map((rule) => {
      const { detect } = rule.condition;
      const by = [...new Set(["job", "instance", ...detect.by])];
      const key = Watch.key({ ...detect, by });
      const watch = this.watches.get(key) ?? new Watch({ ...detect, by }, this.table);
      this.watches.set(key, watch);
      return new Alert(rule, watch);
    });
    this.columns = Int32Array.from(SERIES, ([labels]) => this.table.column(labels));
    this.values = new Float64Array(SERIES.length);
  }

  step(sample) {
    const at = MONDAY + sample.t;
    for (let i = 0; i < SERIES.length; i++) this.values[i] = SERIES[i][1](sample);
    this.table.append(at, this.columns, this.values, SERIES.length, true);
    const interval = lastInterval(this.table, sample.reset);
    let fires = false;
    for (const watch of this.watches.values()) {
      watch.advance(interval, () => false);
      if (sample.reset) watch.settle(() => true, at);
    }
    for (const alert of this.alerts) if (alert.fires(at)) fires = true;
    for (const watch of this.watches.values()) watch.learn();
    return fires;
  }
}

export const ratio = () => new Monitor("ratio");
export const rate = () => new Monitor("rate");
export const latency = () => new Monitor("latency");
export const gauge = () => new Monitor("gauge");
